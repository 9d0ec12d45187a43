package dev.tidemark.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.options.StreamingOptions;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;

/**
 * A job that never ends, with so many keys of 100 bytes: first each is made, then some are changed again and again. It says what
 * an element costs then, and waits to be killed. Started again, it says when the first element is there.
 */
final class Checkpointed {
    /** Before what the parent reads. */
    static final String LINE = "checkpointed";

    private static final int COUNT_EVERY = 64;
    private static final long SETTLE_SECONDS = 6;
    private static final long WAIT_MILLIS = 5;

    private static final AtomicLong SEEN = new AtomicLong();
    private static final AtomicLong FIRST_NANOS = new AtomicLong();
    private static final Gaps GAPS = new Gaps();

    private Checkpointed() {}

    /** Arguments: all keys, keys that change, seconds to measure or 0 for one that is started again; then the options of the pipeline. */
    @SuppressWarnings("SystemOut")
    public static void main(String[] args) throws Exception {
        long keys = Long.parseLong(args[0]);
        long changing = Long.parseLong(args[1]);
        long seconds = Long.parseLong(args[2]);
        String[] arguments = Arrays.copyOfRange(args, 3, args.length);
        StreamingOptions options = PipelineOptionsFactory.fromArgs(arguments).as(StreamingOptions.class);
        options.setStreaming(true);
        Pipeline pipeline = Pipeline.create(options);
        pipeline.apply("Numbers", Read.from(SequenceSource.below(Long.MAX_VALUE / 2)))
                .apply("Key", ParDo.of(new KeyFn(keys, changing)))
                .apply("Change", ParDo.of(new ChangeFn()));
        long began = System.nanoTime();
        // Some runners return from run() when the job has started, some when it has ended.
        Thread job = new Thread(() -> pipeline.run().waitUntilFinish(), "job");
        job.setDaemon(true);
        job.start();
        if (seconds == 0) {
            await(job, 1);
            System.out.printf(Locale.ROOT, "%s first %d%n", LINE, (FIRST_NANOS.get() - began) / 1_000_000);
        } else {
            await(job, keys);
            double populating = (System.nanoTime() - began) / 1e9;
            TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
            GAPS.clear();
            long written = written();
            long seen = SEEN.get();
            long from = System.nanoTime();
            TimeUnit.SECONDS.sleep(seconds);
            double nanos = System.nanoTime() - from;
            long elements = SEEN.get() - seen;
            System.out.printf(
                    Locale.ROOT,
                    "%s cost %.1f %.1f %.1f %.3f %.3f%n",
                    LINE,
                    populating,
                    nanos / elements,
                    (double) (written() - written) / elements,
                    GAPS.allButOneIn(1000) / 1e6,
                    GAPS.longest() / 1e6);
        }
        job.join();
    }

    private static void await(Thread job, long elements) throws InterruptedException {
        while (SEEN.get() < elements) {
            if (!job.isAlive()) {
                throw new IllegalStateException("the job has ended: see above");
            }
            TimeUnit.MILLISECONDS.sleep(WAIT_MILLIS);
        }
    }

    /** What this process has sent to disks so far, in bytes; 0 where the system does not say. */
    private static long written() throws IOException {
        Path io = Path.of("/proc/self/io");
        if (!Files.exists(io)) {
            return 0;
        }
        return Files.readAllLines(io).stream()
                .filter(line -> line.startsWith("write_bytes: "))
                .mapToLong(line -> Long.parseLong(line.substring("write_bytes: ".length())))
                .sum();
    }

    private static final class KeyFn extends DoFn<Long, KV<Long, Long>> {
        private static final long serialVersionUID = 1;

        private final long keys;
        private final long changing;

        KeyFn(long keys, long changing) {
            this.keys = keys;
            this.changing = changing;
        }

        @ProcessElement
        public void process(@Element Long number, OutputReceiver<KV<Long, Long>> out) {
            // Those that change are scattered among all.
            long of = number < keys ? number : number % changing * (keys / changing);
            out.output(KV.of(HundredBytes.key(of, keys), number));
        }
    }

    private static final class ChangeFn extends DoFn<KV<Long, Long>, Void> {
        private static final long serialVersionUID = 1;

        @StateId("value")
        private final StateSpec<ValueState<byte[]>> values = StateSpecs.value(ByteArrayCoder.of());

        private transient long before;
        private transient int counted;

        @ProcessElement
        public void process(@Element KV<Long, Long> element, @StateId("value") ValueState<byte[]> value) {
            value.write(HundredBytes.changed(value.read(), element.getKey()));
            long now = System.nanoTime();
            FIRST_NANOS.compareAndSet(0, now);
            if (before != 0) {
                GAPS.record(now - before);
            }
            before = now;
            counted++;
            // Not each time, so that tasks do not wait for each other; at first each, to see the first.
            if (counted == COUNT_EVERY || SEEN.get() == 0) {
                SEEN.addAndGet(counted);
                counted = 0;
            }
        }
    }
}
