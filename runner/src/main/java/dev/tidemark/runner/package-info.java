/** The front door: run any Beam Java pipeline in this JVM with {@code --runner=TidemarkRunner}. */
@NullMarked
package dev.tidemark.runner;

import org.jspecify.annotations.NullMarked;
