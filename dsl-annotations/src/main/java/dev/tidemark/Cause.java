package dev.tidemark;

/** Why {@link OnTimeout} is called; may be a parameter of it. */
public enum Cause {
    /** The timeout has passed. */
    TIMEOUT,
    /** The group has reached {@link Timeout#maxAge()}. */
    MAX_AGE,
    /** The window or the input ended before the timeout. */
    END_OF_INPUT
}
