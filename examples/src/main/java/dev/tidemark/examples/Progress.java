package dev.tidemark.examples;

import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.PipelineResult;

/** Says now and then how far a pipeline has come: one line that changes on a terminal, a line every five seconds elsewhere. */
final class Progress {
    private static final long TERMINAL_MILLIS = 250;
    private static final long PLAIN_MILLIS = 5_000;

    private final PipelineResult result;
    private final long began = System.nanoTime();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "progress");
        thread.setDaemon(true);
        return thread;
    });

    private Progress(PipelineResult result) {
        this.result = result;
    }

    static Progress of(PipelineResult result) {
        return new Progress(result);
    }

    /** Waits for the end of the pipeline, and says until then how far it is. */
    PipelineResult.State untilFinish() {
        long millis = Console.isTerminal() ? TERMINAL_MILLIS : PLAIN_MILLIS;
        // A failure ends the task quietly: the line of progress is not what a run should fail for.
        var unused = clock.scheduleAtFixedRate(this::line, millis, millis, TimeUnit.MILLISECONDS);
        try {
            return result.waitUntilFinish();
        } finally {
            clock.shutdownNow();
            Console.endOfProgress();
        }
    }

    private void line() {
        long readings = Program.counted(result, ReadActivity.class, ReadActivity.READINGS_COUNTER);
        double seconds = (System.nanoTime() - began) / 1e9;
        Console.progress(
                String.format(Locale.ROOT, "%,d readings, %,.0f/s, %.0f s", readings, readings / seconds, seconds));
    }
}
