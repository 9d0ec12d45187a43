package dev.tidemark.runner.job;

import org.apache.beam.sdk.util.UserCodeException;

/** Says where a failure happened. Attached to the failure itself, so that its own type and message stay the user's. */
public final class FailedIn extends Exception {
    private static final long serialVersionUID = 1;

    FailedIn(String job, String where) {
        super("TM-JOB-001: job " + job + " failed in " + where, null, false, false);
    }

    /** What the user's code threw: Beam wraps it, where that was a DoFn. */
    public static Throwable thrownByUser(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof UserCodeException && cause != null ? cause : failure;
    }
}
