/**
 * Time as the engine sees it: watermarks, and the one door to the wall clock. May know no other room.
 */
@NullMarked
package dev.tidemark.runner.time;

import org.jspecify.annotations.NullMarked;
