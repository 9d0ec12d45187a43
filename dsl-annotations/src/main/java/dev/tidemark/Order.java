package dev.tidemark;

/** The order in which the events of one key are handled. */
public enum Order {
    /** As they come: the lowest latency, and a result that may depend on the order of arrival. */
    ARRIVAL,
    /** By event time: events wait until the watermark has passed them, so batch, replay and streaming agree. */
    EVENT_TIME
}
