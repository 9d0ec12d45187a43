package dev.tidemark.runtime;

import org.apache.beam.sdk.state.ValueState;
import org.jspecify.annotations.Nullable;

/**
 * A plain field of the state in a cell of its own. The handler works on a copy; the cell is written when that differs from
 * what is stored. Owned by one DoFn.
 *
 * @param <T> the type of the field
 */
public final class FieldCell<T> {
    private final Wire<T> wire;
    private @Nullable ValueState<Held<T>> state;
    private @Nullable Held<T> stored;
    private @Nullable T initial;

    /** For a field of this encoding. */
    public FieldCell(Wire<T> wire) {
        this.wire = wire;
    }

    /** The value for the handler: a copy of what is stored, or of the default if nothing is. */
    public @Nullable T open(ValueState<Held<T>> cell, @Nullable T defaultValue) {
        state = cell;
        initial = defaultValue;
        stored = cell.read();
        return wire.copy(before());
    }

    private @Nullable T before() {
        Held<T> held = stored;
        return held == null ? initial : held.value();
    }

    /** The default, for a handler that has closed the group. */
    public @Nullable T initial() {
        return wire.copy(initial);
    }

    /** A copy of what an initial state holds. */
    public @Nullable T take(@Nullable T value) {
        return wire.copy(value);
    }

    /** Whether this is not the default. */
    public boolean isWritten(@Nullable T value) {
        return !wire.same(value, initial);
    }

    /** Whether this is not what is stored. */
    public boolean isChanged(@Nullable T value) {
        return !wire.same(value, before());
    }

    /** Stores what the handler has left in the field. */
    public void commit(@Nullable T value) {
        ValueState<Held<T>> cell = Handles.opened(state);
        if (!isWritten(value)) {
            if (stored != null) {
                cell.clear();
            }
        } else if (isChanged(value)) {
            cell.write(new Held<>(value));
        }
        release();
    }

    /** Forgets what the handler did. */
    public void release() {
        state = null;
        stored = null;
    }
}
