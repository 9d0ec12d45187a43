package dev.tidemark.runtime;

import dev.tidemark.Tally;
import org.apache.beam.sdk.state.CombiningState;
import org.jspecify.annotations.Nullable;

/** A {@link Tally} over a {@link CombiningState}: additions wait until the handler has returned. Owned by one DoFn. */
public final class TallyCell implements Tally {
    private @Nullable CombiningState<Long, long[], Long> state;
    private boolean cleared;
    private boolean written;
    private long added;

    /** Binds the state of the group at hand; what a call that threw has left is forgotten. */
    public void open(CombiningState<Long, long[], Long> cell) {
        release();
        state = cell;
    }

    /** Adds what an initial state holds. */
    public void take(@Nullable Tally initial) {
        if (initial != null) {
            add(initial.value());
        }
    }

    /** Applies what the handler did. */
    public void commit() {
        CombiningState<Long, long[], Long> cell = opened();
        if (cleared) {
            cell.clear();
        }
        if (added != 0) {
            cell.add(added);
        }
        release();
    }

    /** Forgets what the handler did. */
    public void release() {
        state = null;
        cleared = false;
        written = false;
        added = 0;
    }

    /** Whether something was added since the last {@link #clear}. */
    public boolean isWritten() {
        return written;
    }

    @Override
    public void add(long amount) {
        opened();
        written = true;
        added += amount;
    }

    @Override
    public long value() {
        return cleared ? added : opened().read() + added;
    }

    @Override
    public void clear() {
        opened();
        cleared = true;
        written = false;
        added = 0;
    }

    private CombiningState<Long, long[], Long> opened() {
        return Handles.opened(state);
    }
}
