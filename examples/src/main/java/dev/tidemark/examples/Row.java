package dev.tidemark.examples;

/** What one line of the input turned out to be. */
public sealed interface Row permits Reading, Malformed {
    /** The number of the line in its file, from 1 on; in generated input the number of the place of the reading. */
    long line();
}
