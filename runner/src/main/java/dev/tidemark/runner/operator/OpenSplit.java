package dev.tidemark.runner.operator;

import dev.tidemark.runner.flow.Receiver;
import dev.tidemark.runner.plan.Step.ReadLimit;
import dev.tidemark.runner.time.Watermarks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.io.UnboundedSource.CheckpointMark;
import org.apache.beam.sdk.io.UnboundedSource.UnboundedReader;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.values.WindowedValue;
import org.apache.beam.sdk.values.WindowedValues;

/** One split of an unbounded source, its open reader, and the marks that wait for their checkpoint. Owned by one task. */
final class OpenSplit<T, MarkT extends CheckpointMark> {
    /** How many record ids a source that may redeliver is remembered by. */
    static final int REMEMBERED_IDS = 1 << 20;

    /** A mark handed to checkpoint {@code epoch}; the original object, because a decoded one may not know how to finalize. */
    private record PendingMark(long epoch, CheckpointMark mark) {}

    private final int number;
    private final UnboundedReader<T> reader;
    private final Coder<MarkT> markCoder;
    private final boolean deduplicates;
    private final Set<Id> seen = new HashSet<>();
    private final Queue<Id> seenInOrder = new ArrayDeque<>();
    private final Queue<PendingMark> pending = new ArrayDeque<>();
    private final ReadLimit limit;
    private final long endMillis;
    private boolean started;
    private long read;

    /** A record id: bytes with equality. */
    private record Id(ByteBuffer bytes) {}

    /** @param nowMillis when the time of the limit begins */
    OpenSplit(int number, UnboundedSource<T, MarkT> source, ReadLimit limit, long nowMillis, PipelineOptions options)
            throws IOException {
        this.number = number;
        this.limit = limit;
        this.endMillis = limit.millis() > Long.MAX_VALUE - nowMillis ? Long.MAX_VALUE : nowMillis + limit.millis();
        this.reader = source.createReader(options, null);
        this.markCoder = source.getCheckpointMarkCoder();
        this.deduplicates = source.requiresDeduping();
    }

    int number() {
        return number;
    }

    /** Whether as much has been read as should be. */
    boolean isAtLimit(long nowMillis) {
        return read >= limit.records() || nowMillis >= endMillis;
    }

    /** Emits one element if the reader has one now, and the limit allows another. */
    boolean readOne(Receiver output) throws IOException {
        if (read >= limit.records()) {
            return false;
        }
        boolean available = started ? reader.advance() : reader.start();
        started = true;
        if (!available) {
            return false;
        }
        read++;
        if (deduplicates
                && !remember(new Id(ByteBuffer.wrap(reader.getCurrentRecordId().clone())))) {
            return true;
        }
        WindowedValue<T> element = WindowedValues.of(
                reader.getCurrent(), reader.getCurrentTimestamp(), GlobalWindow.INSTANCE, PaneInfo.NO_FIRING);
        output.accept(element);
        return true;
    }

    private boolean remember(Id id) {
        if (!seen.add(id)) {
            return false;
        }
        seenInOrder.add(id);
        if (seen.size() > REMEMBERED_IDS) {
            seen.remove(seenInOrder.remove());
        }
        return true;
    }

    /** The reader's watermark; the beginning of time while it has not started. */
    long watermark() {
        return started ? reader.getWatermark().getMillis() : Watermarks.MIN;
    }

    /** Takes a mark of what has been read; empty for a reader that has not started. */
    @SuppressWarnings("unchecked") // a reader's marks are of the type its source declares
    byte[] mark(long epoch) throws IOException {
        if (!started) {
            return new byte[0];
        }
        CheckpointMark mark = reader.getCheckpointMark();
        pending.add(new PendingMark(epoch, mark));
        return CoderUtils.encodeToByteArray(markCoder, (MarkT) mark);
    }

    /** Finalizes the marks of this checkpoint and of any before it, in order. */
    void committed(long epoch) throws IOException {
        for (PendingMark first = pending.peek(); first != null && first.epoch() <= epoch; first = pending.peek()) {
            pending.remove();
            first.mark().finalizeCheckpoint();
        }
    }

    void close() throws IOException {
        reader.close();
    }
}
