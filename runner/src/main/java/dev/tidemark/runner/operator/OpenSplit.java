package dev.tidemark.runner.operator;

import dev.tidemark.runner.flow.Receiver;
import dev.tidemark.runner.plan.RowKind;
import dev.tidemark.runner.plan.Step.ReadLimit;
import dev.tidemark.runner.state.StepLedger;
import dev.tidemark.runner.time.Watermarks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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

    /** What a split's row is called that says when its time is over. */
    private static final int END = 1;

    private final int number;
    private final UnboundedSource<T, MarkT> source;
    private final UnboundedReader<T> reader;
    private final Coder<MarkT> markCoder;
    private final boolean deduplicates;
    private final Set<Id> seen = new HashSet<>();
    private final Queue<Id> seenInOrder = new ArrayDeque<>();
    private final Queue<PendingMark> pending = new ArrayDeque<>();
    /** Ids that no epoch has yet. */
    private final List<Id> newIds = new ArrayList<>();

    /** The rows of ids in the ledger, oldest first. */
    private final Queue<Kept> keptIds = new ArrayDeque<>();

    private long keptCount;
    private final StepLedger ledger;
    private final ReadLimit limit;
    private final long endMillis;
    private boolean endIsKept;
    private boolean started;
    private long read;

    /** A row of the ledger, and how many ids are in it. */
    private record Kept(long epoch, int count) {}

    /** A record id: bytes with equality. */
    private record Id(ByteBuffer bytes) {}

    /**
     * Opens the split where the last committed epoch left it, or at its beginning.
     *
     * @param nowMillis when the time of the limit begins, unless an epoch before has it: nobody gets it twice
     */
    OpenSplit(
            int number,
            UnboundedSource<T, MarkT> source,
            ReadLimit limit,
            long nowMillis,
            PipelineOptions options,
            StepLedger ledger)
            throws IOException {
        this.number = number;
        this.source = source;
        this.limit = limit;
        this.ledger = ledger;
        byte[] end = ledger.get(RowKind.SPLIT, 0, endKey());
        this.endIsKept = end != null;
        this.endMillis =
                end == null ? endAfter(limit, nowMillis) : ByteBuffer.wrap(end).getLong();
        this.markCoder = source.getCheckpointMarkCoder();
        this.deduplicates = source.requiresDeduping();
        byte[] row = ledger.get(RowKind.SPLIT, 0, key(number));
        MarkT mark = null;
        if (row != null) {
            ByteBuffer left = ByteBuffer.wrap(row);
            read = left.getLong();
            byte[] encoded = new byte[left.remaining()];
            left.get(encoded);
            mark = CoderUtils.decodeFromByteArray(markCoder, encoded);
        }
        this.reader = mark == null ? source.createReader(options, null) : readerFrom(source, mark, options);
        if (deduplicates) {
            ledger.readAll(RowKind.SEEN, (group, rest, ids) -> {
                if (ByteBuffer.wrap(rest).getInt() == number) {
                    takeSeen(rest, ids);
                }
            });
        }
    }

    private UnboundedReader<T> readerFrom(UnboundedSource<T, MarkT> source, MarkT mark, PipelineOptions options)
            throws IOException {
        try {
            return source.createReader(options, mark);
        } catch (IllegalStateException | IllegalArgumentException e) {
            throw new IllegalStateException(
                    "TM-STATE-008: part " + number
                            + " of a source does not take the position that the checkpoint has of it ("
                            + e.getMessage()
                            + "): what it reads is not what it was. Put back what was there, or begin with nothing with"
                            + " --tidemarkRestore=none. Of KafkaIO: if its topics have more partitions now, name those of before with"
                            + " withTopicPartitions, or begin anew with withDynamicRead and --experiments=use_sdf_read,beam_fn_api, which reads new ones.",
                    e);
        }
    }

    private static long endAfter(ReadLimit limit, long nowMillis) {
        return limit.millis() > Long.MAX_VALUE - nowMillis ? Long.MAX_VALUE : nowMillis + limit.millis();
    }

    private static byte[] key(int number) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
    }

    private byte[] endKey() {
        return ByteBuffer.allocate(2 * Integer.BYTES).putInt(number).putInt(END).array();
    }

    private byte[] seenKey(long epoch) {
        return ByteBuffer.allocate(Integer.BYTES + Long.BYTES)
                .putInt(number)
                .putLong(epoch)
                .array();
    }

    /** A row of ids: each with its length before it. */
    private void takeSeen(byte[] rest, byte[] ids) {
        ByteBuffer left = ByteBuffer.wrap(ids);
        int count = 0;
        while (left.hasRemaining()) {
            byte[] id = new byte[left.getInt()];
            left.get(id);
            remember(new Id(ByteBuffer.wrap(id)));
            count++;
        }
        newIds.clear();
        keptIds.add(new Kept(ByteBuffer.wrap(rest).getLong(Integer.BYTES), count));
        keptCount += count;
    }

    int number() {
        return number;
    }

    UnboundedSource<T, MarkT> source() {
        return source;
    }

    /** How many records have been read, since the job began. */
    long read() {
        return read;
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
        if (ledger.isKept()) {
            newIds.add(id);
        }
        if (seen.size() > REMEMBERED_IDS) {
            seen.remove(seenInOrder.remove());
        }
        return true;
    }

    /** The reader's watermark; the beginning of time while it has not started. */
    long watermark() {
        return started ? reader.getWatermark().getMillis() : Watermarks.MIN;
    }

    /** Takes a mark of what has been read, for checkpoint {@code epoch}; none of a reader that has not started. */
    @SuppressWarnings("unchecked") // a reader's marks are of the type its source declares
    void mark(long epoch) throws IOException {
        if (endMillis < Long.MAX_VALUE && !endIsKept && ledger.isKept()) {
            endIsKept = true;
            ledger.put(
                    RowKind.SPLIT,
                    0,
                    endKey(),
                    ByteBuffer.allocate(Long.BYTES).putLong(endMillis).array());
        }
        if (!started) {
            return;
        }
        CheckpointMark mark = reader.getCheckpointMark();
        pending.add(new PendingMark(epoch, mark));
        if (ledger.isKept()) {
            byte[] encoded = CoderUtils.encodeToByteArray(markCoder, (MarkT) mark);
            byte[] row = ByteBuffer.allocate(Long.BYTES + encoded.length)
                    .putLong(read)
                    .put(encoded)
                    .array();
            ledger.put(RowKind.SPLIT, 0, key(number), row);
            keepNewIds(epoch);
        }
    }

    /** Rows of ids go once all of their ids are forgotten. */
    private void keepNewIds(long epoch) {
        if (!newIds.isEmpty()) {
            int length = 0;
            for (Id id : newIds) {
                length += Integer.BYTES + id.bytes().capacity();
            }
            ByteBuffer row = ByteBuffer.allocate(length);
            newIds.forEach(
                    id -> row.putInt(id.bytes().capacity()).put(id.bytes().array()));
            ledger.put(RowKind.SEEN, 0, seenKey(epoch), row.array());
            keptIds.add(new Kept(epoch, newIds.size()));
            keptCount += newIds.size();
            newIds.clear();
        }
        for (Kept first = keptIds.peek();
                first != null && keptCount - first.count() >= seen.size();
                first = keptIds.peek()) {
            keptIds.remove();
            keptCount -= first.count();
            ledger.delete(RowKind.SEEN, 0, seenKey(first.epoch()));
        }
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
