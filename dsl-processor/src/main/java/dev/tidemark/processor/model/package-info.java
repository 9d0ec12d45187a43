/** What is true of a group once it is valid: immutable, total, without a place for errors. */
@NullMarked
package dev.tidemark.processor.model;

import org.jspecify.annotations.NullMarked;
