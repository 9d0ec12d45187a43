package dev.tidemark.runtime;

import dev.tidemark.Members;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.beam.sdk.state.SetState;
import org.jspecify.annotations.Nullable;

/** {@link Members} over a {@link SetState}: changes wait until the handler has returned. Owned by one DoFn. */
public final class MembersCell<E> implements Members<E> {
    private final Wire<E> wire;
    private final Map<E, Boolean> changes = new LinkedHashMap<>();
    private @Nullable SetState<E> state;
    private boolean cleared;

    /** The encoding gives the order of {@link #list}. */
    public MembersCell(Wire<E> wire) {
        this.wire = wire;
    }

    /** Binds the state of the group at hand; what a call that threw has left is forgotten. */
    public void open(SetState<E> cell) {
        release();
        state = cell;
    }

    /** Puts in what an initial state holds. */
    public void take(@Nullable Members<E> initial) {
        if (initial != null) {
            initial.list().forEach(this::add);
        }
    }

    /** Applies what the handler did. */
    public void commit() {
        SetState<E> cell = opened();
        if (cleared) {
            cell.clear();
        }
        for (Map.Entry<E, Boolean> change : changes.entrySet()) {
            if (change.getValue()) {
                cell.add(change.getKey());
            } else {
                cell.remove(change.getKey());
            }
        }
        release();
    }

    /** Forgets what the handler did. */
    public void release() {
        state = null;
        cleared = false;
        if (!changes.isEmpty()) {
            changes.clear();
        }
    }

    /** Whether something was added since the last {@link #clear}. */
    public boolean isWritten() {
        return changes.containsValue(true);
    }

    @Override
    public void add(E value) {
        opened();
        changes.put(Objects.requireNonNull(value, "a set of members holds no null"), true);
    }

    @Override
    public void remove(E value) {
        opened();
        changes.put(value, false);
    }

    @Override
    public boolean contains(E value) {
        Boolean change = changes.get(value);
        return change != null ? change : !cleared && opened().contains(value).read();
    }

    @Override
    public List<E> list() {
        List<E> all = new ArrayList<>();
        if (!cleared) {
            for (E each : opened().read()) {
                if (!changes.containsKey(each)) {
                    all.add(each);
                }
            }
        }
        changes.forEach((value, present) -> {
            if (present) {
                all.add(value);
            }
        });
        if (all.size() > 1) {
            sort(all);
        }
        return Collections.unmodifiableList(all);
    }

    private void sort(List<E> all) {
        Map<byte[], E> byBytes = new TreeMap<>(Arrays::compareUnsigned);
        for (E each : all) {
            byBytes.put(Handles.content(wire, each), each);
        }
        all.clear();
        all.addAll(byBytes.values());
    }

    @Override
    public boolean isEmpty() {
        return !changes.containsValue(true)
                && (changes.isEmpty() ? cleared || opened().isEmpty().read() : list().isEmpty());
    }

    @Override
    public void clear() {
        opened();
        cleared = true;
        changes.clear();
    }

    private SetState<E> opened() {
        return Handles.opened(state);
    }
}
