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
    private @Nullable S fields;
    private boolean changed;

    /** Made anew for each DoFn. */
    public KeptCell() {}

    /** Takes up the cell of an element or a timer. */
    public KeptCell<S> open(ValueState<Kept<S>> state) {
        cell = state;
        Kept<S> kept = state.read();
        stored = kept;
        fields = kept == null ? null : kept.fields();
        changed = false;
        return this;
    }

    /** The plain fields, which must not be changed; null if they have their defaults. */
    public @Nullable S read() {
        return fields;
    }

    /** Notes other fields, which must not be changed from here on. */
    public void write(S value) {
        fields = value;
        changed = true;
    }

    /** Notes that the fields have their defaults again. */
    public void clear() {
        if (fields != null) {
            fields = null;
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
