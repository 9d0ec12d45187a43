package dev.tidemark.runner.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.runner.plan.Edge;
import dev.tidemark.runner.plan.Edge.Routing;
import dev.tidemark.runner.time.Watermarks;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.WindowedValues;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private static final int BATCH = 4;

    private final Outbox outbox = new Outbox(BATCH);

    private static List<Channel> channels(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Channel(() -> {}, () -> {}))
                .toList();
    }

    private static Edge edge(Routing routing) {
        return new Edge(0, 0, 0, 1, 1, routing, routing == Routing.BY_KEY ? StringUtf8Coder.of() : null, false);
    }

    private static List<Object> values(Channel channel) {
        List<Object> values = new ArrayList<>();
        for (Signal signal = channel.poll(); signal != null; signal = channel.poll()) {
            if (signal instanceof Batch batch) {
                for (int i = 0; i < batch.size(); i++) {
                    values.add(batch.take(i).getValue());
                }
                if (batch.watermark() > Watermarks.MIN) {
                    values.add(new Signal.Watermark(batch.watermark()));
                }
            } else {
                values.add(signal);
            }
        }
        return values;
    }

    @Test
    void aFullBatchGoesAtOnceAndTheRestWithAFlush() {
        List<Channel> one = channels(1);
        Outbox.Port port = outbox.connect(edge(Routing.SPREAD), 0, 1, one);

        for (int i = 0; i < BATCH + 1; i++) {
            port.accept(WindowedValues.valueInGlobalWindow(i));
        }
        assertThat(values(one.get(0))).containsExactly(0, 1, 2, 3);

        outbox.flush();
        assertThat(values(one.get(0))).containsExactly(4);
    }

    @Test
    void whatTheChannelHasNoRoomForIsKeptInOrderUntilItDrains() {
        List<Channel> one = channels(1);
        Outbox.Port port = outbox.connect(edge(Routing.SPREAD), 0, 1, one);
        int count = BATCH * (Channel.CAPACITY + 3);
        for (int i = 0; i < count; i++) {
            port.accept(WindowedValues.valueInGlobalWindow(i));
        }
        assertThat(outbox.hasRoom()).isFalse();

        List<Object> received = new ArrayList<>(values(one.get(0)));
        outbox.drain();
        received.addAll(values(one.get(0)));

        assertThat(outbox.hasRoom()).isTrue();
        assertThat(received)
                .containsExactlyElementsOf(IntStream.range(0, count)
                        .boxed()
                        .map(Object.class::cast)
                        .toList());
    }

    @Test
    void aWatermarkComesAfterTheElementsBeforeItAndOnlyWhenItRose() {
        List<Channel> one = channels(1);
        Outbox.Port port = outbox.connect(edge(Routing.SPREAD), 0, 1, one);

        port.accept(WindowedValues.valueInGlobalWindow("a"));
        port.raise(5);
        port.raise(5);
        port.raise(4);

        assertThat(values(one.get(0))).containsExactly("a", new Signal.Watermark(5));
    }

    @Test
    void aWatermarkThatRisesBehindElementsTravelsWithThemAndAloneWhereThereAreNone() {
        List<Channel> two = channels(2);
        Outbox.Port port = outbox.connect(edge(Routing.SPREAD), 0, 1, two);

        port.accept(WindowedValues.valueInGlobalWindow("pane"));
        port.raise(5);

        List<Signal> signals = new ArrayList<>();
        for (Channel channel : two) {
            signals.add(channel.poll());
            assertThat(channel.poll()).isNull();
        }
        assertThat(signals)
                .contains(new Signal.Watermark(5))
                .anySatisfy(signal -> assertThat(((Batch) signal).watermark()).isEqualTo(5));
    }

    @Test
    void aKeyAlwaysTakesTheSameChannel() {
        List<Channel> three = channels(3);
        Outbox.Port port = outbox.connect(edge(Routing.BY_KEY), 0, 1, three);
        for (int round = 0; round < 3; round++) {
            for (int key = 0; key < 20; key++) {
                port.accept(WindowedValues.valueInGlobalWindow(KV.of("key" + key, round)));
            }
            outbox.flush();
        }
        int seen = 0;
        List<Object> elsewhere = new ArrayList<>();
        for (Channel channel : three) {
            List<Object> keys = values(channel).stream()
                    .map(kv -> (Object) ((KV<?, ?>) kv).getKey())
                    .toList();
            seen += keys.size();
            assertThat(keys).noneMatch(elsewhere::contains);
            elsewhere.addAll(keys);
        }
        assertThat(seen).isEqualTo(60);
    }

    @Test
    void aBroadcastReachesEveryChannel() {
        List<Channel> two = channels(2);
        outbox.connect(edge(Routing.BROADCAST), 0, 1, two).accept(WindowedValues.valueInGlobalWindow("v"));
        outbox.flush();

        assertThat(values(two.get(0))).containsExactly("v");
        assertThat(values(two.get(1))).containsExactly("v");
    }

    @Test
    void theClockIsToldBehindWhatWasEmittedBeforeAndOnlyToThoseWhoAsk() {
        List<Channel> two = channels(2);
        Outbox.Port port = outbox.connect(edge(Routing.BROADCAST), 0, 1, two);
        port.accept(WindowedValues.valueInGlobalWindow("before"));
        assertThat(outbox.isAskedForClock()).isFalse();

        two.get(1).askForClock();
        assertThat(outbox.isAskedForClock()).isTrue();
        outbox.tellClock(7);
        outbox.flush();

        assertThat(values(two.get(0))).containsExactly("before");
        assertThat(values(two.get(1))).containsExactly("before", new Signal.Clock(7));
        assertThat(outbox.isAskedForClock()).isFalse();
    }

    @Test
    void whoHearsOfARiseFirstFindsThatAllHaveIt() {
        List<Channel> two = new ArrayList<>();
        List<Boolean> readable = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            two.add(new Channel(() -> two.forEach(channel -> readable.add(channel.isReadable())), () -> {}));
        }
        Outbox.Port port = outbox.connect(edge(Routing.BROADCAST), 0, 1, two);
        port.raise(5);
        assertThat(readable).hasSize(4).doesNotContain(false);
    }
}
