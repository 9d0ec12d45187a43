/** How the types of fields are stored: the bridge from Java types to the encodings of the run-time library. */
@NullMarked
package dev.tidemark.processor.schema;

import org.jspecify.annotations.NullMarked;
