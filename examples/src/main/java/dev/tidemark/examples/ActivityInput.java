package dev.tidemark.examples;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;

/** Readings that can be read again and again, from any position: a file, or generated ones. */
sealed interface ActivityInput extends Serializable permits ActivityFile, GeneratedActivity {
    /** Where reading begins. */
    Position start();

    /** The rows from {@code from} to the end of this input. */
    RowFeed open(Position from) throws IOException;

    /** About as many inputs as asked for, which together have exactly the rows of this one. */
    List<? extends ActivityInput> split(int parts) throws IOException;

    /** Whether the readings of one user keep their order of arrival when the input is split. */
    boolean splitsKeepTheOrderOfUsers();

    /** How much there is to read, roughly. */
    long estimatedBytes();
}
