/**
 * Tasks, workers and the life of a job. May know every engine room; owns the door to threads.
 */
@NullMarked
package dev.tidemark.runner.job;

import org.jspecify.annotations.NullMarked;
