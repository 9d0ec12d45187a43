package dev.tidemark.runner.state;

import dev.tidemark.runner.state.StateTable.WindowTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All cells of one key in one window. Few, so they are found by walking an array; names are mostly the same objects, so the
 * comparison rarely looks at characters.
 */
public final class Cells {
    /** The slot of a trigger's cells is its number in the trigger tree; other cells have this one. */
    public static final int NO_TRIGGER = -1;

    /** The kind under which the key itself is kept, where that it was here matters. */
    public static final byte PRESENCE = 0;

    /** The kind under which it is kept that a cell of many rows has some. */
    public static final byte ANY = 9;

    /** Gives each cell the rows to write to. */
    interface Saving {
        CellRows rows(byte kind, int trigger, String name);
    }

    /** What a key in a window takes beside what its cells hold, measured: about. */
    static final long LEAST_BYTES = 240;

    private static final long BYTES_PER_CELL = 64;

    /** How much longer what is decoded is than what is stored. */
    private static final int BYTES_PER_STORED_BYTE = 2;

    /** What is left of a cell that nobody has asked for since the restore. */
    private record Left(byte kind, int trigger, String name, List<CellRows.Row> rows) {}

    private final WindowTable table;
    private final @Nullable Object structuralKey;
    private final @Nullable Object key;
    private final @Nullable Holds holds;
    /** Where the store may have cells that nobody has asked for. */
    private @Nullable KeyedLedger elsewhere;
    /** Whether it is known if the store has that the key was here. */
    private boolean presenceKnown = true;
    /** Whether the store had something of the key, and whether the table has heard of that. */
    private boolean found;

    private boolean foundTold;

    private @Nullable List<Left> left;
    /** Rows of cells that were cleared before anybody asked for them. */
    private @Nullable List<Left> cleared;

    private boolean present;
    private boolean presenceStored;

    // --- the table's
    /** After which barrier they were last asked for: they may have changed since. */
    int touchedIn = -2;
    /** Whether they are among the clean ones, and between whom. */
    boolean clean;

    @Nullable
    Cells before;

    @Nullable
    Cells after;
    /** The epoch that they were saved for last. */
    long savedIn;
    /** What they are said to take. */
    long bytes;
    /** Whether they are not in the table any more. */
    boolean gone;

    // --- the ledger's
    /** How long the name is that the rows have in common. */
    int addressBytes;

    private String[] names = new String[2];
    private int[] triggers = new int[2];
    private Cell[] cells = new Cell[2];
    private int size;

    /** Makes the cells of a key; {@code holds} is where restored cells hold the watermark until they are asked for. */
    Cells(WindowTable table, @Nullable Object structuralKey, @Nullable Object key, @Nullable Holds holds) {
        this.table = table;
        this.structuralKey = structuralKey;
        this.key = key;
        this.holds = holds;
    }

    WindowTable table() {
        return table;
    }

    Object window() {
        return table.window();
    }

    @Nullable
    Object structuralKey() {
        return structuralKey;
    }

    /** The key as the user knows it. */
    public @Nullable Object key() {
        return key;
    }

    /** The cell of that name, or null when it was never used. */
    public @Nullable Cell find(String name, int trigger) {
        for (int i = 0; i < size; i++) {
            if (triggers[i] == trigger && names[i].equals(name)) {
                return cells[i];
            }
        }
        return null;
    }

    /** Adds a cell that {@link #find} did not find. */
    public void add(String name, int trigger, Cell cell) {
        if (size == cells.length) {
            names = Arrays.copyOf(names, size * 2);
            triggers = Arrays.copyOf(triggers, size * 2);
            cells = Arrays.copyOf(cells, size * 2);
        }
        names[size] = name;
        triggers[size] = trigger;
        cells[size] = cell;
        size++;
        KeyedLedger from = elsewhere;
        if (from != null) {
            cell.restore(from.rows(this, cell.kind().number, trigger, name));
            found |= !cell.isVacant();
        }
        List<Left> waiting = left;
        if (waiting != null) {
            waiting.removeIf(each -> each.trigger() == trigger && each.name().equals(name) && restore(cell, each));
        }
    }

    /** Says that the ledger may have more of the key than is here: each cell is looked up there when it is made. */
    void mayBeIn(KeyedLedger from) {
        elsewhere = from;
        presenceKnown = false;
    }

    private boolean restore(Cell cell, Left left) {
        if (left.kind() != cell.kind().number) {
            throw new IllegalStateException("TM-STATE-005: the state \"" + left.name() + "\" is a "
                    + cell.kind() + " now, but the checkpoint has a " + Cell.Kind.of(left.kind())
                    + " under that name. Give the new state another name, or start without the old state.");
        }
        cell.restore(StoredRows.of(left.rows()));
        return true;
    }

    /** Notes that the key was here, even if no cell of it holds anything. */
    public void bePresent() {
        KeyedLedger from = elsewhere;
        if (!presenceKnown && from != null) {
            presenceStored = from.rows(this, PRESENCE, NO_TRIGGER, "").get(CellRows.ONLY) != null;
            presenceKnown = true;
        }
        present = true;
    }

    /** Takes a row of a cell that is not there yet. What holds the watermark has been entered into the holds, and stays there. */
    void restored(byte kind, int trigger, String name, CellRows.Row row) {
        if (kind == PRESENCE) {
            present = true;
            presenceStored = true;
            return;
        }
        if (kind == ANY) {
            return;
        }
        List<Left> waiting = left;
        if (waiting == null) {
            waiting = new ArrayList<>(2);
            left = waiting;
        }
        Left last = waiting.isEmpty() ? null : waiting.get(waiting.size() - 1);
        if (last == null
                || last.kind() != kind
                || last.trigger() != trigger
                || !last.name().equals(name)) {
            last = new Left(kind, trigger, name, new ArrayList<>(1));
            waiting.add(last);
        }
        last.rows().add(row);
    }

    /** Writes what has changed since the last time. */
    void save(Saving saving) {
        List<Left> gone = cleared;
        if (gone != null) {
            for (Left each : gone) {
                CellRows rows = saving.rows(each.kind(), each.trigger(), each.name());
                each.rows().forEach(row -> rows.delete(row.name()));
                if (Cell.Kind.of(each.kind()).hasManyRows()) {
                    rows.areAny(false);
                }
            }
            cleared = null;
        }
        for (int i = 0; i < size; i++) {
            cells[i].save(saving.rows(cells[i].kind().number, triggers[i], names[i]));
        }
        if (presenceKnown && present != presenceStored) {
            CellRows rows = saving.rows(PRESENCE, NO_TRIGGER, "");
            if (present) {
                rows.put(CellRows.ONLY, CellRows.ONLY);
            } else {
                rows.delete(CellRows.ONLY);
            }
            presenceStored = present;
        }
    }

    /** About how many bytes of memory they take, as of when they were last saved or restored. */
    long measure() {
        long stored = addressBytes;
        for (int i = 0; i < size; i++) {
            stored += cells[i].storedBytes();
        }
        long parts = size;
        List<Left> waiting = left;
        if (waiting != null) {
            for (Left each : waiting) {
                parts += each.rows().size();
                for (CellRows.Row row : each.rows()) {
                    stored += row.name().length + row.value().length;
                }
            }
        }
        return LEAST_BYTES + parts * BYTES_PER_CELL + stored * BYTES_PER_STORED_BYTE;
    }

    /** Whether the store had something of the key, as far as it was looked up: true once. */
    boolean takeFound() {
        boolean first = found && !foundTold;
        foundTold |= found;
        return first;
    }

    /** Whether nothing is known that they hold. */
    boolean isEmpty() {
        return !present && isVacant();
    }

    /** Whether there is nothing of them that anybody could ask for, and nothing in the store. */
    boolean isForgotten() {
        return elsewhere == null && isEmpty();
    }

    /** Whether no cell here holds anything. */
    public boolean isVacant() {
        if (left != null && !left.isEmpty()) {
            return false;
        }
        for (int i = 0; i < size; i++) {
            if (!cells[i].isVacant()) {
                return false;
            }
        }
        return true;
    }

    /** Clears every cell: its holds go, too. */
    public void clear() {
        List<Left> waiting = left;
        if (waiting != null) {
            for (Left each : waiting) {
                if (each.kind() == Cell.Kind.HOLD.number && holds != null) {
                    each.rows().forEach(row -> holds.remove(HoldCell.millis(row.value())));
                }
            }
            cleared = waiting;
            left = null;
        }
        present = false;
        for (int i = 0; i < size; i++) {
            cells[i].clear();
        }
    }
}
