package dev.tidemark;

/** The event that an automatic timeout counts from. */
public enum TimeoutFrom {
    /** The event with the highest time: an event out of order never moves the timeout backwards. */
    MAX_EVENT,
    /** The event handled last. */
    LAST_EVENT,
    /** The event that opened the group, or the first one after its last timeout. */
    FIRST_EVENT
}
