package dev.tidemark.runner.state;

/** One piece of state of one key in one window. Owned by the task that owns the key. */
public sealed interface Cell
        permits ValueCell, BagCell, SetCell, MapCell, MultimapCell, OrderedListCell, CombiningCell, HoldCell {
    /** What a cell is. The numbers are part of the format of checkpoints. */
    enum Kind {
        VALUE(1),
        BAG(2),
        SET(3),
        MAP(4),
        MULTIMAP(5),
        ORDERED_LIST(6),
        COMBINING(7),
        HOLD(8);

        final byte number;

        Kind(int number) {
            this.number = (byte) number;
        }

        /** Whether its rows have names that nobody can guess, so that it must be kept whether there are any. */
        boolean hasManyRows() {
            return this == SET || this == MAP || this == MULTIMAP || this == ORDERED_LIST;
        }

        /** The kind with this number. */
        public static Kind of(byte number) {
            for (Kind kind : values()) {
                if (kind.number == number) {
                    return kind;
                }
            }
            throw new IllegalStateException("there is no cell of kind " + number);
        }
    }

    Kind kind();

    /** Whether the cell holds nothing, so that it need not exist. */
    boolean isVacant();

    /** Empties the cell. */
    void clear();

    /** Writes what has changed since the last time. Called only where cells are kept. */
    void save(CellRows rows);

    /** Takes up what {@link #save} has left. The cell is new. */
    void restore(StoredRows rows);

    /** About how many bytes its rows have had when they were last saved or restored. */
    long storedBytes();
}
