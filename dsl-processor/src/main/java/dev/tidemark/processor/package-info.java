/** Turns a class annotated with {@code @StatefulGroup} into a plain Beam transform. */
@NullMarked
package dev.tidemark.processor;

import org.jspecify.annotations.NullMarked;
