package dev.tidemark.testing;

import dev.tidemark.Bag;
import dev.tidemark.Members;
import dev.tidemark.Table;
import dev.tidemark.Tally;
import dev.tidemark.Timeline;
import dev.tidemark.runtime.Held;
import dev.tidemark.runtime.Kept;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.beam.sdk.coders.CannotProvideCoderException;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.CombiningState;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.MultimapState;
import org.apache.beam.sdk.state.OrderedListState;
import org.apache.beam.sdk.state.ReadableState;
import org.apache.beam.sdk.state.SetState;
import org.apache.beam.sdk.state.State;
import org.apache.beam.sdk.state.StateBinder;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.state.WatermarkHoldState;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.CombineWithContext;
import org.apache.beam.sdk.transforms.windowing.TimestampCombiner;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.values.TimestampedValue;
import org.jspecify.annotations.Nullable;

/**
 * The cells of one key. They hold bytes: everything that is stored goes through the coders of the group, as it does where a
 * job is restored. Not thread-safe.
 */
public final class TestCells implements StateBinder {
    /** The bytes of each cell: of a value and an accumulator at most one, of a map each key before its value. */
    private final Map<String, List<byte[]>> contents;

    private final Map<String, StateSpec<?>> specs;

    TestCells(Map<String, StateSpec<?>> specs) {
        this(specs, new HashMap<>());
    }

    private TestCells(Map<String, StateSpec<?>> specs, Map<String, List<byte[]>> contents) {
        this.specs = specs;
        this.contents = contents;
    }

    TestCells copy() {
        Map<String, List<byte[]>> copies = new HashMap<>();
        contents.forEach((id, bytes) -> copies.put(id, new ArrayList<>(bytes)));
        return new TestCells(specs, copies);
    }

    State state(String id) {
        StateSpec<?> spec = specs.get(id);
        if (spec == null) {
            throw new IllegalArgumentException("the group has no cell " + id);
        }
        return spec.bind(id, this);
    }

    private List<byte[]> bytes(String id) {
        return contents.computeIfAbsent(id, any -> new ArrayList<>());
    }

    private static <T> byte[] encode(Coder<T> coder, T value) {
        try {
            return CoderUtils.encodeToByteArray(coder, value);
        } catch (CoderException e) {
            throw new IllegalStateException(value + " cannot be encoded", e);
        }
    }

    private static <T> T decode(Coder<T> coder, byte[] bytes) {
        try {
            return CoderUtils.decodeFromByteArray(coder, bytes);
        } catch (CoderException e) {
            throw new IllegalStateException("what was stored cannot be decoded by " + coder, e);
        }
    }

    private static <T> List<T> decodeAll(Coder<T> coder, List<byte[]> all) {
        List<T> values = new ArrayList<>();
        all.forEach(each -> values.add(decode(coder, each)));
        return values;
    }

    private static int indexOf(byte[] bytes, List<byte[]> all, int step) {
        for (int i = 0; i < all.size(); i += step) {
            if (Arrays.equals(all.get(i), bytes)) {
                return i;
            }
        }
        return -1;
    }

    // ------------------------------------------------------------------ what a generated tester reads

    /** A value, null if there is none. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the generated code knows the type
    public <T> @Nullable T value(String id) {
        return ((ValueState<T>) state(id)).read();
    }

    /** The plain fields, null if they have their defaults. */
    @SuppressWarnings("TypeParameterUnusedInFormals") // as above
    public <S> @Nullable S fields() {
        Kept<S> kept = value("~meta");
        return kept == null ? null : kept.fields();
    }

    /** A field with a cell of its own. */
    public <T> @Nullable T held(String id, @Nullable T defaultValue) {
        Held<T> held = value(id);
        return held == null ? defaultValue : held.value();
    }

    /** A bag. */
    @SuppressWarnings("unchecked") // as above
    public <E> Bag<E> bag(String id) {
        Bag<E> bag = Bag.of();
        ((BagState<E>) state(id)).read().forEach(bag::add);
        return bag;
    }

    /** Members. */
    @SuppressWarnings("unchecked") // as above
    public <E> Members<E> members(String id) {
        Members<E> members = Members.of();
        ((SetState<E>) state(id)).read().forEach(members::add);
        return members;
    }

    /** A table. */
    @SuppressWarnings("unchecked") // as above
    public <K, V> Table<K, V> table(String id) {
        Table<K, V> table = Table.of(Map.of());
        ((MapState<K, V>) state(id)).entries().read().forEach(each -> table.put(each.getKey(), each.getValue()));
        return table;
    }

    /** A tally. */
    @SuppressWarnings("unchecked") // as above
    public Tally tally(String id) {
        return Tally.of(((CombiningState<Long, long[], Long>) state(id)).read());
    }

    /** A timeline, in an ordered list or a bag. */
    @SuppressWarnings("unchecked") // as above
    public <E> Timeline<E> timeline(String id) {
        Timeline<E> timeline = Timeline.empty();
        if (state(id) instanceof OrderedListState<?> list) {
            for (TimestampedValue<List<E>> moment : ((OrderedListState<List<E>>) list).read()) {
                moment.getValue().forEach(value -> timeline.add(instant(moment), value));
            }
        } else {
            ((BagState<TimestampedValue<E>>) state(id))
                    .read()
                    .forEach(each -> timeline.add(instant(each), each.getValue()));
        }
        return timeline;
    }

    private static Instant instant(TimestampedValue<?> entry) {
        return Instant.ofEpochMilli(entry.getTimestamp().getMillis());
    }

    // ------------------------------------------------------------------ the kinds of state

    private record Read<T>(Supplier<T> supplier) implements ReadableState<T> {
        @Override
        public T read() {
            return supplier.get();
        }

        @Override
        public ReadableState<T> readLater() {
            return this;
        }
    }

    @Override
    public <T> ValueState<T> bindValue(String id, StateSpec<ValueState<T>> spec, Coder<T> coder) {
        List<byte[]> bytes = bytes(id);
        return new ValueState<>() {
            @Override
            public void write(T value) {
                bytes.clear();
                bytes.add(encode(coder, value));
            }

            @Override
            public @Nullable T read() {
                return bytes.isEmpty() ? null : decode(coder, bytes.get(0));
            }

            @Override
            public ValueState<T> readLater() {
                return this;
            }

            @Override
            public void clear() {
                bytes.clear();
            }
        };
    }

    @Override
    public <T> BagState<T> bindBag(String id, StateSpec<BagState<T>> spec, Coder<T> coder) {
        List<byte[]> bytes = bytes(id);
        return new BagState<>() {
            @Override
            public void add(T value) {
                bytes.add(encode(coder, value));
            }

            @Override
            public ReadableState<Boolean> isEmpty() {
                return new Read<>(bytes::isEmpty);
            }

            @Override
            public Iterable<T> read() {
                return decodeAll(coder, bytes);
            }

            @Override
            public BagState<T> readLater() {
                return this;
            }

            @Override
            public void clear() {
                bytes.clear();
            }
        };
    }

    @Override
    public <T> SetState<T> bindSet(String id, StateSpec<SetState<T>> spec, Coder<T> coder) {
        List<byte[]> bytes = bytes(id);
        return new SetState<>() {
            @Override
            public ReadableState<Boolean> contains(T value) {
                return new Read<>(() -> indexOf(encode(coder, value), bytes, 1) >= 0);
            }

            @Override
            public ReadableState<Boolean> addIfAbsent(T value) {
                boolean absent = !contains(value).read();
                add(value);
                return new Read<>(() -> absent);
            }

            @Override
            public void remove(T value) {
                int index = indexOf(encode(coder, value), bytes, 1);
                if (index >= 0) {
                    bytes.remove(index);
                }
            }

            @Override
            public void add(T value) {
                byte[] encoded = encode(coder, value);
                if (indexOf(encoded, bytes, 1) < 0) {
                    bytes.add(encoded);
                }
            }

            @Override
            public ReadableState<Boolean> isEmpty() {
                return new Read<>(bytes::isEmpty);
            }

            @Override
            public Iterable<T> read() {
                return decodeAll(coder, bytes);
            }

            @Override
            public SetState<T> readLater() {
                return this;
            }

            @Override
            public void clear() {
                bytes.clear();
            }
        };
    }

    @Override
    public <K, V> MapState<K, V> bindMap(
            String id, StateSpec<MapState<K, V>> spec, Coder<K> keyCoder, Coder<V> valueCoder) {
        List<byte[]> bytes = bytes(id);
        return new MapState<>() {
            @Override
            public void put(K key, V value) {
                byte[] encoded = encode(keyCoder, key);
                int index = indexOf(encoded, bytes, 2);
                if (index < 0) {
                    bytes.add(encoded);
                    bytes.add(encode(valueCoder, value));
                } else {
                    bytes.set(index + 1, encode(valueCoder, value));
                }
            }

            @Override
            public ReadableState<V> computeIfAbsent(K key, Function<? super K, ? extends V> function) {
                V before = get(key).read();
                if (before == null) {
                    put(key, function.apply(key));
                }
                return new Read<>(() -> before);
            }

            @Override
            public void remove(K key) {
                int index = indexOf(encode(keyCoder, key), bytes, 2);
                if (index >= 0) {
                    bytes.remove(index + 1);
                    bytes.remove(index);
                }
            }

            @Override
            @SuppressWarnings("NullAway") // Beam says null where there is no value
            public ReadableState<V> get(K key) {
                int index = indexOf(encode(keyCoder, key), bytes, 2);
                return new Read<>(() -> index < 0 ? null : decode(valueCoder, bytes.get(index + 1)));
            }

            @Override
            public ReadableState<V> getOrDefault(K key, V other) {
                V value = get(key).read();
                return new Read<>(() -> value == null ? other : value);
            }

            @Override
            public ReadableState<Iterable<K>> keys() {
                return new Read<>(() -> map(Map.Entry::getKey));
            }

            @Override
            public ReadableState<Iterable<V>> values() {
                return new Read<>(() -> map(Map.Entry::getValue));
            }

            @Override
            public ReadableState<Iterable<Map.Entry<K, V>>> entries() {
                return new Read<>(() -> map(entry -> entry));
            }

            private <R> List<R> map(Function<Map.Entry<K, V>, R> part) {
                List<R> all = new ArrayList<>();
                for (int i = 0; i < bytes.size(); i += 2) {
                    all.add(part.apply(
                            Map.entry(decode(keyCoder, bytes.get(i)), decode(valueCoder, bytes.get(i + 1)))));
                }
                return all;
            }

            @Override
            public ReadableState<Boolean> isEmpty() {
                return new Read<>(bytes::isEmpty);
            }

            @Override
            public void clear() {
                bytes.clear();
            }
        };
    }

    @Override
    public <T> OrderedListState<T> bindOrderedList(String id, StateSpec<OrderedListState<T>> spec, Coder<T> element) {
        List<byte[]> bytes = bytes(id);
        Coder<TimestampedValue<T>> coder = TimestampedValue.TimestampedValueCoder.of(element);
        return new OrderedListState<>() {
            private List<TimestampedValue<T>> sorted() {
                List<TimestampedValue<T>> all = decodeAll(coder, bytes);
                all.sort((left, right) -> left.getTimestamp().compareTo(right.getTimestamp()));
                return all;
            }

            @Override
            public Iterable<TimestampedValue<T>> readRange(org.joda.time.Instant from, org.joda.time.Instant until) {
                return sorted().stream()
                        .filter(each -> !each.getTimestamp().isBefore(from)
                                && each.getTimestamp().isBefore(until))
                        .toList();
            }

            @Override
            public void clearRange(org.joda.time.Instant from, org.joda.time.Instant until) {
                List<TimestampedValue<T>> kept = sorted();
                kept.removeIf(each -> !each.getTimestamp().isBefore(from)
                        && each.getTimestamp().isBefore(until));
                bytes.clear();
                kept.forEach(this::add);
            }

            @Override
            public OrderedListState<T> readRangeLater(org.joda.time.Instant from, org.joda.time.Instant until) {
                return this;
            }

            @Override
            public void add(TimestampedValue<T> value) {
                bytes.add(encode(coder, value));
            }

            @Override
            public ReadableState<Boolean> isEmpty() {
                return new Read<>(bytes::isEmpty);
            }

            @Override
            public Iterable<TimestampedValue<T>> read() {
                return sorted();
            }

            @Override
            public OrderedListState<T> readLater() {
                return this;
            }

            @Override
            public void clear() {
                bytes.clear();
            }
        };
    }

    @Override
    public <I, A, O> CombiningState<I, A, O> bindCombining(
            String id,
            StateSpec<CombiningState<I, A, O>> spec,
            @Nullable Coder<A> given,
            Combine.CombineFn<I, A, O> fn) {
        List<byte[]> bytes = bytes(id);
        // A pipeline completes what a group leaves open: the accumulator of a tally is one of longs.
        Coder<A> coder = given != null ? given : ofLongs(fn);
        return new CombiningState<>() {
            @Override
            public O read() {
                return fn.extractOutput(getAccum());
            }

            @Override
            public A getAccum() {
                return bytes.isEmpty() ? fn.createAccumulator() : decode(coder, bytes.get(0));
            }

            @Override
            public void addAccum(A accumulator) {
                store(fn.mergeAccumulators(List.of(getAccum(), accumulator)));
            }

            private void store(A accumulator) {
                bytes.clear();
                bytes.add(encode(coder, accumulator));
            }

            @Override
            public A mergeAccumulators(Iterable<A> accumulators) {
                return fn.mergeAccumulators(accumulators);
            }

            @Override
            public void add(I value) {
                store(fn.addInput(getAccum(), value));
            }

            @Override
            public ReadableState<Boolean> isEmpty() {
                return new Read<>(bytes::isEmpty);
            }

            @Override
            public CombiningState<I, A, O> readLater() {
                return this;
            }

            @Override
            public void clear() {
                bytes.clear();
            }
        };
    }

    @SuppressWarnings("unchecked") // a group adds up longs alone
    private static <A> Coder<A> ofLongs(Combine.CombineFn<?, A, ?> fn) {
        try {
            return ((Combine.CombineFn<Long, A, ?>) fn)
                    .getAccumulatorCoder(CoderRegistry.createDefault(), VarLongCoder.of());
        } catch (CannotProvideCoderException e) {
            throw new IllegalStateException(fn + " has no coder of its accumulator", e);
        }
    }

    private static UnsupportedOperationException notGenerated(String kind) {
        return new UnsupportedOperationException("no group has " + kind);
    }

    @Override
    public <I, A, O> CombiningState<I, A, O> bindCombiningWithContext(
            String id,
            StateSpec<CombiningState<I, A, O>> spec,
            Coder<A> coder,
            CombineWithContext.CombineFnWithContext<I, A, O> fn) {
        throw notGenerated("combining state with context");
    }

    @Override
    public <K, V> MultimapState<K, V> bindMultimap(
            String id, StateSpec<MultimapState<K, V>> spec, Coder<K> keyCoder, Coder<V> valueCoder) {
        throw notGenerated("a multimap");
    }

    @Override
    public WatermarkHoldState bindWatermark(String id, StateSpec<WatermarkHoldState> spec, TimestampCombiner combiner) {
        throw notGenerated("a watermark hold");
    }
}
