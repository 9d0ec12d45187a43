package dev.tidemark.runner.random;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/** A way to get the outcome of a case. */
interface Way {
    Outcome outcome(Case asked, long seed);

    /** By running it, with these arguments; {@code SEED} in them stands for the seed. */
    static Way running(String... arguments) {
        return new Running(List.of(arguments), false);
    }

    /**
     * By running it on a runner that goes back to its last checkpoint now and then: what it did after that is done again, so what counts
     * is what the committed metrics have.
     */
    static Way restoring(String... arguments) {
        return new Running(List.of(arguments), true);
    }

    record Running(List<String> arguments, boolean committedOnly) implements Way {
        private static final long MOST_SECONDS = Long.getLong("random.limitSeconds", 60);

        @Override
        public Outcome outcome(Case asked, long seed) {
            String run = UUID.randomUUID().toString();
            Outcome.Gathering gathering = BeamCase.gather(run);
            FutureTask<Outcome> task = new FutureTask<>(() -> {
                List<String> given = new ArrayList<>();
                arguments.forEach(argument -> given.add(argument.replace("SEED", Long.toString(seed))));
                Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.fromArgs(given.toArray(String[]::new))
                        .create());
                BeamCase.build(asked, pipeline, run);
                PipelineResult result = pipeline.run();
                result.waitUntilFinish();
                return committedOnly ? BeamCase.committed(result) : gathering.outcome();
            });
            Thread thread = new Thread(task, "random pipeline " + arguments);
            thread.setDaemon(true);
            thread.start();
            try {
                return task.get(MOST_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                return Outcome.failed("it failed: " + e.getCause());
            } catch (TimeoutException e) {
                String threads = threads();
                task.cancel(true);
                return Outcome.failed("it did not end within " + MOST_SECONDS + " s:" + threads);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                task.cancel(true);
                return Outcome.failed("it was interrupted");
            } finally {
                BeamCase.forget(run);
            }
        }

        /** Where the threads of runners are. */
        private static String threads() {
            StringBuilder text = new StringBuilder();
            Thread.getAllStackTraces().forEach((thread, stack) -> {
                if (thread.getName().contains("tidemark") || thread.getName().contains("random pipeline")) {
                    text.append("\n      ").append(thread.getName()).append(' ').append(thread.getState());
                    for (StackTraceElement frame : stack) {
                        text.append("\n        ").append(frame);
                    }
                }
            });
            return text.toString();
        }

        @Override
        public String toString() {
            return String.join(" ", arguments);
        }
    }
}
