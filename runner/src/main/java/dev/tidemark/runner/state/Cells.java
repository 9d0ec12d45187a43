package dev.tidemark.runner.state;

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
    private static final byte PRESENCE = 0;

    /** Gives each cell the rows to write to. */
    interface Saving {
        CellRows rows(byte kind, int trigger, String name);
    }

    /** What is left of a cell that nobody has asked for since the restore. */
    private record Left(byte kind, int trigger, String name, List<CellRows.Row> rows) {}

    private final Object window;
    private final @Nullable Object key;
    private final @Nullable Holds holds;
    private @Nullable List<Left> left;
    /** Rows of cells that were cleared before anybody asked for them. */
    private @Nullable List<Left> cleared;

    private boolean present;
    private boolean presenceStored;
    /** Whether the cells may have changed since they were saved; the table's. */
    boolean dirty;

    private String[] names = new String[2];
    private int[] triggers = new int[2];
    private Cell[] cells = new Cell[2];
    private int size;

    /** Makes the cells of a key; {@code holds} is where restored cells hold the watermark until they are asked for. */
    Cells(Object window, @Nullable Object key, @Nullable Holds holds) {
        this.window = window;
        this.key = key;
        this.holds = holds;
    }

    Object window() {
        return window;
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
        List<Left> waiting = left;
        if (waiting != null) {
            waiting.removeIf(each -> each.trigger() == trigger && each.name().equals(name) && restore(cell, each));
        }
    }

    private boolean restore(Cell cell, Left left) {
        if (left.kind() != cell.kind().number) {
            throw new IllegalStateException("TM-STATE-005: the state \"" + left.name() + "\" is a "
                    + cell.kind() + " now, but the checkpoint has a " + Cell.Kind.of(left.kind())
                    + " under that name. Give the new state another name, or start without the old state.");
        }
        cell.restore(left.rows());
        return true;
    }

    /** Notes that the key was here, even if no cell of it holds anything. */
    public void bePresent() {
        present = true;
    }

    /** Takes a row of a cell that is not there yet. */
    void restored(byte kind, int trigger, String name, CellRows.Row row) {
        if (kind == PRESENCE) {
            present = true;
            presenceStored = true;
            return;
        }
        if (kind == Cell.Kind.HOLD.number && holds != null) {
            holds.add(HoldCell.millis(row.value()));
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
            }
            cleared = null;
        }
        for (int i = 0; i < size; i++) {
            cells[i].save(saving.rows(cells[i].kind().number, triggers[i], names[i]));
        }
        if (present != presenceStored) {
            CellRows rows = saving.rows(PRESENCE, NO_TRIGGER, "");
            if (present) {
                rows.put(CellRows.ONLY, CellRows.ONLY);
            } else {
                rows.delete(CellRows.ONLY);
            }
            presenceStored = present;
        }
    }

    /** Whether no cell holds anything. */
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
