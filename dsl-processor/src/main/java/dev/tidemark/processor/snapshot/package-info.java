/** What is committed about the stored form of a group, and whether another form reads what this one wrote. */
@NullMarked
package dev.tidemark.processor.snapshot;

import org.jspecify.annotations.NullMarked;
