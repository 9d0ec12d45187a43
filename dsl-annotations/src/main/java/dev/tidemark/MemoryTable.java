package dev.tidemark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.jspecify.annotations.Nullable;

/**
 * A sink in memory with a name, which tests and the program itself can read while the job runs, in the JVM where it runs. Its
 * rows stay until the table is made again, or {@link #drop dropped}. A bundle that is tried again appends its rows again; the
 * other modes do not mind.
 *
 * <pre>{@code
 * results.updates().apply(MemoryTable.named("latest", Mode.UPDATE));
 * List<Now> rows = MemoryTable.rows("latest", Now.class);
 * }</pre>
 *
 * Thread-safe.
 *
 * @param <T> what comes in: rows, an {@link Upsert} or a {@code KV}, as the mode says
 */
public final class MemoryTable<T> extends PTransform<PCollection<T>, PDone> {
    private static final long serialVersionUID = 1L;
    private static final Map<String, Rows> TABLES = new ConcurrentHashMap<>();

    /** What becomes of a row that comes in. */
    public enum Mode {
        /** It is added to those that are there. */
        APPEND,
        /** An {@link Upsert} replaces, or deletes, the row of its key, in its window. */
        UPDATE,
        /** A {@code KV} of a windowed aggregation replaces the one of its key and window: the whole result, always. */
        COMPLETE
    }

    private final String tableName;
    private final Mode mode;

    private MemoryTable(String name, Mode mode) {
        super("memory table " + name);
        this.tableName = name;
        this.mode = mode;
    }

    /** A table of this name. When it is applied it begins empty, even if there was one of the name before. */
    public static <T> MemoryTable<T> named(String name, Mode mode) {
        return new MemoryTable<>(name, mode);
    }

    /**
     * The rows of a table at this moment, in the order in which they came, those of an update in the order of their keys'
     * first rows.
     *
     * @throws IllegalArgumentException if no table has this name; it names those that there are
     * @throws ClassCastException if a row is of another type
     */
    public static <R> List<R> rows(String name, Class<R> type) {
        return table(name).list().stream().map(type::cast).toList();
    }

    /** As {@link #rows(String, Class)}, of any type. */
    public static List<Object> rows(String name) {
        return table(name).list();
    }

    /** Forgets a table and its rows, if there is one of this name. */
    public static void drop(String name) {
        TABLES.remove(name);
    }

    private static Rows table(String name) {
        Rows rows = TABLES.get(name);
        if (rows == null) {
            throw new IllegalArgumentException("no memory table is called \"" + name + "\"; there are: "
                    + TABLES.keySet().stream().sorted().toList());
        }
        return rows;
    }

    @Override
    public PDone expand(PCollection<T> input) {
        TABLES.put(tableName, new Rows());
        input.apply("write", ParDo.of(new WriteFn<T>(tableName, mode)));
        return PDone.in(input.getPipeline());
    }

    /** The rows of one table, by what identifies them. Shared by the threads of the job and of its readers. */
    private static final class Rows {
        private final Map<Object, Object> rows = new LinkedHashMap<>();
        private long appended;

        synchronized void append(Object row) {
            rows.put(appended++, row);
        }

        synchronized void put(Object key, @Nullable Object row) {
            if (row == null) {
                rows.remove(key);
            } else {
                rows.put(key, row);
            }
        }

        synchronized List<Object> list() {
            return new ArrayList<>(rows.values());
        }
    }

    /** What a row of an update is known by. */
    private record KeyInWindow(Object key, BoundedWindow window) {}

    private static final class WriteFn<T> extends DoFn<T, Void> {
        private static final long serialVersionUID = 1L;

        private final String tableName;
        private final Mode mode;

        WriteFn(String name, Mode mode) {
            this.tableName = name;
            this.mode = mode;
        }

        @ProcessElement
        public void process(@Element T element, BoundedWindow window) {
            Rows rows = TABLES.computeIfAbsent(tableName, any -> new Rows());
            switch (mode) {
                case APPEND -> rows.append(element);
                case UPDATE -> {
                    if (!(element instanceof Upsert<?, ?> upsert)) {
                        throw refused(element, "an Upsert: that is what updates() of a group gives");
                    }
                    rows.put(new KeyInWindow(upsert.key(), window), upsert.row());
                }
                case COMPLETE -> {
                    if (!(element instanceof KV<?, ?> kv)) {
                        throw refused(element, "a KV: a key, and its result so far");
                    }
                    rows.put(new KeyInWindow(kv.getKey(), window), kv);
                }
            }
        }

        private IllegalArgumentException refused(Object element, String needed) {
            return new IllegalArgumentException("memory table \"" + tableName + "\" in mode " + mode + " takes no "
                    + element.getClass().getSimpleName() + "; it needs " + needed);
        }
    }
}
