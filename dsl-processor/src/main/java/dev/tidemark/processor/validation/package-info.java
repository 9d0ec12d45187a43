/** Every check and every word of the diagnostics. */
@NullMarked
package dev.tidemark.processor.validation;

import org.jspecify.annotations.NullMarked;
