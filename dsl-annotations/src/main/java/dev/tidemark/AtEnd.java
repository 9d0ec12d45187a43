package dev.tidemark;

/** What becomes of a timeout, or an alarm, that is pending when the window, or the input, ends. */
public enum AtEnd {
    /** It fires, with {@link Cause#END_OF_INPUT}. */
    FIRE_TIMEOUTS,
    /** It is forgotten, together with the group. */
    DISCARD
}
