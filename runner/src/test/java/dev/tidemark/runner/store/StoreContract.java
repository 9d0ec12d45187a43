package dev.tidemark.runner.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store does. */
abstract class StoreContract {
    private static final int EPOCHS = Integer.getInteger("tidemark.store.epochs", 150);

    private Store store = new MemoryStore();

    /** A store that has nothing. */
    abstract Store empty() throws Exception;

    /** The store as it is found when this one is closed and opened again; the same one, where nothing is kept. */
    abstract Store reopened(Store store) throws Exception;

    /** Lets go of the store, and of what holds it. */
    abstract void release(Store store) throws Exception;

    @BeforeEach
    void open() throws Exception {
        store = empty();
    }

    @AfterEach
    void close() throws Exception {
        release(store);
    }

    static byte[] bytes(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    private static Changes changes(String... keysAndValues) {
        Changes changes = new Changes();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            changes.put(bytes(keysAndValues[i]), bytes(keysAndValues[i + 1]));
        }
        return changes;
    }

    @Test
    void anEmptyStoreIsAtEpochZeroAndHasNoRows() {
        assertThat(store.epoch()).isZero();
        assertThat(store.get(bytes("a"))).isNull();
        assertThat(rows(store, new byte[0], new byte[] {-1})).isEmpty();
    }

    @Test
    void ofOneKeyTheLastChangeOfTheListCounts() throws Exception {
        Changes second = changes("a", "3");
        second.delete(bytes("b"));
        store.commit(1, List.of(changes("a", "1", "a", "2", "b", "1"), second, changes("c", "1")));

        assertThat(store.get(bytes("a"))).isEqualTo(bytes("3"));
        assertThat(store.get(bytes("b"))).isNull();
        assertThat(store.get(bytes("c"))).isEqualTo(bytes("1"));
        assertThat(store.epoch()).isEqualTo(1);
    }

    @Test
    void aRangeGoesWithItsFirstRowAndWithoutItsEndAndRowsWrittenAfterwardsStay() throws Exception {
        store.commit(1, List.of(changes("a", "1", "b", "1", "bb", "1", "c", "1", "d", "1")));
        Changes second = new Changes();
        second.put(bytes("ba"), bytes("2"));
        second.deleteRange(bytes("b"), bytes("d"));
        second.put(bytes("bb"), bytes("2"));
        store.commit(2, List.of(second, changes("c", "2")));

        assertThat(rows(reopen(), new byte[0], new byte[] {-1}))
                .isEqualTo(rows(model("a", "1", "bb", "2", "c", "2", "d", "1")));
        assertThat(store.first(bytes("b"), bytes("c"))).isEqualTo(bytes("bb"));
        assertThat(store.first(bytes("b"), bytes("bb"))).isNull();
    }

    private static NavigableMap<byte[], byte[]> model(String... keysAndValues) {
        NavigableMap<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);
        for (int i = 0; i < keysAndValues.length; i += 2) {
            model.put(bytes(keysAndValues[i]), bytes(keysAndValues[i + 1]));
        }
        return model;
    }

    @Test
    void aScanEndsWhereItsTakerHasEnough() throws Exception {
        store.commit(1, List.of(changes("a", "1", "b", "1", "c", "1", "d", "1")));
        List<Row> taken = new ArrayList<>();
        store.scanWhile(bytes("b"), bytes("e"), (key, value) -> {
            taken.add(row(key, value));
            return taken.size() < 2;
        });

        assertThat(taken).isEqualTo(rows(model("b", "1", "c", "1")));
    }

    @Test
    void anEpochWithoutChangesCounts() throws Exception {
        store.commit(3, List.of());
        store.commit(7, List.of(new Changes()));

        assertThat(reopen().epoch()).isEqualTo(7);
    }

    @Test
    void emptyKeysAndEmptyValuesAreRowsToo() throws Exception {
        Changes changes = new Changes();
        changes.put(new byte[0], new byte[0]);
        store.commit(1, List.of(changes));

        assertThat(store.get(new byte[0])).isEmpty();
        assertThat(rows(store, new byte[0], new byte[] {1})).hasSize(1);
    }

    @Test
    void scansAreInTheOrderOfUnsignedBytes() throws Exception {
        Changes changes = new Changes();
        for (int b : new int[] {0x80, 0x7f, 0xff, 0x00, 0x01}) {
            changes.put(new byte[] {(byte) b}, new byte[] {1});
        }
        store.commit(1, List.of(changes));

        assertThat(rows(store, new byte[] {0x01}, new byte[] {-1}).stream().map(Row::key))
                .containsExactly("01", "7f", "80");
    }

    @Test
    void afterAnySequenceOfEpochsTheRowsAreTheModels() throws Exception {
        long seed = Long.getLong("tidemark.test.seed", System.nanoTime());
        Random random = new Random(seed);
        NavigableMap<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);
        for (int epoch = 1; epoch <= EPOCHS; epoch++) {
            List<Changes> changes = new ArrayList<>();
            for (int list = random.nextInt(3); list >= 0; list--) {
                Changes each = new Changes();
                for (int i = random.nextInt(60); i > 0; i--) {
                    byte[] key = key(random);
                    byte[] until = key(random);
                    if (random.nextInt(50) == 0 && Arrays.compareUnsigned(key, until) < 0) {
                        each.deleteRange(key, until);
                        model.subMap(key, until).clear();
                    } else if (random.nextInt(4) == 0) {
                        each.delete(key);
                        model.remove(key);
                    } else {
                        byte[] value = new byte[random.nextInt(100)];
                        random.nextBytes(value);
                        each.put(key, value);
                        model.put(key, value);
                    }
                }
                changes.add(each);
            }
            store.commit(epoch, changes);
            if (random.nextInt(15) == 0) {
                reopen();
            }
            String at = "epoch " + epoch + "; replay with -Dtidemark.test.seed=" + seed;
            assertThat(store.epoch()).as(at).isEqualTo(epoch);
            for (int i = 0; i < 5; i++) {
                byte[] key = key(random);
                assertThat(store.get(key)).as(at).isEqualTo(model.get(key));
                byte[] other = key(random);
                byte[] from = Arrays.compareUnsigned(key, other) < 0 ? key : other;
                byte[] until = from == key ? other : key;
                assertThat(store.first(from, until)).as(at).isEqualTo(first(model.subMap(from, true, until, false)));
                assertThat(rows(store, from, until)).as(at).isEqualTo(rows(model.subMap(from, until)));
            }
        }
        assertThat(rows(reopen(), new byte[0], new byte[] {-1}))
                .as("replay with -Dtidemark.test.seed=%s", seed)
                .isEqualTo(rows(model.headMap(new byte[] {-1})));
    }

    /** Short, and seldom new. */
    private static byte[] key(Random random) {
        byte[] key = new byte[1 + random.nextInt(3)];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) (random.nextInt(8) * 33);
        }
        return key;
    }

    Store reopen() throws Exception {
        store = reopened(store);
        return store;
    }

    private static byte @Nullable [] first(NavigableMap<byte[], byte[]> model) {
        return model.isEmpty() ? null : model.firstKey();
    }

    record Row(String key, String value) {}

    static List<Row> rows(Store store, byte[] from, byte[] until) {
        List<Row> rows = new ArrayList<>();
        store.scan(from, until, (key, value) -> rows.add(row(key, value)));
        return rows;
    }

    private static List<Row> rows(Map<byte[], byte[]> model) {
        List<Row> rows = new ArrayList<>();
        model.forEach((key, value) -> rows.add(row(key, value)));
        return rows;
    }

    private static Row row(byte[] key, byte @Nullable [] value) {
        return new Row(
                HexFormat.of().formatHex(key),
                value == null ? "" : HexFormat.of().formatHex(value));
    }
}
