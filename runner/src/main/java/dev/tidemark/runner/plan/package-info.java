/**
 * The pipeline as records: stages, steps, edges, options. May know no other room.
 */
@NullMarked
package dev.tidemark.runner.plan;

import org.jspecify.annotations.NullMarked;
