package dev.tidemark.examples;

import java.io.Closeable;
import java.io.IOException;

/** The rows of an input, one after the other. Used by one thread at a time. */
interface RowFeed extends Closeable {
    /** Goes to the next row; false at the end. */
    boolean advance() throws IOException;

    /** The row that {@link #advance} went to. */
    Row row();

    /** Where the row after {@link #row} begins: a feed opened there goes on with exactly the rows that follow. */
    Position next();
}
