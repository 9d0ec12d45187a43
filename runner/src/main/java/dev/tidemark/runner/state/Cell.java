package dev.tidemark.runner.state;

/** One piece of state of one key in one window. Owned by the task that owns the key. */
public sealed interface Cell
        permits ValueCell, BagCell, SetCell, MapCell, MultimapCell, OrderedListCell, CombiningCell, HoldCell {
    /** Whether the cell holds nothing, so that it need not exist. */
    boolean isVacant();

    /** Empties the cell. */
    void clear();
}
