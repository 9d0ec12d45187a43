package dev.tidemark.runner;

import dev.tidemark.runner.job.FailedIn;
import dev.tidemark.runner.job.Job;
import dev.tidemark.runner.job.JobState;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.beam.sdk.Pipeline.PipelineExecutionException;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricResults;
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

    /**
     * Ends the job. Returns when its threads and DoFns have been released. What has not been processed is lost, unless the job keeps its
     * state: then it goes on from its last checkpoint when it is started again. See {@link #stop} for a last one at this moment.
     */
    @Override
    public State cancel() {
        job.cancel();
        return await(Long.MAX_VALUE / 1_000_000);
    }

    /**
     * Ends the job with a last checkpoint, and returns when its threads and DoFns have been released. Started again under the same
     * name it goes on right there, and does nothing twice. Where no checkpoint comes about within 20 seconds it ends without, and goes on
     * from the one before. A job that keeps no state (see {@code --jobName}) is cancelled.
     *
     * @return {@link PipelineResult.State#CANCELLED}, unless the job came to another end first
     */
    public State stop() {
        try {
            return beamState(job.stopWithin(Job.STOP_MILLIS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PipelineExecutionException(e);
        }
    }

    /** Whether the job keeps its state, so that it can be started again where it ended. */
    public boolean keepsState() {
        return job.keepsState();
    }

    /**
     * Lets the job come to its end, and returns at once: unbounded sources read no more, splittable DoFns truncate their restrictions,
     * watermarks go to the end of time, timers fire and windows close; then the job is {@link PipelineResult.State#DONE}. Bounded
     * sources are read to their end. What a job with a {@code --jobName} had read is acknowledged, and started again it has nothing more to
     * do.
     *
     * <p>An event-time timer that sets itself again and again does so until the end of time: let such a loop end by itself, or
     * {@link #stop} the job instead.
     */
    public void drain() {
        job.drain();
    }

    /**
     * Makes a checkpoint and a copy of it in the job's own directory, under {@code savepoints}; waits until it is there. The job goes on.
     * {@code --tidemarkRestore=PATH} begins a job with it.
     *
     * @return the path of the savepoint
     * @throws IllegalStateException if the job keeps no state, or has ended
     * @throws java.io.UncheckedIOException if the savepoint could not be written; the job is as it was
     */
    public String savepoint() {
        return madeSavepoint(null);
    }

    /**
     * As {@link #savepoint()}, in a directory of the caller's choice.
     *
     * @param path does not exist; its parent does
     */
    public String savepoint(String path) {
        return madeSavepoint(path);
    }

    private String madeSavepoint(@Nullable String path) {
        try {
            return job.savepoint(path);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PipelineExecutionException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        Throwable cause = FailedIn.thrownByUser(failure);
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
