package dev.tidemark.runtime;

import dev.tidemark.Bag;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.beam.sdk.state.BagState;
import org.jspecify.annotations.Nullable;

/** A {@link Bag} over a {@link BagState}: additions wait until the handler has returned. Owned by one DoFn. */
public final class BagCell<E> implements Bag<E> {
    private final List<E> added = new ArrayList<>();
    private @Nullable BagState<E> state;
    private boolean cleared;

    /** Binds the state of the group at hand; what a call that threw has left is forgotten. */
    public void open(BagState<E> cell) {
        release();
        state = cell;
    }

    /** Puts in what an initial state holds. */
    public void take(@Nullable Bag<E> initial) {
        if (initial != null) {
            initial.forEach(this::add);
        }
    }

    /** Applies what the handler did. */
    public void commit() {
        BagState<E> cell = opened();
        if (cleared) {
            cell.clear();
        }
        for (int i = 0; i < added.size(); i++) {
            cell.add(added.get(i));
        }
        release();
    }

    /** Forgets what the handler did. */
    public void release() {
        state = null;
        cleared = false;
        added.clear();
    }

    /** Whether something was added since the last {@link #clear}. */
    public boolean isWritten() {
        return !added.isEmpty();
    }

    @Override
    public void add(E value) {
        opened();
        added.add(Objects.requireNonNull(value, "a bag holds no null"));
    }

    @Override
    public List<E> list() {
        List<E> all = new ArrayList<>();
        if (!cleared) {
            opened().read().forEach(all::add);
        }
        all.addAll(added);
        return Collections.unmodifiableList(all);
    }

    @Override
    public Stream<E> stream() {
        return list().stream();
    }

    @Override
    public Iterator<E> iterator() {
        return list().iterator();
    }

    @Override
    public boolean isEmpty() {
        return added.isEmpty() && (cleared || opened().isEmpty().read());
    }

    @Override
    public void clear() {
        opened();
        cleared = true;
        added.clear();
    }

    private BagState<E> opened() {
        return Handles.opened(state);
    }
}
