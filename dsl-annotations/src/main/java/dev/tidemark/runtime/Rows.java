package dev.tidemark.runtime;

import dev.tidemark.Out;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a handler emits, kept until it has returned. Owned by one DoFn. */
public final class Rows<O> implements Out<O> {
    /** Nearly always it is one, or none. */
    private @Nullable O first;

    private final List<O> more = new ArrayList<>();
    private int count;
    private boolean open;

    /** Begins a handler call. */
    public void open() {
        if (count > 1) {
            more.clear();
        }
        count = 0;
        open = true;
    }

    /** Ends a handler call, and tells how many rows it emitted. */
    public int close() {
        open = false;
        return count;
    }

    /** A row that the handler emitted, by its place: an iterator would be one more object for each event. */
    public O get(int place) {
        return place == 0 ? Objects.requireNonNull(first) : more.get(place - 1);
    }

    private void add(O row) {
        if (count == 0) {
            first = row;
        } else {
            more.add(row);
        }
        count++;
    }

    @Override
    public void emit(O row) {
        if (!open) {
            throw new IllegalStateException("rows can be emitted only until the handler returns");
        }
        add(Objects.requireNonNull(row, "a row must not be null"));
    }

    /** Takes the one row that a handler returned. */
    public void one(O row, String handler) {
        add(LiveGroup.notNull(row, handler));
    }

    /** Takes the row that a handler returned, if there is one. */
    public void optional(Optional<? extends O> row, String handler) {
        Optional<? extends O> checked = LiveGroup.notNull(row, handler);
        if (checked.isPresent()) {
            add(checked.get());
        }
    }

    /** Takes the rows that a handler returned. */
    public void all(Iterable<? extends O> returned, String handler) {
        for (O row : LiveGroup.notNull(returned, handler)) {
            emit(row);
        }
    }

    /** Takes the rows that a handler returned; the stream runs now, so that its failure is that of the handler. */
    public void all(Stream<? extends O> returned, String handler) {
        try (Stream<? extends O> stream = LiveGroup.notNull(returned, handler)) {
            stream.forEachOrdered(this::emit);
        }
    }
}
