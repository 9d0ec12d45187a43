package dev.tidemark.examples;

import java.io.Closeable;
import java.io.IOException;
import java.util.NoSuchElementException;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reads an {@link ActivityInput} for both kinds of source, and knows the largest event time so far. A malformed row has no time of
 * its own and takes that one. Used by one thread at a time.
 */
final class ActivityReader implements Closeable {
    static final long NONE_YET = Long.MIN_VALUE;

    private final ActivityInput input;
    private final Mark from;
    private @Nullable RowFeed feed;
    private @Nullable Row current;
    private boolean atEnd;
    private long latestMillis;

    ActivityReader(ActivityInput input, Mark from) {
        this.input = input;
        this.from = from;
        this.latestMillis = from.latestMillis();
    }

    void open() throws IOException {
        feed = input.open(from.next());
    }

    boolean advance() throws IOException {
        if (atEnd || !opened().advance()) {
            atEnd = true;
            current = null;
            return false;
        }
        Row row = opened().row();
        if (row instanceof Reading reading) {
            latestMillis = Math.max(latestMillis, reading.millis());
        }
        current = row;
        return true;
    }

    private RowFeed opened() {
        if (feed == null) {
            throw new IllegalStateException("reading begins with start()");
        }
        return feed;
    }

    Row current() {
        if (current == null) {
            throw new NoSuchElementException("there is no row before the first and after the last");
        }
        return current;
    }

    Instant currentTime() {
        if (current() instanceof Reading reading) {
            return reading.time();
        }
        return latestMillis == NONE_YET ? BoundedWindow.TIMESTAMP_MIN_VALUE : Instant.ofEpochMilli(latestMillis);
    }

    boolean atEnd() {
        return atEnd;
    }

    long latestMillis() {
        return latestMillis;
    }

    Mark mark() {
        return new Mark(feed == null ? from.next() : feed.next(), latestMillis);
    }

    @Override
    public void close() throws IOException {
        if (feed != null) {
            feed.close();
        }
    }
}
