package dev.tidemark.runner.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SortedChangesTest {
    private static final byte[] BYTES = {0, 1, 127, -128, -1};

    @Test
    void keysComeInTheOrderOfTheirBytesAlsoWhereOneIsTheBeginningOfAnother() throws Exception {
        long seed = Long.getLong("tidemark.test.seed", System.nanoTime());
        System.err.println("changes: replay with -Dtidemark.test.seed=" + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            byte[] common = new byte[random.nextInt(12)];
            NavigableMap<byte[], byte[]> expected = new TreeMap<>(Arrays::compareUnsigned);
            List<Changes> all = new ArrayList<>();
            for (int i = random.nextInt(3); i >= 0; i--) {
                Changes changes = new Changes();
                for (int j = random.nextInt(60); j > 0; j--) {
                    byte[] key = Arrays.copyOf(common, common.length + random.nextInt(20));
                    for (int at = common.length; at < key.length; at++) {
                        key[at] = BYTES[random.nextInt(BYTES.length)];
                    }
                    byte[] value = {(byte) j};
                    changes.put(key, value);
                    expected.put(key, value);
                }
                all.add(changes);
            }

            List<byte[]> keys = new ArrayList<>();
            List<byte[]> values = new ArrayList<>();
            SortedChanges.forEach(all, (key, value) -> {
                keys.add(key);
                values.add(value);
            });
            assertThat(keys).as("round %d, seed %d", round, seed).containsExactlyElementsOf(expected.keySet());
            assertThat(values).as("round %d, seed %d", round, seed).containsExactlyElementsOf(expected.values());
        }
    }
}
