/** Whole pipelines, side by side on several runners and as a plain loop: what an element costs, and in what ratio. */
@NullMarked
package dev.tidemark.benchmarks;

import org.jspecify.annotations.NullMarked;
