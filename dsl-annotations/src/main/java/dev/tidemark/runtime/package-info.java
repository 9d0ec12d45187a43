/**
 * What only generated code calls: the coders, the cells behind the handles, and the bookkeeping of a group. Internal: it
 * may change with every version, together with the processor.
 */
@NullMarked
package dev.tidemark.runtime;

import org.jspecify.annotations.NullMarked;
