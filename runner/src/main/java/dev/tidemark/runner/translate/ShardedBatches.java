package dev.tidemark.runner.translate;

import dev.tidemark.runner.plan.TaskAware;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.runners.AppliedPTransform;
import org.apache.beam.sdk.runners.PTransformOverride;
import org.apache.beam.sdk.runners.PTransformOverrideFactory;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupIntoBatches;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.util.ShardedKey;
import org.apache.beam.sdk.util.construction.PTransformMatchers;
import org.apache.beam.sdk.util.construction.PTransformReplacements;
import org.apache.beam.sdk.util.construction.ReplacementOutputs;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * {@code GroupIntoBatches.withShardedKey()}: batches of one key, made by several tasks side by side.
 *
 * <p>Beam's own expansion names a shard after the thread that an element happens to be on. Tasks here change threads, so that
 * would make many shards, each with a last batch that is not full. Instead, where a bundle may have whole batches, the elements of
 * a batch go together to one shard after the other, and what is left of the bundle goes to a shard for the rest: there is at most
 * one batch per key and window that is not full when time ends, however many tasks there are. Where batches are larger than bundles,
 * elements go to the shards in turn.
 */
final class ShardedBatches<K, V>
        extends PTransform<PCollection<KV<K, V>>, PCollection<KV<ShardedKey<K>, Iterable<V>>>> {
    private static final long serialVersionUID = 1;

    /** Batches up to this size are gathered in a bundle. */
    private static final int GATHERED = 1_000;

    private static final int GATHERED_BYTES = 64 << 10;

    /** Shards per task: which task makes a shard's batches is left to a hash, and with one for each some would have none. */
    private static final int SHARDS_PER_TASK = 2;

    /** Where elements go that made no whole batch in their bundle. */
    private static final byte[] REST = {0};

    private final transient GroupIntoBatches.BatchingParams<V> params;
    private final int shards;

    private ShardedBatches(GroupIntoBatches.BatchingParams<V> params, int shards) {
        this.params = params;
        this.shards = shards;
    }

    /** @param tasks how many tasks make batches side by side */
    static PTransformOverride override(int tasks) {
        int shards = SHARDS_PER_TASK * Math.max(2, tasks);
        return PTransformOverride.of(
                PTransformMatchers.classEqualTo(GroupIntoBatches.WithShardedKey.class), new Factory<>(shards));
    }

    private static final class Factory<K, V>
            implements PTransformOverrideFactory<
                    PCollection<KV<K, V>>,
                    PCollection<KV<ShardedKey<K>, Iterable<V>>>,
                    GroupIntoBatches<K, V>.WithShardedKey> {
        private final int shards;

        Factory(int shards) {
            this.shards = shards;
        }

        @Override
        public PTransformReplacement<PCollection<KV<K, V>>, PCollection<KV<ShardedKey<K>, Iterable<V>>>>
                getReplacementTransform(
                        AppliedPTransform<
                                        PCollection<KV<K, V>>,
                                        PCollection<KV<ShardedKey<K>, Iterable<V>>>,
                                        GroupIntoBatches<K, V>.WithShardedKey>
                                applied) {
            return PTransformReplacement.of(
                    PTransformReplacements.getSingletonMainInput(applied),
                    new ShardedBatches<>(applied.getTransform().getBatchingParams(), shards));
        }

        @Override
        public Map<PCollection<?>, ReplacementOutput> mapOutputs(
                Map<TupleTag<?>, PCollection<?>> outputs, PCollection<KV<ShardedKey<K>, Iterable<V>>> newOutput) {
            return ReplacementOutputs.singleton(outputs, newOutput);
        }
    }

    @Override
    public PCollection<KV<ShardedKey<K>, Iterable<V>>> expand(PCollection<KV<K, V>> input) {
        KvCoder<K, V> coder = (KvCoder<K, V>) input.getCoder();
        Coder<V> valueCoder = coder.getValueCoder();
        return input.apply(
                        "Shard",
                        ParDo.of(new Shard<>(
                                coder.getKeyCoder(),
                                params.getBatchSize(),
                                params.getBatchSizeBytes(),
                                params.getWeigher(valueCoder),
                                shards)))
                .setCoder(KvCoder.of(ShardedKey.Coder.of(coder.getKeyCoder()), valueCoder))
                .apply("Batch", batches());
    }

    /** The same batching, of keys that are sharded. */
    private GroupIntoBatches<ShardedKey<K>, V> batches() {
        GroupIntoBatches<ShardedKey<K>, V> batches;
        if (params.getBatchSizeBytes() == Long.MAX_VALUE) {
            batches = GroupIntoBatches.ofSize(params.getBatchSize());
        } else {
            SerializableFunction<V, Long> elementBytes = params.getElementByteSize();
            batches = elementBytes == null
                    ? GroupIntoBatches.ofByteSize(params.getBatchSizeBytes())
                    : GroupIntoBatches.ofByteSize(params.getBatchSizeBytes(), elementBytes);
            if (params.getBatchSize() < Long.MAX_VALUE) {
                batches = batches.withSize(params.getBatchSize());
            }
        }
        return batches.withMaxBufferingDuration(params.getMaxBufferingDuration());
    }

    /** Gathers the elements of a bundle, and names their shards. */
    private static final class Shard<K, V> extends DoFn<KV<K, V>, KV<ShardedKey<K>, V>> implements TaskAware {
        private static final long serialVersionUID = 1;

        private final Coder<K> keyCoder;
        private final long batchSize;
        private final long batchBytes;
        private final @Nullable SerializableFunction<V, Long> weigher;
        private final int shards;

        private transient Map<Place, Rest<K, V>> runs = new LinkedHashMap<>();
        private transient int nextShard;

        /** Of one key and window: batches do not mix them. */
        private record Place(@Nullable Object structuralKey, BoundedWindow window) {}

        private record Timed<V>(V value, Instant timestamp) {}

        private static final class Run<V> {
            final List<Timed<V>> elements = new ArrayList<>();
            long bytes;
        }

        Shard(
                Coder<K> keyCoder,
                long batchSize,
                long batchBytes,
                @Nullable SerializableFunction<V, Long> weigher,
                int shards) {
            this.keyCoder = keyCoder;
            this.batchSize = batchSize;
            this.batchBytes = batchBytes;
            this.weigher = weigher;
            this.shards = shards;
        }

        private record Rest<K, V>(K key, Run<V> run) {}

        @Override
        public void inTask(int shard) {
            // Not all at the same one.
            nextShard = SHARDS_PER_TASK * shard % shards;
        }

        private ShardedKey<K> nextShard(K key) {
            ShardedKey<K> shard = ShardedKey.of(key, new byte[] {1, (byte) (nextShard >> 8), (byte) nextShard});
            nextShard = (nextShard + 1) % shards;
            return shard;
        }

        @StartBundle
        public void start() {
            runs = new LinkedHashMap<>();
        }

        @ProcessElement
        public void process(
                @Element KV<K, V> element,
                @Timestamp Instant timestamp,
                BoundedWindow window,
                OutputReceiver<KV<ShardedKey<K>, V>> output) {
            K key = element.getKey();
            if (batchSize > GATHERED && batchBytes > GATHERED_BYTES) {
                output.output(KV.of(nextShard(key), element.getValue()));
                return;
            }
            Place place = new Place(key == null ? null : keyCoder.structuralValue(key), window);
            Rest<K, V> rest = runs.computeIfAbsent(place, first -> new Rest<>(key, new Run<>()));
            Run<V> run = rest.run();
            run.elements.add(new Timed<>(element.getValue(), timestamp));
            if (weigher != null) {
                run.bytes += weigher.apply(element.getValue());
            }
            if (run.elements.size() >= batchSize || run.bytes >= batchBytes) {
                ShardedKey<K> shard = nextShard(key);
                for (Timed<V> each : run.elements) {
                    output.outputWithTimestamp(KV.of(shard, each.value()), each.timestamp());
                }
                runs.remove(place);
            }
        }

        @FinishBundle
        public void finish(FinishBundleContext context) {
            runs.forEach((place, rest) -> {
                ShardedKey<K> shard = ShardedKey.of(rest.key(), REST);
                for (Timed<V> each : rest.run().elements) {
                    context.output(KV.of(shard, each.value()), each.timestamp(), place.window());
                }
            });
            runs.clear();
        }

        /** An element may wait for others of its bundle that are later than it. */
        @Override
        @Deprecated
        @SuppressWarnings("InlineMeSuggester") // Beam calls it; nobody else should
        public Duration getAllowedTimestampSkew() {
            return Duration.millis(Long.MAX_VALUE);
        }
    }
}
