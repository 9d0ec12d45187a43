package dev.tidemark;

/** Why {@link OnTimeout}, {@link OnAlarm} or {@link OnExpire} is called; may be a parameter of them. */
public enum Cause {
    /** The timeout, or the alarm, has passed. */
    TIMEOUT,
    /** The group has reached {@link Timeout#maxAge()}. */
    MAX_AGE,
    /** The window or the input ended before. */
    END_OF_INPUT
}
