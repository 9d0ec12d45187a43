/**
 * From a Beam pipeline to a plan. May know {@code plan}; owns the door to Beam's pipeline model.
 */
@NullMarked
package dev.tidemark.runner.translate;

import org.jspecify.annotations.NullMarked;
