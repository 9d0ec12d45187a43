/**
 * Four groups as runnable pipelines ({@link dev.tidemark.examples.UserSessions}, {@link
 * dev.tidemark.examples.CountWindow}, {@link dev.tidemark.examples.UserActivity}, {@link
 * dev.tidemark.examples.BurstAlert}) on readings of activity, and the code that reads or generates those readings.
 */
@NullMarked
package dev.tidemark.examples;

import org.jspecify.annotations.NullMarked;
