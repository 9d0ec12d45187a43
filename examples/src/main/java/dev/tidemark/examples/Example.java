package dev.tidemark.examples;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;

/** A pipeline that reads activity, applies a group, and writes one line per row of the result. */
interface Example {
    /** The lines of the result of a group. */
    PCollection<String> lines(PCollection<Reading> readings);

    /** Runs the example as a program, with the lines on standard output; returns the exit code. */
    static int main(String[] args, Example example) {
        return Program.guarded(() -> {
            ActivityOptions options = Program.options(ActivityOptions.class, args);
            Pipeline pipeline = Pipeline.create(options);
            PCollectionTuple rows = pipeline.apply("ReadActivity", ReadActivity.from(options));
            rows.get(ReadActivity.MALFORMED).apply("ReportMalformed", ParDo.of(new ReportMalformed()));
            example.lines(rows.get(ReadActivity.READINGS)).apply("Print", ParDo.of(new Print()));
            Program.Outcome outcome = Program.run(pipeline);
            report(outcome);
            return outcome.exitCode();
        });
    }

    /** What there is to say after a run, on standard error. */
    static void report(Program.Outcome outcome) {
        long readings = outcome.counted(ReadActivity.class, ReadActivity.READINGS_COUNTER);
        long malformed = outcome.counted(ReadActivity.class, ReadActivity.MALFORMED_COUNTER);
        long late = outcome.counted(LateReadings.class, LateReadings.COUNTER);
        Console.success(String.format(
                Locale.ROOT,
                "%,d readings in %s; %,d malformed rows, %,d late",
                readings,
                outcome.seconds(),
                malformed,
                late));
    }

    /** Prints where the first malformed rows are, and why they are none. */
    final class ReportMalformed extends DoFn<Malformed, Void> {
        private static final long serialVersionUID = 1;

        /** Of one JVM: who reads more than that reads the count. */
        private static final int MOST = 5;

        private static final AtomicInteger PRINTED = new AtomicInteger();

        @ProcessElement
        public void process(@Element Malformed row) {
            int before = PRINTED.getAndIncrement();
            if (before < MOST) {
                Console.detail("malformed: " + row);
            } else if (before == MOST) {
                Console.detail("malformed: and more, which are only counted");
            }
        }
    }

    /** Writes each line to standard output. */
    final class Print extends DoFn<String, Void> {
        private static final long serialVersionUID = 1;

        @ProcessElement
        public void process(@Element String line) {
            Console.row(line);
        }
    }
}
