package dev.tidemark.runner.state;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * All cells of one key in one window. Few, so they are found by walking an array; names are mostly the same objects, so the
 * comparison rarely looks at characters.
 */
public final class Cells {
    /** The slot of a trigger's cells is its number in the trigger tree; other cells have this one. */
    public static final int NO_TRIGGER = -1;

    private final @Nullable Object key;
    private String[] names = new String[2];
    private int[] triggers = new int[2];
    private Cell[] cells = new Cell[2];
    private int size;

    Cells(@Nullable Object key) {
        this.key = key;
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
    }

    /** Whether no cell holds anything. */
    public boolean isVacant() {
        for (int i = 0; i < size; i++) {
            if (!cells[i].isVacant()) {
                return false;
            }
        }
        return true;
    }

    /** Clears every cell: its holds go, too. */
    public void clear() {
        for (int i = 0; i < size; i++) {
            cells[i].clear();
        }
    }
}
