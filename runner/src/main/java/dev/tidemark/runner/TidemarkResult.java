package dev.tidemark.runner;

import dev.tidemark.runner.job.Job;
import dev.tidemark.runner.job.JobState;
import org.apache.beam.sdk.Pipeline.PipelineExecutionException;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricResults;
import org.apache.beam.sdk.util.UserCodeException;
import org.joda.time.Duration;
import org.jspecify.annotations.Nullable;

/** A job that was started: how it stands, what it has counted, and how to end it. Thread-safe. */
public final class TidemarkResult implements PipelineResult {
    private final Job job;

    TidemarkResult(Job job) {
        this.job = job;
    }

    @Override
    public State getState() {
        return beamState(job.state());
    }

    /** Ends the job. Returns when its threads and DoFns have been released. What has not been processed is lost. */
    @Override
    public State cancel() {
        job.cancel();
        return await(Long.MAX_VALUE / 1_000_000);
    }

    /** Ends a job that nobody waits for any more; one that has ended stays as it is. */
    void stopWithoutWaiting() {
        job.cancel();
    }

    /**
     * Waits for the end of the job.
     *
     * @throws PipelineExecutionException if the job failed; its cause is what the user's code threw
     */
    @Override
    public State waitUntilFinish() {
        return waitUntilFinish(Duration.ZERO);
    }

    /**
     * Waits for the end of the job, at most {@code duration}; a duration that is not positive means without limit.
     *
     * @return the final state, or {@link PipelineResult.State#RUNNING} when the time was over first
     * @throws PipelineExecutionException if the job failed; its cause is what the user's code threw
     */
    @Override
    public State waitUntilFinish(@Nullable Duration duration) {
        long millis = duration == null || duration.getMillis() < 1 ? Long.MAX_VALUE / 1_000_000 : duration.getMillis();
        State state = await(millis);
        Throwable failure = job.failure();
        if (failure != null) {
            throw asExecutionException(failure);
        }
        return state;
    }

    private State await(long millis) {
        try {
            return beamState(job.await(millis));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PipelineExecutionException(e);
        }
    }

    private static RuntimeException asExecutionException(Throwable failure) {
        Throwable cause =
                failure instanceof UserCodeException && failure.getCause() != null ? failure.getCause() : failure;
        PipelineExecutionException thrown = new PipelineExecutionException(cause);
        if (cause != failure) {
            for (Throwable note : failure.getSuppressed()) {
                thrown.addSuppressed(note);
            }
        }
        return thrown;
    }

    private static State beamState(JobState state) {
        return switch (state) {
            case RUNNING -> State.RUNNING;
            case DONE -> State.DONE;
            case FAILED -> State.FAILED;
            case CANCELLED -> State.CANCELLED;
        };
    }

    /** What has been counted so far, in all attempts, and as of the last committed checkpoint; the two agree once the job has ended well. */
    @Override
    public MetricResults metrics() {
        return job.metrics();
    }
}
