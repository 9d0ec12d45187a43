package dev.tidemark.examples;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/** What every user was doing last, in memory: for a pipeline that runs in this JVM. */
final class LatestActivities implements AutoCloseable {
    private static final Map<String, Map<String, UserActivity.Now>> TABLES = new ConcurrentHashMap<>();

    private final String id = UUID.randomUUID().toString();

    private LatestActivities() {
        TABLES.put(id, new ConcurrentHashMap<>());
    }

    /** Keeps the latest row of each user from now on until {@link #close}. */
    static LatestActivities of(PCollection<UserActivity.Now> rows) {
        LatestActivities latest = new LatestActivities();
        rows.apply("Latest", ParDo.of(new Keep(latest.id)));
        return latest;
    }

    /** The rows by user. */
    Map<String, UserActivity.Now> byUser() {
        return Map.copyOf(TABLES.getOrDefault(id, Map.of()));
    }

    @Override
    public void close() {
        TABLES.remove(id);
    }

    /** A later row of a user ends later, or ends at the same time and begins earlier: so it does not matter in which order they come. */
    private static UserActivity.Now later(UserActivity.Now one, UserActivity.Now other) {
        int byEnd = one.end().compareTo(other.end());
        return byEnd > 0 || (byEnd == 0 && one.start().isBefore(other.start())) ? one : other;
    }

    private static final class Keep extends DoFn<UserActivity.Now, Void> {
        private static final long serialVersionUID = 1;

        private final String id;

        Keep(String id) {
            this.id = id;
        }

        @ProcessElement
        public void process(@Element UserActivity.Now row) {
            Map<String, UserActivity.Now> table = TABLES.get(id);
            if (table != null) {
                table.merge(row.user(), row, LatestActivities::later);
            }
        }
    }
}
