/**
 * Where state rests: one interface, in memory for now. May know no other room; owns the door to the disk.
 */
@NullMarked
package dev.tidemark.runner.store;

import org.jspecify.annotations.NullMarked;
