package dev.tidemark.runner.operator;

/**
 * How far a task has come, for people to read.
 *
 * @param elementsRead how many elements its sources have brought in
 * @param watermark the smallest of its output watermarks, in milliseconds
 * @param keys how many keys have state, each counted once per window
 * @param timers how many timers are pending
 */
public record Gauge(long elementsRead, long watermark, long keys, long timers) {}
