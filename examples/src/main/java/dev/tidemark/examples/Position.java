package dev.tidemark.examples;

import java.io.Serializable;

/**
 * Where the next row begins.
 *
 * @param offset in a file the byte, in generated input the place in the order of all readings
 * @param line the number of that row
 */
record Position(long offset, long line) implements Serializable {}
