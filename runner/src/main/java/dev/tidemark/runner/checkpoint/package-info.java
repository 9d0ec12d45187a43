/**
 * When a checkpoint starts and when it is committed. May know {@code plan}, {@code time}, {@code store}.
 */
@NullMarked
package dev.tidemark.runner.checkpoint;

import org.jspecify.annotations.NullMarked;
