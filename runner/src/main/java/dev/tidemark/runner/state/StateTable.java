package dev.tidemark.runner.state;

import static java.util.Objects.requireNonNull;

import dev.tidemark.runner.state.StepLedger.Place;
import dev.tidemark.runner.time.Watermarks;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.apache.beam.sdk.coders.Coder;
import org.jspecify.annotations.Nullable;

/**
 * What one operator remembers: window → key → cells. Owned by one task.
 *
 * <p>Windows are the outer level because they die whole: the table keeps them by expiry, so finding what has expired costs
 * nothing per key, and needs no timer for each. Keys are compared by their structural value, so byte arrays are keys like
 * others; they are walked in the order in which they came, never in that of a hash.
 *
 * <p>Where the table is kept, it holds what has changed since the last checkpoint, and of the rest as much as the budget allows: who has
 * been left alone for the longest time is only in the store, and comes back when asked for. What has changed never leaves before it is
 * committed. So a key whose cells have become vacant stays, too, until then: the store still says otherwise.
 *
 * <p>After a restore all keys are only in the store. They come when asked for and, as long as there is room, by and by: nothing waits for
 * what nobody has asked for.
 */
public final class StateTable {
    /** The expiry of windows that do not expire. */
    private static final long NEVER = Long.MAX_VALUE;

    /** However small the budget is, so much may have changed before a checkpoint has to help. */
    private static final long LEAST_CHANGED = 4L << 20;

    /** The keys of one window. */
    public static final class WindowTable {
        private final Object window;
        private final long expiry;
        private final Map<@Nullable Object, Cells> keys = new LinkedHashMap<>();
        /** Whether there are no other keys than these; if not, the store has them. */
        private boolean whole;
        /** Whether there have been: keys that came from there may have left some of their cells behind, which nobody asked for. */
        private boolean wasPartly;
        /** How many keys the store has that are not here. */
        private long outside;
        /** How many the store had, of those that were looked at while what was there at the start was being loaded. */
        private long met;
        /** Whether all that the store has of the window is to be removed, so that nothing more is written. */
        private boolean erased;

        private WindowTable(Object window, long expiry, boolean whole) {
            this.window = window;
            this.expiry = expiry;
            this.whole = whole;
            this.wasPartly = !whole;
        }

        private void bePartly() {
            whole = false;
            wasPartly = true;
        }

        public Object window() {
            return window;
        }

        /** The time after which the window is dead, in milliseconds. */
        public long expiry() {
            return expiry;
        }
    }

    /** Takes each key in turn. */
    public interface KeyVisitor {
        void key(@Nullable Object structuralKey, @Nullable Object key);
    }

    /** Cells that were saved for an epoch which is not committed yet. */
    private record Saved(long epoch, List<Cells> cells) {}

    private final @Nullable ToLongFunction<Object> expiryOf;
    private final Map<Object, WindowTable> windows = new HashMap<>();
    private final TreeMap<Long, List<WindowTable>> byExpiry = new TreeMap<>();
    private @Nullable WindowTable recent;
    private @Nullable KeyedLedger ledger;
    private @Nullable Holds holds;
    /** Cells that may have changed since the last barrier; also such as are not in the table any more. */
    private List<Cells> dirty = new ArrayList<>();
    /** Counts the barriers: cells are dirty if they were asked for since the last. */
    private int era;
    /** Cells that had changed before that barrier. Of these, so many have been dealt with. */
    private List<Cells> frozen = List.of();

    private int frozenSaved;
    private long frozenIn;

    private final Deque<Saved> uncommitted = new ArrayDeque<>();
    private final CleanCells clean = new CleanCells();
    private long budget = Long.MAX_VALUE;
    /** What the cells here take, about. */
    private long bytes;
    /** What those of them take that are dirty. */
    private long changed;
    /** Whether the store may have keys that are not here. */
    private boolean someOutside;
    /** Where the next of the keys begins that were there at the start and are still to be loaded; null where none are. */
    private @Nullable Place toLoad;
    /** How many those are, of windows that are not here either. */
    private long outside;
    /** What cells take that have been saved, on average: new ones are supposed to be like them. */
    private long usual = Cells.LEAST_BYTES;

    private StateTable(@Nullable ToLongFunction<Object> expiryOf) {
        this.expiryOf = expiryOf;
    }

    /** A table whose windows die at the time that {@code expiryOf} says. */
    public static StateTable expiringAt(ToLongFunction<Object> expiryOf) {
        return new StateTable(expiryOf);
    }

    /** A table whose operator clears the cells of windows itself. */
    public static StateTable withoutExpiry() {
        return new StateTable(null);
    }

    /**
     * Takes up what the ledger has, and from now on keeps there what changes. The table is empty.
     *
     * @param memory how many bytes of memory the cells may take, about
     */
    public void restore(KeyedLedger from, Holds intoHolds, long memory) {
        if (from.isKept()) {
            ledger = from;
            holds = intoHolds;
            budget = memory;
            someOutside = from.restore(this, intoHolds);
            toLoad = someOutside ? from.beginning() : null;
        }
    }

    /** Whether what is here is kept. */
    public boolean isKept() {
        return ledger != null;
    }

    /** Whether so much has changed that a checkpoint should begin: while that is committed, there is room for as much again. */
    public boolean wantsCheckpoint() {
        return changed > budget / 3 && changed > LEAST_CHANGED / 3;
    }

    /** Whether no more fits in, and nothing can leave before the next checkpoint is committed. */
    public boolean isFull() {
        return bytes > budget && bytes > LEAST_CHANGED && clean.first() == null;
    }

    // ---------------------------------------------------------------- checkpoints

    /**
     * The barrier of {@code epoch} passes: what has changed belongs to it. It is written into the ledger by {@link #saveSome}, and what is
     * asked for before that is written first, because it may change. So nothing waits here for what has changed.
     */
    public void freeze(long epoch) {
        if (ledger == null) {
            return;
        }
        if (isSaving()) {
            throw new IllegalStateException("epoch " + epoch + " while epoch " + frozenIn + " is being saved");
        }
        frozen = dirty;
        frozenIn = epoch;
        frozenSaved = 0;
        dirty = new ArrayList<>();
        changed = 0;
        era++;
    }

    /** Whether something is left for {@link #saveSome}. */
    public boolean isSaving() {
        return frozenSaved < frozen.size();
    }

    /** Writes some more of what belongs to the last {@linkplain #freeze frozen} epoch into the ledger: at most so many keys. */
    public void saveSome(int keys) {
        if (!isSaving()) {
            return;
        }
        int end = (int) Math.min(frozen.size(), (long) frozenSaved + keys);
        while (frozenSaved < end) {
            Cells cells = frozen.get(frozenSaved++);
            if (cells.savedIn != frozenIn) {
                save(cells);
            }
        }
        if (!isSaving()) {
            uncommitted.add(new Saved(frozenIn, frozen));
            frozen = List.of();
            frozenSaved = 0;
        }
    }

    private void save(Cells cells) {
        cells.savedIn = frozenIn;
        if (cells.table().erased) {
            return;
        }
        requireNonNull(ledger).saveFrozen(cells);
        if (cells.takeFound()) {
            countOutside(cells.table(), -1);
        }
        if (!cells.gone) {
            weigh(cells, cells.measure());
            usual += (cells.bytes - usual) / 16;
        }
    }

    /** Checkpoint {@code epoch} is durable: what was saved for it, and has not changed since, may leave. */
    public void committed(long epoch) {
        for (Saved saved = uncommitted.peek(); saved != null && saved.epoch() <= epoch; saved = uncommitted.peek()) {
            for (Cells cells : saved.cells()) {
                if (isDirty(cells) || cells.gone || cells.clean || cells.savedIn > epoch) {
                    continue;
                }
                if (cells.isForgotten()) {
                    drop(cells);
                } else {
                    clean.add(cells);
                }
            }
            uncommitted.remove();
        }
        makeRoom();
    }

    private boolean isDirty(Cells cells) {
        // Between its barrier and its saving a cell still has what changed before.
        return cells.touchedIn == era || (cells.touchedIn == era - 1 && isSaving() && cells.savedIn != frozenIn);
    }

    private void touch(Cells cells) {
        if (ledger == null || cells.touchedIn == era) {
            return;
        }
        if (cells.touchedIn == era - 1 && isSaving() && cells.savedIn != frozenIn) {
            save(cells);
        }
        cells.touchedIn = era;
        dirty.add(cells);
        changed += cells.bytes;
        clean.remove(cells);
    }

    private void weigh(Cells cells, long now) {
        bytes += now - cells.bytes;
        cells.bytes = now;
    }

    private void makeRoom() {
        while (bytes > budget) {
            Cells oldest = clean.first();
            if (oldest == null) {
                return;
            }
            stopLoading();
            someOutside = true;
            oldest.table().bePartly();
            if (!oldest.isEmpty()) {
                countOutside(oldest.table(), 1);
            }
            drop(oldest);
        }
    }

    private void countOutside(WindowTable table, long more) {
        if (isLoading()) {
            // Nobody knows yet how many there are.
            return;
        }
        if (expires()) {
            table.outside += more;
        } else {
            outside += more;
        }
    }

    /** Forgets the cells of a key. What the store has of them stays there. */
    private void drop(Cells cells) {
        WindowTable table = cells.table();
        table.keys.remove(cells.structuralKey());
        forgetIfEmpty(table);
        leave(cells);
    }

    private void leave(Cells cells) {
        clean.remove(cells);
        weigh(cells, 0);
        cells.gone = true;
    }

    // ---------------------------------------------------------------- restoring

    /** Notes that the store has keys of the window that are not here. */
    void isPartly(Object window) {
        table(window).bePartly();
    }

    /** Whether some of what was there at the start is still to be loaded, by {@link #loadSome}. */
    public boolean isLoading() {
        return toLoad != null;
    }

    /** Loads some more of what was there at the start: at most so many keys, and no more than there is room for. */
    public void loadSome(int keys) {
        Place from = toLoad;
        if (from == null) {
            return;
        }
        toLoad = requireNonNull(ledger).load(this, from, keys);
        if (toLoad == null) {
            someOutside = false;
            windows.values().forEach(table -> table.whole = true);
            makeRoom();
        } else if (bytes > budget) {
            stopLoading();
        }
    }

    /** What has not been loaded by now stays in the store until it is asked for. */
    private void stopLoading() {
        Place next = toLoad;
        if (next != null) {
            toLoad = null;
            windows.values().forEach(table -> countOutside(table, notLoaded(table, next)));
        }
    }

    /** How many keys of a window are still to be loaded, about: keys are spread over groups by a hash, so the others are like those before. */
    private long notLoaded(WindowTable table, Place next) {
        return Math.max(0, Math.round(table.met / requireNonNull(ledger).partBefore(next)) - table.keys.size());
    }

    /** The cells that are to be given what the store has of a key; null where that is not wanted: the key has come before, or its window is dead. */
    @Nullable
    Cells toLoad(Object window, @Nullable Object structuralKey, @Nullable Object key) {
        WindowTable table = expires() ? windows.get(window) : table(window);
        if (table == null || table.whole) {
            return null;
        }
        table.met++;
        if (table.keys.containsKey(structuralKey)) {
            return null;
        }
        Cells cells = new Cells(table, structuralKey, key, holds);
        table.keys.put(structuralKey, cells);
        // Nobody has asked for them: they are the first to go.
        clean.addFirst(cells);
        return cells;
    }

    /** Notes that the cells have been given all their rows. */
    void loaded(Cells cells) {
        weigh(cells, cells.measure());
    }

    /** Whether the table must know each window, to find it dead. */
    boolean expires() {
        return expiryOf != null;
    }

    // ---------------------------------------------------------------- keys

    /** The cells of a key in a window, made on first use. */
    public Cells cells(Object window, @Nullable Object structuralKey, @Nullable Object key) {
        WindowTable table = table(window);
        Cells cells = table.keys.get(structuralKey);
        if (cells == null) {
            cells = new Cells(table, structuralKey, key, holds);
            table.keys.put(structuralKey, cells);
            KeyedLedger kept = ledger;
            if (kept != null) {
                if (!table.whole) {
                    cells.mayBeIn(kept);
                }
                weigh(cells, usual);
                makeRoom();
            }
        }
        touch(cells);
        return cells;
    }

    /**
     * What a key is compared by, here and in what is restored: one rule for all, lest the state of a key be under another name after a
     * restart.
     *
     * @param coder of the key; null where everything is under one
     */
    public static @Nullable Object structural(@Nullable Object key, @Nullable Coder<Object> coder) {
        return coder == null || key == null ? key : coder.structuralValue(key);
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
            long expiry = expiryOf == null ? NEVER : expiryOf.applyAsLong(window);
            // Where windows do not expire, one is not remembered when its keys have left.
            table = new WindowTable(window, expiry, expiryOf != null || !someOutside);
            windows.put(window, table);
            if (expiryOf != null) {
                byExpiry.computeIfAbsent(expiry, time -> new ArrayList<>(1)).add(table);
            }
        }
        recent = table;
        return table;
    }

    /** Forgets a key, whose cells are all vacant. */
    public void remove(Object window, @Nullable Object structuralKey) {
        WindowTable table = windows.get(window);
        if (table == null || ledger != null) {
            // What the store has of the key goes with the next checkpoint; until that is committed, here is where it
            // says so.
            return;
        }
        table.keys.remove(structuralKey);
        forgetIfEmpty(table);
    }

    private void forgetIfEmpty(WindowTable table) {
        if (expiryOf == null && table.keys.isEmpty()) {
            windows.remove(table.window);
            recent = null;
        }
    }

    /** How many keys have cells, each counted once per window; those that have been only in the store since the start are estimated. */
    public long keyCount() {
        long count = keysInMemory() + outside;
        Place next = toLoad;
        for (WindowTable table : windows.values()) {
            count += table.outside + (next == null ? 0 : notLoaded(table, next));
        }
        return count;
    }

    /** How many keys have cells in memory, each counted once per window. */
    long keysInMemory() {
        long count = 0;
        for (WindowTable table : windows.values()) {
            count += table.keys.size();
        }
        return count;
    }

    // ---------------------------------------------------------------- the death of windows

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

    /**
     * Gives every key of a window that is about to be removed to {@code visitor}: those here in the order in which they first had cells,
     * then those that are only in the store. What the visitor asks of the latter leaves again at once.
     */
    public void forEachKey(WindowTable table, KeyVisitor visitor) {
        List<Cells> here = new ArrayList<>(table.keys.values());
        // So that none of them leaves, and is met once more among those in the store.
        here.forEach(this::touch);
        here.forEach(cells -> visitor.key(cells.structuralKey(), cells.key()));
        KeyedLedger kept = ledger;
        if (kept != null && !table.whole) {
            kept.keysOf(table.window, (structuralKey, key) -> {
                if (table.keys.containsKey(structuralKey)) {
                    return;
                }
                visitor.key(structuralKey, key);
                Cells came = table.keys.remove(structuralKey);
                if (came != null) {
                    came.clear();
                    leave(came);
                }
            });
        }
    }

    /** Forgets a window with all its keys. */
    public void remove(WindowTable table) {
        // What is part of a checkpoint that is being saved is written down for it, before it goes.
        table.keys.values().forEach(this::touch);
        KeyedLedger kept = ledger;
        if (kept != null && table.wasPartly) {
            kept.erase(table.window);
            table.erased = true;
        }
        for (Cells cells : table.keys.values()) {
            cells.clear();
            leave(cells);
        }
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
