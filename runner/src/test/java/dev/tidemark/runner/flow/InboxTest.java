package dev.tidemark.runner.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.runner.time.Watermarks;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.values.WindowedValues;
import org.junit.jupiter.api.Test;

class InboxTest {
    private final Channel left = new Channel(() -> {}, () -> {});
    private final Channel right = new Channel(() -> {}, () -> {});
    private final Inbox inbox = new Inbox();

    private static void send(Channel channel, Signal signal) {
        assertThat(channel.offer(signal)).isTrue();
    }

    @Test
    void anEntryHasTheSmallestWatermarkOfItsChannels() {
        Inbox.Entry entry = inbox.addEntry(1, false, List.of(left, right));
        send(left, new Signal.Watermark(10));
        send(right, new Signal.Watermark(4));

        assertThat(inbox.poll()).satisfies(arrival -> assertThat(arrival.rose()).isFalse());
        assertThat(inbox.poll()).satisfies(arrival -> assertThat(arrival.rose()).isTrue());
        assertThat(entry.watermark()).isEqualTo(4);
    }

    @Test
    void aWatermarkThatCameWithElementsCountsOnceTheyHaveBeenTaken() {
        Inbox.Entry entry = inbox.addEntry(1, false, List.of(left));
        Batch pane = new Batch(4);
        assertThat(pane.add(WindowedValues.valueInGlobalWindow("pane"))).isFalse();
        pane.followedBy(10);
        send(left, pane);

        Inbox.Arrival arrival = Objects.requireNonNull(inbox.poll());
        assertThat(arrival.rose()).isFalse();
        assertThat(entry.watermark()).isEqualTo(Watermarks.MIN);

        assertThat(inbox.taken(arrival)).isTrue();
        assertThat(entry.watermark()).isEqualTo(10);
    }

    @Test
    void aChannelIsNotReadBeyondABarrierUntilAllHaveIt() {
        inbox.addEntry(1, false, List.of(left, right));
        send(left, new Signal.Barrier(1));
        send(left, new Signal.Watermark(10));

        assertThat(inbox.poll()).isNotNull();
        assertThat(inbox.barrier()).isEqualTo(Inbox.NONE);
        assertThat(inbox.poll()).isNull();

        send(right, new Signal.Barrier(1));
        assertThat(inbox.poll()).isNotNull();
        assertThat(inbox.barrier()).isEqualTo(1);

        inbox.unblock();
        assertThat(inbox.poll())
                .satisfies(arrival -> assertThat(arrival.signal()).isEqualTo(new Signal.Watermark(10)));
    }

    @Test
    void aChannelThatEndedCountsAsHavingEveryBarrier() {
        inbox.addEntry(1, false, List.of(left, right));
        send(left, new Signal.EndOfInput());
        send(right, new Signal.Barrier(7));

        assertThat(inbox.poll()).isNotNull();
        assertThat(inbox.poll()).isNotNull();

        assertThat(inbox.barrier()).isEqualTo(7);
    }

    @Test
    void aGateKeepsTheOthersWaitingUntilItEnds() {
        inbox.addEntry(1, false, List.of(left));
        inbox.addEntry(2, true, List.of(right));
        send(left, new Signal.Watermark(10));

        assertThat(inbox.poll()).isNull();
        send(right, new Signal.EndOfInput());
        assertThat(inbox.poll()).isNotNull();

        assertThat(inbox.isGated()).isFalse();
        assertThat(inbox.poll())
                .satisfies(arrival -> assertThat(arrival.signal()).isEqualTo(new Signal.Watermark(10)));
    }

    @Test
    void theEndRaisesTheWatermarkToTheEndOfTime() {
        Inbox.Entry entry = inbox.addEntry(1, false, List.of(left));
        send(left, new Signal.EndOfInput());

        assertThat(inbox.poll()).isNotNull();

        assertThat(inbox.isEnded()).isTrue();
        assertThat(entry.watermark()).isEqualTo(Watermarks.MAX);
    }

    @Test
    void theClockIsTheOneThatHasComeTheLeastFar() {
        inbox.addEntry(1, false, List.of(left));
        inbox.addEntry(2, false, List.of(right));
        assertThat(inbox.clock()).isEqualTo(Inbox.NONE);

        send(left, new Signal.Clock(10));
        assertThat(inbox.poll()).satisfies(arrival -> assertThat(arrival.rose()).isFalse());
        assertThat(inbox.clock()).isEqualTo(Inbox.NONE);
        send(right, new Signal.Clock(4));
        assertThat(inbox.poll()).satisfies(arrival -> assertThat(arrival.rose()).isTrue());
        assertThat(inbox.clock()).isEqualTo(4);

        send(right, new Signal.EndOfInput());
        assertThat(inbox.poll()).satisfies(arrival -> assertThat(arrival.rose()).isTrue());
        assertThat(inbox.clock()).as("who has ended is not waited for").isEqualTo(10);
    }

    @Test
    void onlyThoseAreAskedWhoHaveNotSaidEnough() {
        inbox.addEntry(1, false, List.of(left, right));
        send(left, new Signal.Clock(10));
        send(right, new Signal.Clock(4));
        inbox.poll();
        inbox.poll();

        inbox.ask(4);
        assertThat(left.isAskedForClock()).isFalse();
        assertThat(right.isAskedForClock()).isTrue();
    }

    @Test
    void aTaskWithoutInputWaitsForNobody() {
        assertThat(new Inbox().clock()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whatComesAfterAMarkIsNotWaitedFor() {
        inbox.addEntry(1, false, List.of(left, right));
        Batch processing = new Batch(4);
        processing.add(WindowedValues.valueInGlobalWindow("in the middle of it"));
        send(left, processing);
        Inbox.Arrival arrived = Objects.requireNonNull(inbox.poll());
        send(right, new Signal.Watermark(4));

        inbox.mark(arrived);
        send(left, new Signal.Watermark(10));
        send(right, new Signal.Watermark(10));
        assertThat(inbox.isPastMark()).isFalse();
        inbox.taken(arrived);
        assertThat(inbox.isPastMark()).as("the other has not been read").isFalse();
        inbox.poll();
        assertThat(inbox.isPastMark()).isTrue();
        assertThat(inbox.isReadable()).isTrue();
    }
}
