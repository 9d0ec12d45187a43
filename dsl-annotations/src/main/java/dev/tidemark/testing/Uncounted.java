package dev.tidemark.testing;

import org.apache.beam.sdk.metrics.BoundedTrie;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Distribution;
import org.apache.beam.sdk.metrics.Gauge;
import org.apache.beam.sdk.metrics.MetricName;
import org.apache.beam.sdk.metrics.MetricsContainer;
import org.apache.beam.sdk.metrics.NoOpCounter;
import org.apache.beam.sdk.metrics.StringSet;

/** Where metrics go in a test: nowhere. Without any container Beam would warn of each. */
final class Uncounted implements MetricsContainer {
    private static final long serialVersionUID = 1L;

    /** A metric of any other kind than a counter. */
    private static final class Ignored implements Distribution, Gauge, StringSet, BoundedTrie {
        private static final long serialVersionUID = 1L;

        private final MetricName name;

        Ignored(MetricName name) {
            this.name = name;
        }

        @Override
        public MetricName getName() {
            return name;
        }

        @Override
        public void update(long value) {}

        @Override
        public void update(long sum, long count, long min, long max) {}

        @Override
        public void set(long value) {}

        @Override
        public void add(String value) {}

        @Override
        public void add(Iterable<String> values) {}

        @Override
        public void add(String... values) {}
    }

    @Override
    public Counter getCounter(MetricName name) {
        return NoOpCounter.getInstance();
    }

    @Override
    public Distribution getDistribution(MetricName name) {
        return new Ignored(name);
    }

    @Override
    public Gauge getGauge(MetricName name) {
        return new Ignored(name);
    }

    @Override
    public StringSet getStringSet(MetricName name) {
        return new Ignored(name);
    }

    @Override
    public BoundedTrie getBoundedTrie(MetricName name) {
        return new Ignored(name);
    }
}
