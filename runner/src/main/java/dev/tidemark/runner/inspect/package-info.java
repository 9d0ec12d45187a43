/** What a job that does not run has left behind, for people: its steps, states and timers, decoded as far as that goes. */
@NullMarked
package dev.tidemark.runner.inspect;

import org.jspecify.annotations.NullMarked;
