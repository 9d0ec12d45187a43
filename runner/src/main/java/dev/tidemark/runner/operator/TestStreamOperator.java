package dev.tidemark.runner.operator;

import dev.tidemark.runner.flow.Receiver;
import dev.tidemark.runner.plan.RowKind;
import dev.tidemark.runner.time.Watermarks;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.apache.beam.sdk.values.TimestampedValue;
import org.apache.beam.sdk.values.WindowedValues;

/**
 * Plays the events of a {@code TestStream}, one for each request. The scheduler asks only when everything else has come to rest,
 * so each event's consequences are complete before the next; the clock is one that these events move.
 */
final class TestStreamOperator extends SourceOperator {
    private final Queue<TestStream.Event<?>> events;
    private final Receiver output;
    private final Turn turn;
    private final LongConsumer moveClock;
    private int played;
    private long watermark = Watermarks.MIN;
    /** Whether the clock has been moved in the turn before: what rings then rings at the beginning of this one. */
    private boolean clockRings;

    TestStreamOperator(List<TestStream.Event<?>> events, Receiver output, Turn turn, LongConsumer moveClock) {
        this.events = new ArrayDeque<>(events);
        this.output = output;
        this.turn = turn;
        this.moveClock = moveClock;
    }

    @Override
    Progress read(int budget, BooleanSupplier mayReadOn) {
        if (clockRings) {
            // What has rung in this task is not complete before this turn is over; the next event waits for the next
            // turn.
            clockRings = false;
            return Progress.MORE;
        }
        TestStream.Event<?> event = events.poll();
        if (event == null) {
            watermark = Watermarks.MAX;
            return Progress.ENDED;
        }
        played++;
        if (event instanceof TestStream.ElementEvent<?> elements) {
            for (TimestampedValue<?> each : elements.getElements()) {
                output.accept(WindowedValues.of(
                        each.getValue(), each.getTimestamp(), GlobalWindow.INSTANCE, PaneInfo.NO_FIRING));
            }
        } else if (event instanceof TestStream.WatermarkEvent<?> rise) {
            watermark = Math.max(watermark, rise.getWatermark().getMillis());
        } else if (event instanceof TestStream.ProcessingTimeEvent<?> advance) {
            moveClock.accept(
                    turn.nowMillis() + advance.getProcessingTimeAdvance().getMillis());
            clockRings = true;
        } else {
            throw new IllegalStateException("a TestStream has an event of the unknown kind " + event.getClass());
        }
        return Progress.MORE;
    }

    @Override
    String readSoFar() {
        return "event " + played + " of the TestStream";
    }

    /** Events that have been played are not played again; time goes on from where they left it. */
    @Override
    void restoreState() {
        byte[] row = ledger().get(RowKind.SPLIT, 0, new byte[0]);
        if (row != null) {
            ByteBuffer left = ByteBuffer.wrap(row);
            for (played = 0; played < left.getInt(0); played++) {
                events.remove();
            }
            watermark = left.getLong(Integer.BYTES);
            moveClock.accept(left.getLong(Integer.BYTES + Long.BYTES));
        }
    }

    @Override
    void saveState(long epoch) {
        ledger().put(
                        RowKind.SPLIT,
                        0,
                        new byte[0],
                        ByteBuffer.allocate(Integer.BYTES + 2 * Long.BYTES)
                                .putInt(played)
                                .putLong(watermark)
                                .putLong(turn.nowMillis())
                                .array());
    }

    @Override
    long sourceWatermark() {
        return watermark;
    }
}
