package dev.tidemark;

/** The clock that a timeout is measured by. */
public enum TimeoutDomain {
    /** The group never times out. */
    NONE,
    /** The wall clock of the machine. */
    PROCESSING_TIME,
    /** The watermark: the time of the events. */
    EVENT_TIME
}
