/** Runs a group step by step in a unit test, without a runner: what the generated testers are made of. */
@NullMarked
package dev.tidemark.testing;

import org.jspecify.annotations.NullMarked;
