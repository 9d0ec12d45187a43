package dev.tidemark.runner.simulation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is outside of a job and outlives it: what sources were told that they need not keep, and what was written down. It says when a
 * promise is broken. Thread-safe.
 */
final class World {
    /**
     * The one that is: DoFns and sources find it here, copied as they are. A simulated job stays on one thread, and on those that this
     * one starts.
     */
    private static final InheritableThreadLocal<@Nullable World> CURRENT = new InheritableThreadLocal<>();

    private final Random random;
    private final Map<Integer, Integer> finalized = new TreeMap<>();
    private final Map<String, String> written = new TreeMap<>();
    private final Set<String> awaited = new TreeSet<>();
    private final List<String> broken = new ArrayList<>();
    private Machine machine;
    private long nonces;

    /** What the splits of the feed have. */
    private final List<Feed.Items> splits;

    World(Random random, Machine first, List<Feed.Items> splits) {
        this.random = random;
        this.machine = first;
        this.splits = List.copyOf(splits);
        CURRENT.set(this);
    }

    List<Feed.Items> splits() {
        return splits;
    }

    static World current() {
        World world = CURRENT.get();
        if (world == null) {
            throw new IllegalStateException("there is no world");
        }
        return world;
    }

    synchronized void goesOnWith(Machine next) {
        machine = next;
    }

    /** What is to be reported before the world is complete. */
    synchronized void awaits(Collection<String> reports) {
        awaited.addAll(reports);
    }

    /** Something has come about for good. */
    void reports(String what) {
        userStep("the report of " + what);
        synchronized (this) {
            awaited.remove(what);
        }
    }

    synchronized boolean isComplete() {
        return awaited.isEmpty();
    }

    private synchronized Machine machine() {
        return machine;
    }

    void userStep(String what) {
        machine().userStep(what);
    }

    /** Another value at each call, also of the same element when it comes again. */
    synchronized String nonce() {
        nonces++;
        return nonces + "." + random.nextInt(1000);
    }

    /** A reader of a split begins after so many records. */
    void opens(int split, int position) {
        userStep("the opening of split " + split);
        synchronized (this) {
            int safe = finalized.getOrDefault(split, 0);
            if (position < safe) {
                broken("split " + split + " is opened at " + position + ", and was told that " + safe + " are safe");
            }
        }
    }

    /** A mark was finalized: what was before it need not be kept. */
    void finalizes(int split, int position, boolean restored, boolean again) {
        userStep("the acknowledgement of split " + split);
        synchronized (this) {
            int before = finalized.getOrDefault(split, 0);
            if (restored || again || position < before) {
                broken("split " + split + " is acknowledged up to " + position + " after " + before
                        + (restored ? ", on a mark that was restored" : "") + (again ? ", again" : ""));
            }
            finalized.put(split, Math.max(before, position));
        }
    }

    /** Writes something down that must be the same each time. */
    void writes(String element, String nonce) {
        userStep("the writing of " + element);
        synchronized (this) {
            String before = written.putIfAbsent(element, nonce);
            if (before != null && !before.equals(nonce)) {
                broken(element + " was written as " + before + ", and as " + nonce + " later");
            }
        }
    }

    synchronized void broken(String what) {
        broken.add(what);
    }

    synchronized List<String> broken() {
        return List.copyOf(broken);
    }

    synchronized Map<String, String> written() {
        return new TreeMap<>(written);
    }
}
