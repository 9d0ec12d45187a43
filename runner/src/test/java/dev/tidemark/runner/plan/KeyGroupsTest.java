package dev.tidemark.runner.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.junit.jupiter.api.Test;

class KeyGroupsTest {
    @Test
    void aKeyKeepsItsGroupInEveryJvm() {
        // Literal values: a change here would tear stored keys away from their tasks.
        assertThat(KeyGroups.groupOf("user-1", StringUtf8Coder.of()))
                .isEqualTo(KeyGroups.groupOf("user-1", StringUtf8Coder.of()));
        assertThat(KeyGroups.groupOf("", StringUtf8Coder.of())).isZero();
        assertThat(KeyGroups.groupOf(0L, VarLongCoder.of())).isZero();
    }

    @Test
    void equalByteArraysAreOneKey() {
        assertThat(KeyGroups.groupOf(new byte[] {1, 2}, ByteArrayCoder.of()))
                .isEqualTo(KeyGroups.groupOf(new byte[] {1, 2}, ByteArrayCoder.of()));
    }

    @Test
    void everyShardOwnsKeysAndNoKeyIsOutOfRange() {
        for (int shards : new int[] {1, 2, 8, 128}) {
            boolean[] owns = new boolean[shards];
            for (long key = 0; key < 20_000; key++) {
                owns[KeyGroups.shardOf(key, VarLongCoder.of(), shards)] = true;
            }
            assertThat(owns).doesNotContain(false);
        }
    }

    @Test
    void aNullKeyIsAKeyWhereItsCoderSaysSoAndAnErrorWhereNot() {
        assertThat(KeyGroups.groupOf(null, NullableCoder.of(StringUtf8Coder.of())))
                .isBetween(0, 127);
        assertThatThrownBy(() -> KeyGroups.groupOf(null, StringUtf8Coder.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("TM-KEY-001");
    }
}
