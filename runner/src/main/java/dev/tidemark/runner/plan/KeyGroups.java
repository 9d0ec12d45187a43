package dev.tidemark.runner.plan;

import java.util.Arrays;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.util.CoderUtils;
import org.jspecify.annotations.Nullable;

/**
 * Which task owns a key. A key belongs for ever to one of {@link #COUNT} key groups, and a task owns a range of groups, so
 * the number of tasks may change without a key being torn apart.
 *
 * <p>The hash must be the same in every JVM: the key object's own where Java specifies it (strings, boxed numbers), otherwise
 * that of the encoded key. An object's identity never enters.
 */
public final class KeyGroups {
    /** How many groups there are: the most tasks that one keyed stage can have. */
    public static final int COUNT = 128;

    private KeyGroups() {}

    /** The shard, of {@code shards}, that owns the key. */
    public static <K> int shardOf(@Nullable K key, Coder<K> coder, int shards) {
        return groupOf(key, coder) * shards / COUNT;
    }

    /** The first group of a shard; of the shard behind the last one, {@link #COUNT}. */
    public static int firstOf(int shard, int shards) {
        // The smallest group for which group * shards / COUNT is the shard.
        return (shard * COUNT + shards - 1) / shards;
    }

    /** The key's group, from 0 to {@link #COUNT} − 1. */
    public static <K> int groupOf(@Nullable K key, Coder<K> coder) {
        int hash = key != null && isPlain(key) ? key.hashCode() : encodedHash(key, coder);
        return (mix(hash) & 0x7fffffff) % COUNT;
    }

    private static boolean isPlain(Object key) {
        return key instanceof String || key instanceof Long || key instanceof Integer;
    }

    private static <K> int encodedHash(@Nullable K key, Coder<K> coder) {
        try {
            return Arrays.hashCode(CoderUtils.encodeToByteArray(coder, key));
        } catch (CoderException e) {
            throw new IllegalArgumentException(
                    "TM-KEY-001: a key cannot be encoded with " + coder + ": " + e.getMessage(), e);
        }
    }

    /** Spreads keys that differ only in their low or high bits (the finalizer of MurmurHash3). */
    private static int mix(int hash) {
        int h = hash;
        h ^= h >>> 16;
        h *= 0x85ebca6b;
        h ^= h >>> 13;
        h *= 0xc2b2ae35;
        h ^= h >>> 16;
        return h;
    }
}
