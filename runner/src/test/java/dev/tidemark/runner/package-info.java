@NullMarked
package dev.tidemark.runner;

import org.jspecify.annotations.NullMarked;
