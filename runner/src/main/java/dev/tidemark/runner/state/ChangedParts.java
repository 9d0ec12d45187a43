package dev.tidemark.runner.state;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which parts of a cell of many parts have changed since they were saved. Each part is a row. Where cells are not kept, nothing is
 * remembered. Owned by its cell.
 *
 * @param <P> what tells a part from another
 * @param <N> what its row's name is made of
 */
final class ChangedParts<P, N> {
    private final @Nullable Map<P, N> changed;
    /** Whether the store says that there are rows. */
    private boolean anyStored;

    // Of the rows that have been written or restored.
    private long rows;
    private long bytes;

    ChangedParts(boolean kept) {
        changed = kept ? new LinkedHashMap<>() : null;
    }

    /** Notes a change of a part: that it was added, replaced or removed. */
    void add(P part, N name) {
        if (changed != null) {
            changed.put(part, name);
        }
    }

    /** Notes that every one of these parts is removed. */
    <T> void addAll(Map<P, T> parts, Function<T, N> name) {
        if (changed != null) {
            parts.forEach((part, content) -> changed.put(part, name.apply(content)));
        }
    }

    /** The names of the changed parts. They stay, until {@link #saved}. */
    Collection<Map.Entry<P, N>> entries() {
        if (changed == null) {
            throw new IllegalStateException("a cell that is not kept is not saved");
        }
        return changed.entrySet();
    }

    /** Notes how long a row is that was written or restored. */
    void sized(byte[] name, byte[] value) {
        rows++;
        bytes += name.length + value.length;
    }

    /** About how many bytes that many parts have. */
    long bytesOf(int parts) {
        return rows == 0 ? 0 : parts * (bytes / rows);
    }

    /** Ends the saving: nothing has changed since, and {@code any} rows are left or not. */
    void saved(CellRows to, boolean any) {
        if (changed != null) {
            changed.clear();
        }
        if (any != anyStored) {
            to.areAny(any);
            anyStored = any;
        }
    }

    /** The rows that are stored. */
    List<CellRows.Row> restored(StoredRows from) {
        anyStored = from.isAny();
        List<CellRows.Row> all = anyStored ? from.all() : List.of();
        all.forEach(row -> sized(row.name(), row.value()));
        return all;
    }
}
