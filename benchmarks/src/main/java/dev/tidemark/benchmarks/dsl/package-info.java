/** What a generated DoFn costs beside one written by hand, and what generating costs. */
@NullMarked
package dev.tidemark.benchmarks.dsl;

import org.jspecify.annotations.NullMarked;
