package dev.tidemark;

/** What becomes of an event whose handler throws. */
public enum ErrorPolicy {
    /** The bundle fails with a {@link GroupFailedException}; the runner decides about another attempt. */
    FAIL,
    /** It goes to {@code errors()} as {@link Failed}; the state stays as it was before the event. */
    EMIT
}
