package dev.tidemark.processor.versions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Semaphore;
import java.util.function.ToLongFunction;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.DelegateCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.util.CoderUtils;
import org.joda.time.Instant;

/**
 * Events that one job reads up to the middle, where it stays until it is stopped, and the next job from there to the end. The
 * watermark is the highest time so far.
 *
 * @param <T> the event: each job may have a class of its own for it
 */
public final class Halves<T> extends UnboundedSource<T, Halves.Mark> {
    private static final long serialVersionUID = 1L;

    /** A permit for each checkpoint that was committed with the reader in the middle. */
    private static final Semaphore COMMITTED = new Semaphore(0);

    private final List<byte[]> events = new ArrayList<>();
    private final List<Long> times = new ArrayList<>();
    private final Coder<T> coder;
    /** How many events came before these. */
    private final int before;

    private final boolean resumes;
    private final boolean ends;

    private Halves(List<T> events, ToLongFunction<T> time, Coder<T> coder, int before, boolean resumes, boolean ends) {
        this.coder = coder;
        this.before = before;
        this.resumes = resumes;
        this.ends = ends;
        try {
            for (T event : events) {
                this.events.add(CoderUtils.encodeToByteArray(coder, event));
                this.times.add(time.applyAsLong(event));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the first job reads: all of {@code events}, and then it waits. */
    public static <T> Halves<T> first(List<T> events, ToLongFunction<T> time, Coder<T> coder) {
        COMMITTED.drainPermits();
        return new Halves<>(events, time, coder, 0, false, false);
    }

    /** What the next job reads: {@code events}, which come after the {@code before} ones of the job before. */
    public static <T> Halves<T> second(int before, List<T> events, ToLongFunction<T> time, Coder<T> coder) {
        return new Halves<>(events, time, coder, before, true, true);
    }

    /** Both halves in one. */
    public static <T> Halves<T> whole(List<T> events, ToLongFunction<T> time, Coder<T> coder) {
        return new Halves<>(events, time, coder, 0, false, true);
    }

    /** Waits until there are checkpoints with the whole first half in them, and with all that has come of it. */
    public static void awaitFirst() throws InterruptedException {
        COMMITTED.acquire(3);
    }

    @Override
    public List<Halves<T>> split(int desired, PipelineOptions options) {
        return List.of(this);
    }

    @Override
    public UnboundedReader<T> createReader(PipelineOptions options, Mark mark) {
        return new Reader(mark);
    }

    @Override
    public Coder<Mark> getCheckpointMarkCoder() {
        return DelegateCoder.of(VarIntCoder.of(), Mark::read, read -> new Mark(read, false));
    }

    @Override
    public Coder<T> getOutputCoder() {
        return coder;
    }

    /** How many events were read. */
    public record Mark(int read, boolean counts) implements CheckpointMark {
        @Override
        public void finalizeCheckpoint() {
            if (counts) {
                COMMITTED.release();
            }
        }
    }

    private final class Reader extends UnboundedReader<T> {
        private int read;
        private long highest = BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis();

        Reader(Mark mark) {
            if (resumes && mark == null) {
                throw new IllegalStateException("the job before has left nothing");
            }
            read = mark == null ? 0 : mark.read();
            for (int i = 0; i < read - before; i++) {
                highest = Math.max(highest, times.get(i));
            }
        }

        @Override
        public boolean start() {
            return advance();
        }

        @Override
        public boolean advance() {
            if (read - before == events.size()) {
                return false;
            }
            highest = Math.max(highest, times.get(read - before));
            read++;
            return true;
        }

        @Override
        public T getCurrent() {
            if (read == before) {
                throw new NoSuchElementException();
            }
            try {
                return CoderUtils.decodeFromByteArray(coder, events.get(read - before - 1));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public Instant getCurrentTimestamp() {
            return Instant.ofEpochMilli(times.get(read - before - 1));
        }

        @Override
        public Instant getWatermark() {
            return ends && read - before == events.size()
                    ? BoundedWindow.TIMESTAMP_MAX_VALUE
                    : Instant.ofEpochMilli(highest);
        }

        @Override
        public CheckpointMark getCheckpointMark() {
            return new Mark(read, !ends && read - before == events.size());
        }

        @Override
        public UnboundedSource<T, ?> getCurrentSource() {
            return Halves.this;
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
