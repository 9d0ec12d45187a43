package dev.tidemark.runner.random;

import dev.tidemark.runner.random.Reference.Item;
import dev.tidemark.runner.random.Reference.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Groups, or sums, the values of each key and window, in the panes that the windowing asks for. */
final class ReferenceGroup extends Reference.Station {
    private enum Timing {
        EARLY,
        ON_TIME,
        LATE
    }

    /** One window of one key. */
    private static final class Collected {
        Span window;
        List<Long> values = new ArrayList<>();
        final ReferenceTrigger trigger;
        boolean closed;
        /** Whether something has come since the last pane. */
        boolean hasNews;
        /** Whether what has come is still awaited on time, or for a late pane: that holds the watermark. */
        boolean holdsEnd;

        boolean holdsExpiry;
        long panes;
        long panesFromEnd;
        Timing lastTiming;

        Collected(Span window, Case.Trigger trigger) {
            this.window = window;
            this.trigger = ReferenceTrigger.of(trigger);
        }
    }

    private final Reference machine;
    private final boolean sums;
    private final Map<String, Map<Span, Collected>> keys = new TreeMap<>();

    ReferenceGroup(Reference machine, int number, Case.Windowing windowing, boolean sums) {
        machine.super(number, windowing);
        this.machine = machine;
        this.sums = sums;
    }

    @Override
    void take(int port, List<Item> bundle) {
        Map<String, List<Item>> byKey = new TreeMap<>();
        for (Item item : bundle) {
            if (item.time() > item.window().last()) {
                throw new Reference.Undetermined("how an element is grouped that is later than its window");
            }
            // Late is who comes after the expiry of its own window, whatever that would merge with.
            if (item.window().expiry(windowing.lateness()) >= inputWatermark) {
                byKey.computeIfAbsent(item.key(), key -> new ArrayList<>()).add(item);
            }
        }
        for (String key : machine.shuffled(byKey.keySet())) {
            takeOfKey(key, byKey.get(key));
        }
    }

    private void takeOfKey(String key, List<Item> items) {
        Map<Span, Collected> windows = keys.computeIfAbsent(key, any -> new TreeMap<>());
        if (windowing.merges()) {
            items.forEach(item -> windows.computeIfAbsent(item.window(), this::collected));
            merge(windows);
        }
        List<Collected> touched = new ArrayList<>();
        for (Item item : items) {
            Collected into = windowing.merges()
                    ? windows.values().stream()
                            .filter(any -> any.window.overlaps(item.window()))
                            .findFirst()
                            .orElseThrow()
                    : windows.computeIfAbsent(item.window(), this::collected);
            if (into.closed) {
                continue;
            }
            into.values.add(item.value());
            into.hasNews = true;
            hold(into, key);
            into.trigger.elementCame();
            if (!touched.contains(into)) {
                touched.add(into);
            }
        }
        for (Collected each : machine.shuffled(touched)) {
            if (each.trigger.wouldFire(isOver(each.window))) {
                each.trigger.fired(isOver(each.window));
                emitPane(key, each, each.trigger.isFinished());
            }
        }
    }

    private Collected collected(Span window) {
        return new Collected(window, windowing.trigger());
    }

    private boolean isOver(Span window) {
        return window.last() < inputWatermark;
    }

    /** An element that is not late holds the watermark at the end of its window; a late one at the window's expiry. */
    private void hold(Collected into, String key) {
        if (!isOver(into.window) && into.window.last() >= outputWatermarkFor(key)) {
            into.holdsEnd = true;
        } else {
            into.holdsExpiry = true;
        }
    }

    /** Sessions that overlap become one. Which panes there were is remembered only if that one was there before. */
    private static void merge(Map<Span, Collected> windows) {
        for (boolean merged = true; merged; ) {
            merged = false;
            List<Collected> all = new ArrayList<>(windows.values());
            for (int i = 0; i + 1 < all.size() && !merged; i++) {
                Collected one = all.get(i);
                Collected other = all.get(i + 1);
                if (one.window.overlaps(other.window)) {
                    windows.remove(one.window);
                    windows.remove(other.window);
                    Span both = one.window.with(other.window);
                    Collected kept = one.window.equals(both) ? one : other;
                    Collected gone = one.window.equals(both) ? other : one;
                    if (!kept.window.equals(both)) {
                        kept.panes = 0;
                        kept.panesFromEnd = 0;
                        kept.lastTiming = null;
                    }
                    kept.window = both;
                    kept.values.addAll(gone.values);
                    kept.hasNews |= gone.hasNews;
                    kept.holdsEnd |= gone.holdsEnd;
                    kept.holdsExpiry |= gone.holdsExpiry;
                    windows.put(both, kept);
                    merged = true;
                }
            }
        }
    }

    @Override
    void rose(long before, int shard) {
        List<String> ofShard =
                keys.keySet().stream().filter(key -> shard(key) == shard).toList();
        for (String key : machine.shuffled(ofShard)) {
            Map<Span, Collected> windows = keys.get(key);
            for (Collected each : machine.shuffled(windows.values())) {
                if (each.window.expiry(windowing.lateness()) < inputWatermark) {
                    if (!each.closed) {
                        emitPane(key, each, true);
                    }
                    windows.remove(each.window);
                } else if (isOver(each.window)
                        && each.window.last() >= before
                        && !each.closed
                        && each.trigger.wouldFire(true)) {
                    each.trigger.fired(true);
                    emitPane(key, each, each.trigger.isFinished());
                }
            }
        }
    }

    private void emitPane(String key, Collected from, boolean isLast) {
        from.holdsEnd = false;
        from.holdsExpiry = !isLast && windowing.alwaysCloses();
        from.closed = isLast;
        boolean hasNews = from.hasNews;
        from.hasNews = false;
        boolean onlyEarlyBefore = from.lastTiming == null || from.lastTiming == Timing.EARLY;
        Timing timing;
        if (from.window.last() < outputWatermarkFor(key) || !onlyEarlyBefore) {
            timing = Timing.LATE;
        } else {
            timing = isOver(from.window) ? Timing.ON_TIME : Timing.EARLY;
        }
        // The pane on time comes even if it is empty; so does the last one where that was asked for.
        if (hasNews || timing == Timing.ON_TIME || (isLast && windowing.alwaysCloses())) {
            List<Long> values = from.values.stream().sorted().toList();
            long sum = values.stream().mapToLong(value -> value).sum();
            String pane = Outcome.pane(
                    timing.name(),
                    from.panes,
                    timing == Timing.EARLY ? -1 : from.panesFromEnd,
                    from.panes == 0,
                    isLast);
            long onwards = sums ? sum : sum + 100L * values.size();
            emit(0, new Item(key, onwards, from.window.last(), from.window, pane), sums ? (Object) sum : values);
            from.panes++;
            from.panesFromEnd += timing == Timing.EARLY ? 0 : 1;
            from.lastTiming = timing;
        }
        if (isLast || !windowing.accumulating()) {
            from.values = new ArrayList<>();
        }
    }

    @Override
    long hold(int shard) {
        long lowest = Reference.END;
        for (Map.Entry<String, Map<Span, Collected>> key : keys.entrySet()) {
            if (shard(key.getKey()) == shard) {
                for (Collected each : key.getValue().values()) {
                    if (each.holdsEnd) {
                        lowest = Math.min(lowest, each.window.last());
                    }
                    if (each.holdsExpiry) {
                        lowest = Math.min(lowest, each.window.expiry(windowing.lateness()));
                    }
                }
            }
        }
        return lowest;
    }
}
