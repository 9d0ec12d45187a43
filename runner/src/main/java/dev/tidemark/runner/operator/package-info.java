/**
 * One class per step; the only room that calls user code. May know {@code plan}, {@code flow}, {@code state}, {@code time}; owns the door to the DoFn runtime.
 */
@NullMarked
package dev.tidemark.runner.operator;

import org.jspecify.annotations.NullMarked;
