/**
 * Where state rests: one interface, in memory or on disk. May know no other room; owns the doors to the disk and to RocksDB.
 */
@NullMarked
package dev.tidemark.runner.store;

import org.jspecify.annotations.NullMarked;
