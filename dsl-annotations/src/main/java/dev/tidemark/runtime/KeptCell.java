package dev.tidemark.runtime;

import org.apache.beam.sdk.state.ValueState;
import org.jspecify.annotations.Nullable;

/**
 * The cell {@code ~meta} of the group at hand: read once for each element or timer, and written at most once, if the fields
 * or the bookkeeping have changed. Owned by one DoFn.
 *
 * @param <S> the type of the state
 */
public final class KeptCell<S> {
    private @Nullable ValueState<Kept<S>> cell;
    private @Nullable Kept<S> stored;
    /** Other fields than the stored ones, where they have changed. */
    private @Nullable S written;

    private boolean changed;

    /** Made anew for each DoFn. */
    public KeptCell() {}

    /** Takes up the cell of an element or a timer. */
    public KeptCell<S> open(ValueState<Kept<S>> state) {
        // This object is old and what it is given is new: each reference that is set costs as much as a look at ten
        // numbers.
        if (cell != state) {
            cell = state;
        }
        stored = state.read();
        changed = false;
        return this;
    }

    /** The plain fields, which must not be changed; null if they have their defaults. */
    public @Nullable S read() {
        if (changed) {
            return written;
        }
        Kept<S> kept = stored;
        return kept == null ? null : kept.fields();
    }

    /** Notes other fields, which must not be changed from here on. */
    public void write(S value) {
        written = value;
        changed = true;
    }

    /** Notes that the fields have their defaults again. */
    public void clear() {
        if (read() != null) {
            written = null;
            changed = true;
        }
    }

    @Nullable
    Kept<S> stored() {
        return stored;
    }

    boolean isChanged() {
        return changed;
    }

    void store(Kept<S> kept) {
        Handles.opened(cell).write(kept);
    }

    void forget() {
        if (stored != null) {
            Handles.opened(cell).clear();
        }
    }
}
