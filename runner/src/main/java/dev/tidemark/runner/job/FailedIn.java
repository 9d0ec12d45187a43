package dev.tidemark.runner.job;

import dev.tidemark.runner.plan.OneLine;
import org.apache.beam.sdk.util.UserCodeException;
import org.jspecify.annotations.Nullable;

/** Says where a failure happened. Attached to the failure itself, so that its own type and message stay the user's. */
public final class FailedIn extends Exception {
    private static final long serialVersionUID = 1;

    /** @param at where among its elements the step was, where it was at one */
    FailedIn(String job, String where, @Nullable String at) {
        super(
                OneLine.of("TM-JOB-001: job " + job + " failed in " + where + (at == null ? "" : ", at " + at)),
                null,
                false,
                false);
    }

    /** What the user's code threw: Beam wraps it, where that was a DoFn. */
    public static Throwable thrownByUser(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof UserCodeException && cause != null ? cause : failure;
    }
}
