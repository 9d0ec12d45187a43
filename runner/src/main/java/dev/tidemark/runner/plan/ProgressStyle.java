package dev.tidemark.runner.plan;

/** How a job says on standard error how far it has come. */
public enum ProgressStyle {
    /** One line that is written over and over, for a person at a terminal. */
    BAR,
    /** A line every few seconds, for logs. */
    PLAIN,
    /** A JSON object every few seconds, one a line, for programs. */
    JSON,
    /** Not at all. */
    OFF
}
