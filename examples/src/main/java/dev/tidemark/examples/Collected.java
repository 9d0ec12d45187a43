package dev.tidemark.examples;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/**
 * The rows of a collection, gathered in memory: for a pipeline that runs in this JVM, and a result that is small. What a runner does twice
 * after a failure is in it twice.
 */
final class Collected implements AutoCloseable {
    private static final Map<String, Queue<String>> GATHERED = new ConcurrentHashMap<>();

    private final String id = UUID.randomUUID().toString();

    private Collected() {
        GATHERED.put(id, new ConcurrentLinkedQueue<>());
    }

    /** Gathers the rows from now on until {@link #close}. */
    static Collected of(String name, PCollection<String> rows) {
        Collected collected = new Collected();
        rows.apply(name, ParDo.of(new Gather(collected.id)));
        return collected;
    }

    /** What has been gathered so far, in no particular order. */
    List<String> rows() {
        return List.copyOf(GATHERED.getOrDefault(id, new ConcurrentLinkedQueue<>()));
    }

    @Override
    public void close() {
        GATHERED.remove(id);
    }

    private static final class Gather extends DoFn<String, Void> {
        private static final long serialVersionUID = 1;

        private final String id;

        Gather(String id) {
            this.id = id;
        }

        @ProcessElement
        public void process(@Element String row) {
            Queue<String> rows = GATHERED.get(id);
            if (rows != null) {
                rows.add(row);
            }
        }
    }
}
