package dev.tidemark.processor.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.Timeline.Entry;
import dev.tidemark.runtime.TimelineCell;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.beam.sdk.state.OrderedListState;
import org.apache.beam.sdk.state.ReadableState;
import org.apache.beam.sdk.values.TimestampedValue;
import org.junit.jupiter.api.Test;

final class TimelineCellTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final OnePerTimestamp<List<String>> state = new OnePerTimestamp<>();
    private final TimelineCell<String> timeline = new TimelineCell<>();

    @Test
    void entriesOfOneTimeAreAllKeptEvenWhereARunnerKeepsOneElementPerTimestamp() {
        handle(() -> timeline.add(NOON, "a"));
        handle(() -> {
            timeline.add(NOON, "b");
            timeline.add(NOON.plusMillis(1), "d");
            timeline.add(NOON, "c");
        });
        handle(() -> {
            assertThat(timeline.list())
                    .containsExactly(
                            new Entry<>(NOON, "a"),
                            new Entry<>(NOON, "b"),
                            new Entry<>(NOON, "c"),
                            new Entry<>(NOON.plusMillis(1), "d"));
            assertThat(timeline.countSince(NOON)).isEqualTo(4);
            assertThat(timeline.countSince(NOON.plusMillis(1))).isEqualTo(1);
        });
    }

    @Test
    void whatIsDroppedIsDroppedBeforeWhatTheSameHandlerAddsIsKept() {
        handle(() -> {
            timeline.add(NOON, "a");
            timeline.add(NOON.plusMillis(5), "b");
        });
        handle(() -> {
            timeline.dropBefore(NOON.plusMillis(5));
            timeline.add(NOON, "late");
            assertThat(timeline.list())
                    .containsExactly(new Entry<>(NOON, "late"), new Entry<>(NOON.plusMillis(5), "b"));
        });
        handle(() -> assertThat(timeline.countSince(NOON)).isEqualTo(2));
        handle(timeline::clear);
        handle(() -> assertThat(timeline.isEmpty()).isTrue());
        assertThat(state.isEmpty().read()).isTrue();
    }

    @Test
    void whatAHandlerThatThrewHasDoneIsForgotten() {
        handle(() -> timeline.add(NOON, "a"));
        timeline.open(state);
        timeline.clear();
        timeline.add(NOON, "b");
        timeline.release();
        handle(() -> assertThat(timeline.list()).containsExactly(new Entry<>(NOON, "a")));
    }

    private void handle(Runnable handler) {
        timeline.open(state);
        handler.run();
        timeline.commit();
    }

    /** As Beam's Flink runner keeps ordered lists. */
    private static final class OnePerTimestamp<T> implements OrderedListState<T> {
        private final NavigableMap<Long, TimestampedValue<T>> entries = new TreeMap<>();

        @Override
        public void add(TimestampedValue<T> value) {
            entries.put(value.getTimestamp().getMillis(), value);
        }

        @Override
        public Iterable<TimestampedValue<T>> readRange(org.joda.time.Instant from, org.joda.time.Instant limit) {
            return List.copyOf(
                    entries.subMap(from.getMillis(), limit.getMillis()).values());
        }

        @Override
        public void clearRange(org.joda.time.Instant from, org.joda.time.Instant limit) {
            entries.subMap(from.getMillis(), limit.getMillis()).clear();
        }

        @Override
        public OrderedListState<T> readRangeLater(org.joda.time.Instant from, org.joda.time.Instant limit) {
            return this;
        }

        @Override
        public ReadableState<Boolean> isEmpty() {
            return new ReadableState<>() {
                @Override
                public Boolean read() {
                    return entries.isEmpty();
                }

                @Override
                public ReadableState<Boolean> readLater() {
                    return this;
                }
            };
        }

        @Override
        public Iterable<TimestampedValue<T>> read() {
            return List.copyOf(entries.values());
        }

        @Override
        public OrderedListState<T> readLater() {
            return this;
        }

        @Override
        public void clear() {
            entries.clear();
        }
    }
}
