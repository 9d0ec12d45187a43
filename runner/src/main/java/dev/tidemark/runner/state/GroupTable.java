package dev.tidemark.runner.state;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.TimestampCombiner;
import org.apache.beam.sdk.transforms.windowing.WindowFn;
import org.apache.beam.sdk.values.WindowingStrategy;
import org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.collect.Iterables;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a grouping of bounded input has gathered: for each key and window the values, or an accumulator. Owned by one task.
 *
 * <p>Objects stay as they are while they fit into the budget, and then nothing is encoded but a few samples, to know how large they
 * are. When they do not fit, the whole table is written to a temporary file as a <em>run</em>, sorted by the encoded key and window,
 * and the table begins anew. In the end the runs are merged: a key's records meet, and no more than one key is in memory at a
 * time. Of a key with many values not even that: its values are read from the file whenever somebody iterates over them.
 *
 * <p>Windows that merge are merged in the end, key by key.
 */
public final class GroupTable {
    /** What an object costs beside what it holds, roughly: headers, references, the list around it. */
    private static final int OBJECT_BYTES = 48;

    /** How much larger objects are than their encoding, roughly. */
    private static final int HEAP_FACTOR = 3;

    /** A key and window, or an element of it. */
    public record Group(
            @Nullable Object key,
            BoundedWindow window,
            Instant timestamp,
            @Nullable Object value) {}

    private static final class Slot {
        final BoundedWindow window;
        Object content;

        @Nullable
        Instant timestamp;

        Slot(BoundedWindow window, Object content) {
            this.window = window;
            this.content = content;
        }
    }

    /** The windows of a key: mostly there is one, so the others have a map only when they come. */
    private static final class Keyed {
        final @Nullable Object key;
        final Slot first;

        @Nullable
        Map<BoundedWindow, Slot> others;

        Keyed(@Nullable Object key, Slot first) {
            this.key = key;
            this.first = first;
        }

        List<Slot> slots() {
            List<Slot> slots = new ArrayList<>();
            slots.add(first);
            if (others != null) {
                slots.addAll(others.values());
            }
            return slots;
        }
    }

    private final @Nullable Coder<Object> keyCoder;
    private final Grouping grouping;
    private final WindowFn<?, BoundedWindow> windowFn;
    private final Coder<BoundedWindow> windowCoder;
    private final TimestampCombiner timestamps;
    private final boolean merges;
    private final long budgetBytes;

    private final SizeEstimate keySize = new SizeEstimate();
    private final SizeEstimate contentSize = new SizeEstimate();
    private Map<@Nullable Object, Keyed> table = new LinkedHashMap<>();
    private long fixedBytes;
    private long growingBytes;
    private long slots;
    private @Nullable Runs runs;

    /**
     * @param keyCoder the key's coder; null to group everything under the key null
     * @param budgetBytes how much memory the table may take, about
     */
    @SuppressWarnings("unchecked") // a window function's own windows and their coder
    public GroupTable(
            @Nullable Coder<Object> keyCoder,
            Grouping grouping,
            WindowingStrategy<?, BoundedWindow> windowing,
            long budgetBytes) {
        this.keyCoder = keyCoder;
        this.grouping = grouping;
        this.windowFn = (WindowFn<?, BoundedWindow>) windowing.getWindowFn();
        this.windowCoder = windowFn.windowCoder();
        this.timestamps = windowing.getTimestampCombiner();
        // Windows that a grouping before this one has merged stay as they are.
        this.merges = windowing.needsMerge();
        this.budgetBytes = budgetBytes;
    }

    /** Adds a value. */
    public void add(@Nullable Object key, @Nullable Object value, BoundedWindow window, Instant timestamp) {
        Slot slot = slot(key, window);
        slot.content = grouping.add(slot.content, value);
        if (timestamps != TimestampCombiner.END_OF_WINDOW) {
            Instant assigned = timestamps.assign(window, timestamp);
            slot.timestamp = slot.timestamp == null ? assigned : timestamps.combine(slot.timestamp, assigned);
        }
        if (grouping.grows()) {
            growingBytes += OBJECT_BYTES + HEAP_FACTOR * contentSize.of(grouping.pieceCoder(), value);
        } else {
            // An accumulator may be large, and is not encoded each time that it changes.
            contentSize.look(grouping.pieceCoder(), slot.content);
        }
        if (bytes() > budgetBytes) {
            spill();
        }
    }

    private Slot slot(@Nullable Object key, BoundedWindow window) {
        Object structuralKey = StateTable.structural(key, keyCoder);
        Keyed keyed = table.get(structuralKey);
        if (keyed == null) {
            Slot first = newSlot(window);
            table.put(structuralKey, new Keyed(key, first));
            fixedBytes += 3 * OBJECT_BYTES;
            if (keyCoder != null) {
                fixedBytes += HEAP_FACTOR * keySize.of(keyCoder, key);
            }
            return first;
        }
        if (keyed.first.window.equals(window)) {
            return keyed.first;
        }
        Map<BoundedWindow, Slot> others = keyed.others;
        if (others == null) {
            others = new LinkedHashMap<>();
            keyed.others = others;
        }
        return others.computeIfAbsent(window, this::newSlot);
    }

    private Slot newSlot(BoundedWindow window) {
        slots++;
        fixedBytes += 3 * OBJECT_BYTES;
        return new Slot(window, grouping.empty());
    }

    private long bytes() {
        return fixedBytes + growingBytes + (grouping.grows() ? 0 : slots * HEAP_FACTOR * contentSize.average());
    }

    /** How many keys and windows are in memory. */
    public long size() {
        return slots;
    }

    // ---------------------------------------------------------------- to disk

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Encoded(byte[] key, Keyed keyed) {}

    private void spill() {
        Runs spilled = runs;
        if (spilled == null) {
            spilled = new Runs(grouping.pieceCoder(), timestamps);
            runs = spilled;
        }
        List<Encoded> sorted = new ArrayList<>(table.size());
        Bytes bytes = new Bytes();
        for (Keyed keyed : table.values()) {
            sorted.add(new Encoded(keyCoder == null ? new byte[0] : bytes.encode(keyCoder, keyed.key), keyed));
        }
        table = new LinkedHashMap<>();
        sorted.sort((a, b) -> Arrays.compareUnsigned(a.key(), b.key()));
        spilled.begin();
        for (Encoded each : sorted) {
            Map<byte[], Slot> byWindow = new TreeMap<>(Comparator.comparing(window -> window, Arrays::compareUnsigned));
            for (Slot slot : each.keyed().slots()) {
                byWindow.put(bytes.encode(windowCoder, slot.window), slot);
            }
            for (Map.Entry<byte[], Slot> slot : byWindow.entrySet()) {
                spilled.write(
                        each.key(), slot.getKey(), slot.getValue().timestamp, grouping.pieces(slot.getValue().content));
            }
        }
        spilled.end();
        fixedBytes = 0;
        growingBytes = 0;
        slots = 0;
    }

    // ---------------------------------------------------------------- what comes out

    /**
     * Everything that was gathered, one key after the other, and the windows of a key together. The table is used up: what has
     * been taken is not there any more.
     */
    public Iterator<Group> groups() {
        Runs spilled = runs;
        if (spilled == null) {
            return new InMemory();
        }
        if (!table.isEmpty()) {
            spill();
        }
        return new FromDisk(spilled.merged(merges));
    }

    /** Hands out the groups of one key after the other. */
    private abstract static class ByKey implements Iterator<Group> {
        private Iterator<Group> ofKey = List.<Group>of().iterator();

        /** The groups of the next key, or null when there is none. */
        abstract @Nullable List<Group> nextKey();

        @Override
        public boolean hasNext() {
            while (!ofKey.hasNext()) {
                List<Group> next = nextKey();
                if (next == null) {
                    return false;
                }
                ofKey = next.iterator();
            }
            return true;
        }

        @Override
        public Group next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return ofKey.next();
        }
    }

    private final class InMemory extends ByKey {
        private final Iterator<Keyed> keys = table.values().iterator();

        @Override
        @Nullable
        List<Group> nextKey() {
            if (!keys.hasNext()) {
                return null;
            }
            Keyed keyed = keys.next();
            keys.remove();
            Map<BoundedWindow, Slot> byWindow = new LinkedHashMap<>();
            keyed.slots().forEach(slot -> byWindow.put(slot.window, slot));
            slots -= byWindow.size();
            return groupsOf(
                    keyed.key,
                    byWindow,
                    slot -> slot.timestamp,
                    parts -> parts.size() == 1
                            ? parts.get(0).content
                            : grouping.merge(
                                    parts.stream().map(slot -> slot.content).toList()));
        }
    }

    private final class FromDisk extends ByKey {
        private final Iterator<Runs.Gathered> records;

        FromDisk(Iterator<Runs.Gathered> records) {
            this.records = records;
        }

        @Override
        @Nullable
        List<Group> nextKey() {
            if (!records.hasNext()) {
                return null;
            }
            Runs.Gathered gathered = records.next();
            Object key = keyCoder == null ? null : Bytes.decode(keyCoder, gathered.key());
            Map<BoundedWindow, Runs.Pieces> byWindow = new LinkedHashMap<>();
            gathered.windows().forEach(pieces -> byWindow.put(Bytes.decode(windowCoder, pieces.window()), pieces));
            return groupsOf(key, byWindow, Runs.Pieces::timestamp, this::content);
        }

        private Object content(List<Runs.Pieces> parts) {
            if (grouping.grows() && parts.stream().anyMatch(Runs.Pieces::isOnDisk)) {
                return Iterables.unmodifiableIterable(Iterables.concat(parts));
            }
            List<Object> pieces = new ArrayList<>();
            parts.forEach(part -> part.forEach(pieces::add));
            return grouping.ofPieces(pieces);
        }
    }

    /** The groups of one key: its windows, merged where they merge. */
    private <P> List<Group> groupsOf(
            @Nullable Object key,
            Map<BoundedWindow, P> byWindow,
            Function<P, @Nullable Instant> timestamp,
            Function<List<P>, Object> content) {
        List<Group> groups = new ArrayList<>(byWindow.size());
        MergedWindows.of(merges ? windowFn : null, byWindow.keySet()).forEach((window, from) -> {
            List<P> parts = new ArrayList<>(from.size());
            List<Instant> times = new ArrayList<>(from.size());
            for (BoundedWindow each : from) {
                P part = byWindow.get(each);
                if (part != null) {
                    parts.add(part);
                    Instant time = timestamp.apply(part);
                    if (time != null) {
                        times.add(time);
                    }
                }
            }
            groups.add(new Group(
                    key,
                    window,
                    times.isEmpty() ? window.maxTimestamp() : timestamps.merge(window, times),
                    grouping.output(content.apply(parts))));
        });
        return groups;
    }
}
