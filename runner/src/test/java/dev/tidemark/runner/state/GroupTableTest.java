package dev.tidemark.runner.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.runner.state.GroupTable.Group;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.transforms.Sum;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.transforms.windowing.Sessions;
import org.apache.beam.sdk.transforms.windowing.TimestampCombiner;
import org.apache.beam.sdk.transforms.windowing.WindowFn;
import org.apache.beam.sdk.values.WindowingStrategy;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupTableTest {
    private static final long NO_LIMIT = Long.MAX_VALUE;
    private static final Duration GAP = Duration.millis(5);

    @SuppressWarnings("unchecked") // for the plan a windowing has no types
    private static WindowingStrategy<?, BoundedWindow> windowing(WindowFn<?, ?> fn, TimestampCombiner combiner) {
        return (WindowingStrategy<?, BoundedWindow>) WindowingStrategy.of(fn).withTimestampCombiner(combiner);
    }

    @SuppressWarnings("unchecked") // as in the plan
    private static Coder<Object> coder(Coder<?> coder) {
        return (Coder<Object>) coder;
    }

    private static GroupTable lists(Coder<?> keyCoder, WindowingStrategy<?, BoundedWindow> windowing, long budget) {
        return new GroupTable(coder(keyCoder), new Grouping.Values(coder(VarIntCoder.of())), windowing, budget);
    }

    private static List<Group> taken(GroupTable table) {
        List<Group> groups = new ArrayList<>();
        table.groups().forEachRemaining(groups::add);
        return groups;
    }

    private static List<Integer> values(@Nullable Object grouped) {
        List<Integer> values = new ArrayList<>();
        ((Iterable<?>) Objects.requireNonNull(grouped)).forEach(value -> values.add((Integer) value));
        return values;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2_000, 50_000, NO_LIMIT})
    void everyValueComesOutOnceWithItsKeyAndWindowHoweverLittleMemoryThereIs(long budget) {
        long seed = 7 + budget;
        Random random = new Random(seed);
        FixedWindows fixed = FixedWindows.of(Duration.millis(100));
        GroupTable table = lists(StringUtf8Coder.of(), windowing(fixed, TimestampCombiner.LATEST), budget);
        Map<String, List<Integer>> expected = new TreeMap<>();
        Map<String, Long> latest = new TreeMap<>();
        for (int i = 0; i < 2_000; i++) {
            // One key in ten is much more frequent than the others.
            String key = "k" + (random.nextInt(3) == 0 ? 0 : random.nextInt(50));
            Instant time = Instant.ofEpochMilli(random.nextInt(300));
            IntervalWindow window = fixed.assignWindow(time);
            table.add(key, i, window, time);
            expected.computeIfAbsent(key + window, none -> new ArrayList<>()).add(i);
            latest.merge(key + window, time.getMillis(), Math::max);
        }

        Map<String, List<Integer>> actual = new TreeMap<>();
        for (Group group : taken(table)) {
            String place = (String) group.key() + group.window();
            List<Integer> values = values(group.value());
            values.sort(Comparator.naturalOrder());
            assertThat(actual.put(place, values))
                    .as("a second group of %s, seed %d", place, seed)
                    .isNull();
            assertThat(group.timestamp().getMillis()).isEqualTo(latest.get(place));
        }
        assertThat(actual).as("seed %d", seed).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 5_000, NO_LIMIT})
    void sessionsAreMergedInMemoryAndOnDiskAlike(long budget) {
        long seed = 11 + budget;
        Random random = new Random(seed);
        GroupTable table = lists(
                StringUtf8Coder.of(), windowing(Sessions.withGapDuration(GAP), TimestampCombiner.EARLIEST), budget);
        Map<String, Map<Long, List<Integer>>> byTime = new TreeMap<>();
        for (int i = 0; i < 600; i++) {
            String key = "k" + random.nextInt(8);
            long time = random.nextInt(1_000);
            table.add(key, i, new IntervalWindow(Instant.ofEpochMilli(time), GAP), Instant.ofEpochMilli(time));
            byTime.computeIfAbsent(key, none -> new TreeMap<>())
                    .computeIfAbsent(time, none -> new ArrayList<>())
                    .add(i);
        }

        Map<String, List<Integer>> actual = new TreeMap<>();
        for (Group group : taken(table)) {
            List<Integer> values = values(group.value());
            values.sort(Comparator.naturalOrder());
            actual.put(group.key() + " from " + group.timestamp().getMillis() + " in " + group.window(), values);
        }
        assertThat(actual).as("seed %d", seed).isEqualTo(sessions(byTime));
    }

    /** A loop that knows nothing of windows: a session goes on while the next time is less than the gap away. */
    private static Map<String, List<Integer>> sessions(Map<String, Map<Long, List<Integer>>> byTime) {
        Map<String, List<Integer>> sessions = new TreeMap<>();
        byTime.forEach((key, times) -> {
            long begin = -1;
            long last = -1;
            List<Integer> values = new ArrayList<>();
            for (Map.Entry<Long, List<Integer>> each : times.entrySet()) {
                if (begin >= 0 && each.getKey() >= last + GAP.getMillis()) {
                    put(sessions, key, begin, last, values);
                    begin = -1;
                    values = new ArrayList<>();
                }
                begin = begin < 0 ? each.getKey() : begin;
                last = each.getKey();
                values.addAll(each.getValue());
            }
            put(sessions, key, begin, last, values);
        });
        return sessions;
    }

    private static void put(
            Map<String, List<Integer>> sessions, String key, long begin, long last, List<Integer> values) {
        values.sort(Comparator.naturalOrder());
        IntervalWindow window = new IntervalWindow(
                Instant.ofEpochMilli(begin), Instant.ofEpochMilli(last).plus(GAP));
        sessions.put(key + " from " + begin + " in " + window, values);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 3_000, NO_LIMIT})
    @SuppressWarnings({"unchecked", "rawtypes"}) // as in the plan
    void accumulatorsOfAllRunsAreMerged(long budget) {
        Grouping sum = new Grouping.Accumulators(
                (CombineFn) Sum.ofLongs(), coder(Sum.ofLongs().getAccumulatorCoder(null, VarLongCoder.of())));
        GroupTable table = new GroupTable(
                coder(VarIntCoder.of()), sum, windowing(new GlobalWindows(), TimestampCombiner.END_OF_WINDOW), budget);
        Map<Object, Object> expected = new HashMap<>();
        for (int i = 0; i < 1_000; i++) {
            table.add(i % 7, (long) i, GlobalWindow.INSTANCE, BoundedWindow.TIMESTAMP_MIN_VALUE);
            expected.merge(i % 7, (long) i, (a, b) -> (Long) a + (Long) b);
        }

        Map<Object, Object> actual = new HashMap<>();
        taken(table).forEach(group -> actual.put(group.key(), group.value()));
        assertThat(actual).isEqualTo(expected);
    }

    @Test
    void valuesOnDiskCanBeReadAgainAndByTwoAtOnce() {
        GroupTable table =
                lists(StringUtf8Coder.of(), windowing(new GlobalWindows(), TimestampCombiner.END_OF_WINDOW), 20_000);
        List<Integer> expected = new ArrayList<>();
        for (int i = 0; i < 50_000; i++) {
            table.add("k", i, GlobalWindow.INSTANCE, BoundedWindow.TIMESTAMP_MIN_VALUE);
            expected.add(i);
        }
        List<Group> groups = taken(table);
        assertThat(groups).hasSize(1);
        Iterable<?> values = (Iterable<?>) Objects.requireNonNull(groups.get(0).value());
        assertThat(values).as("this many are not to be in memory").isNotInstanceOf(List.class);

        Iterator<?> first = values.iterator();
        assertThat(first.next()).isEqualTo(0);
        assertThat(values(values)).isEqualTo(expected);
        assertThat(first.next()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, NO_LIMIT})
    void keysAreComparedByWhatTheyHoldAndMayBeNull(long budget) {
        GroupTable table = lists(
                NullableCoder.of(ByteArrayCoder.of()),
                windowing(new GlobalWindows(), TimestampCombiner.END_OF_WINDOW),
                budget);
        for (int i = 0; i < 6; i++) {
            byte[] key = i % 3 == 0 ? null : Integer.toString(i % 3).getBytes(StandardCharsets.UTF_8);
            table.add(key, i, GlobalWindow.INSTANCE, BoundedWindow.TIMESTAMP_MIN_VALUE);
        }
        assertThat(taken(table).stream().map(group -> values(group.value())))
                .containsExactlyInAnyOrder(List.of(0, 3), List.of(1, 4), List.of(2, 5));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, NO_LIMIT})
    void windowsThatWereMergedBeforeAreNotMergedAgain(long budget) {
        GroupTable table = lists(
                StringUtf8Coder.of(),
                windowing(Sessions.withGapDuration(GAP), TimestampCombiner.END_OF_WINDOW)
                        .withAlreadyMerged(true),
                budget);
        table.add("k", 1, new IntervalWindow(Instant.ofEpochMilli(0), GAP), Instant.ofEpochMilli(0));
        table.add("k", 2, new IntervalWindow(Instant.ofEpochMilli(2), GAP), Instant.ofEpochMilli(2));
        assertThat(taken(table).stream().map(group -> values(group.value())))
                .containsExactlyInAnyOrder(List.of(1), List.of(2));
    }

    @Test
    void nothingComesOutOfNothing() {
        assertThat(taken(lists(
                        StringUtf8Coder.of(), windowing(new GlobalWindows(), TimestampCombiner.END_OF_WINDOW), 1)))
                .isEmpty();
    }
}
