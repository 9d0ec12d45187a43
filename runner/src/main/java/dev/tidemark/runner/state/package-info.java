/**
 * What a task remembers: cells, timers, holds, side inputs. May know {@code plan}, {@code time}, {@code store}.
 */
@NullMarked
package dev.tidemark.runner.state;

import org.jspecify.annotations.NullMarked;
