/** Prints the model as Java. Nothing is decided here. */
@NullMarked
package dev.tidemark.processor.writing;

import org.jspecify.annotations.NullMarked;
