package dev.tidemark.runner.state;

import dev.tidemark.runner.time.Watermarks;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What one operator remembers: window → key → cells. Owned by one task.
 *
 * <p>Windows are the outer level because they die whole: the table keeps them by expiry, so finding what has expired costs
 * nothing per key, and needs no timer for each. Keys are compared by their structural value, so byte arrays are keys like
 * others; they are walked in the order in which they came, never in that of a hash.
 */
public final class StateTable {
    /** A window that lives as long as the job. */
    public static final long NEVER = Long.MAX_VALUE;

    /** The keys of one window. */
    public static final class WindowTable {
        private final Object window;
        private final long expiry;
        private final Map<@Nullable Object, Cells> keys = new LinkedHashMap<>();

        private WindowTable(Object window, long expiry) {
            this.window = window;
            this.expiry = expiry;
        }

        public Object window() {
            return window;
        }

        /** The time after which the window is dead, in milliseconds. */
        public long expiry() {
            return expiry;
        }

        /** The keys that have state, in the order in which they first had some. */
        public List<Cells> keys() {
            return new ArrayList<>(keys.values());
        }
    }

    private final ToLongFunction<Object> expiryOf;
    private final Map<Object, WindowTable> windows = new HashMap<>();
    private final TreeMap<Long, List<WindowTable>> byExpiry = new TreeMap<>();
    private @Nullable WindowTable recent;
    private @Nullable KeyedLedger ledger;
    private @Nullable Holds holds;
    /** Cells that may have changed since they were saved; also such as are not in the table any more. */
    private final List<Cells> dirty = new ArrayList<>();

    /** @param expiryOf when a window dies, or {@link #NEVER} where the operator removes its cells itself */
    public StateTable(ToLongFunction<Object> expiryOf) {
        this.expiryOf = expiryOf;
    }

    /** Takes up what the ledger has, and from now on keeps there what changes. The table is empty. */
    public void restore(KeyedLedger from, Holds intoHolds) {
        if (from.isKept()) {
            ledger = from;
            holds = intoHolds;
            from.restore(this);
        }
    }

    /** Whether what is here is kept. */
    public boolean isKept() {
        return ledger != null;
    }

    /** Writes into the ledger what has changed since the last time. */
    public void save() {
        KeyedLedger to = ledger;
        if (to != null) {
            for (Cells cells : dirty) {
                to.save(cells);
                cells.dirty = false;
            }
            dirty.clear();
        }
    }

    private void touch(Cells cells) {
        if (ledger != null && !cells.dirty) {
            cells.dirty = true;
            dirty.add(cells);
        }
    }

    /** The cells that rows of the ledger belong to. */
    Cells restored(Object window, @Nullable Object structuralKey, @Nullable Object key) {
        return table(window).keys.computeIfAbsent(structuralKey, unseen -> new Cells(window, key, holds));
    }

    /** The cells of a key in a window, made on first use. */
    public Cells cells(Object window, @Nullable Object structuralKey, @Nullable Object key) {
        WindowTable table = table(window);
        Cells cells = table.keys.get(structuralKey);
        if (cells == null) {
            cells = new Cells(window, key, holds);
            table.keys.put(structuralKey, cells);
        }
        touch(cells);
        return cells;
    }

    /** Sees to it that the window dies at its expiry, even if no key has cells in it. */
    public void open(Object window) {
        table(window);
    }

    private WindowTable table(Object window) {
        WindowTable table = recent;
        if (table != null && table.window == window) {
            return table;
        }
        table = windows.get(window);
        if (table == null) {
            table = new WindowTable(window, expiryOf.applyAsLong(window));
            windows.put(window, table);
            if (table.expiry != NEVER) {
                byExpiry.computeIfAbsent(table.expiry, time -> new ArrayList<>(1))
                        .add(table);
            }
        }
        recent = table;
        return table;
    }

    /** Forgets a key, whose cells are all vacant. */
    public void remove(Object window, @Nullable Object structuralKey) {
        WindowTable table = windows.get(window);
        if (table != null) {
            table.keys.remove(structuralKey);
            if (table.keys.isEmpty() && table.expiry == NEVER) {
                windows.remove(window);
                recent = null;
            }
        }
    }

    /** When the next window dies, or {@link Watermarks#MAX} + 1 when none will. */
    public long nextExpiry() {
        return byExpiry.isEmpty() ? Watermarks.MAX + 1 : byExpiry.firstKey();
    }

    /** The windows that die next, oldest use first. They stay until {@link #remove}. */
    public List<WindowTable> nextToExpire() {
        return byExpiry.isEmpty()
                ? List.of()
                : List.copyOf(byExpiry.firstEntry().getValue());
    }

    /** How many keys have cells, each counted once per window. */
    public long keyCount() {
        long count = 0;
        for (WindowTable table : windows.values()) {
            count += table.keys.size();
        }
        return count;
    }

    /** Forgets a window with all its keys. */
    public void remove(WindowTable table) {
        table.keys.values().forEach(cells -> {
            touch(cells);
            cells.clear();
        });
        table.keys.clear();
        windows.remove(table.window);
        List<WindowTable> peers = byExpiry.get(table.expiry);
        if (peers != null) {
            peers.remove(table);
            if (peers.isEmpty()) {
                byExpiry.remove(table.expiry);
            }
        }
        recent = null;
    }
}
