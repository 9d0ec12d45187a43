/** What the user wrote: elements, values and their places, for pointing at them. */
@NullMarked
package dev.tidemark.processor.declaration;

import org.jspecify.annotations.NullMarked;
