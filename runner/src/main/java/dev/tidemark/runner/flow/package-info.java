/**
 * How tasks talk: signals, channels, routing. May know {@code plan} and {@code time}.
 */
@NullMarked
package dev.tidemark.runner.flow;

import org.jspecify.annotations.NullMarked;
