/** What users write: the annotations of a stateful group, and the handles its methods receive. */
@NullMarked
package dev.tidemark;

import org.jspecify.annotations.NullMarked;
