package dev.tidemark.runner.state;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.runner.store.Changes;
import dev.tidemark.runner.store.MemoryStore;
import dev.tidemark.runner.time.Watermarks;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.transforms.windowing.TimestampCombiner;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A table whose keys come and go between memory and the store says the same as one that never forgets: whatever is read, written and
 * cleared, whenever checkpoints are saved, committed, or fail, and wherever the task is torn down and goes on.
 */
final class StateLargerThanMemoryTest {
    private static final int STEPS = 4_000;
    private static final int KEYS = 24;
    private static final int WINDOWS = 4;
    private static final String STEP = "step";

    /** What a key in a window should have. */
    private record Expected(
            boolean present,
            @Nullable Integer value,
            List<String> bag,
            Map<String, Integer> map,
            @Nullable Long hold) {
        static final Expected NOTHING = new Expected(false, null, List.of(), Map.of(), null);

        boolean isNothing() {
            return equals(NOTHING);
        }
    }

    private record Place(IntervalWindow window, String key) {}

    private static Stream<Arguments> budgets() {
        return Stream.of(1L, 1_000L, 8_000L, 25_000L, 40_000L, 60_000L, Long.MAX_VALUE)
                .flatMap(budget -> Stream.of(Arguments.of(budget, true), Arguments.of(budget, false)));
    }

    @ParameterizedTest
    @MethodSource("budgets")
    void aTableSaysTheSameWhereverItsKeysAre(long budget, boolean windowsExpire) {
        long seed = Long.getLong("tidemark.test.seed", System.nanoTime());
        System.err.println("seed: -Dtidemark.test.seed=" + seed);
        new Run(seed, budget, windowsExpire).run();
    }

    @Test
    void whatDoesNotFitIsLetGoOfAndOnlyOnceItIsCommitted() {
        Run run = new Run(1, 1, true);
        run.write(new Place(run.window(0), "a"), 1);
        run.write(new Place(run.window(0), "b"), 2);
        assertThat(run.table.keysInMemory()).isEqualTo(2);

        run.save();
        assertThat(run.table.keysInMemory()).as("saved only").isEqualTo(2);

        run.commit();
        run.hear();
        assertThat(run.table.keysInMemory()).as("committed").isZero();
        assertThat(run.table.keyCount()).isEqualTo(2);
        run.checkAll();
    }

    @Test
    void aBarrierWritesNothingDownByItself() {
        Run run = new Run(1, Long.MAX_VALUE, true);
        for (int i = 0; i < 10; i++) {
            run.write(new Place(run.window(0), "key" + i), i);
        }
        run.table.freeze(1);
        run.ledger.freeze();
        run.table.saveSome(4);
        assertThat(run.table.isSaving()).isTrue();
        assertThat(run.ledger.takeFrozen().size()).isEqualTo(4);

        run.write(new Place(run.window(0), "key8"), 80);
        assertThat(run.ledger.takeFrozen().size()).as("before it changes").isEqualTo(1);

        run.table.saveSome(100);
        assertThat(run.table.isSaving()).isFalse();
        assertThat(run.ledger.takeFrozen().size()).isEqualTo(5);
    }

    @Test
    void aTableIsFullWhereOnlyACheckpointHelps() {
        Run run = new Run(1, 1, true);
        for (int i = 0; !run.table.isFull(); i++) {
            assertThat(i).isLessThan(100_000);
            run.write(new Place(run.window(0), "key" + i), i);
        }
        run.save();
        assertThat(run.table.isFull()).as("saved only").isTrue();

        run.commit();
        run.hear();
        assertThat(run.table.isFull()).as("committed").isFalse();
    }

    @Test
    void aRestoreLoadsByAndByAndNoMoreThanThereIsRoomFor() {
        Run run = new Run(1, 200 * Cells.LEAST_BYTES, true);
        int keys = 1_000;
        for (int i = 0; i < keys; i++) {
            run.write(new Place(run.window(0), "key" + i), i);
        }
        run.save();
        run.commit();
        run.crash();
        assertThat(run.table.keysInMemory()).as("before anything is loaded").isZero();

        run.table.loadSome(10);
        assertThat(run.table.keysInMemory()).isEqualTo(10);
        while (run.table.isLoading()) {
            run.table.loadSome(10);
        }
        assertThat(run.table.keysInMemory()).isBetween(50L, 200L);
        assertThat(run.table.keyCount()).as("an estimate").isBetween(keys / 2L, keys * 2L);
        run.check(new Place(run.window(0), "key0"));
        run.check(new Place(run.window(0), "key999"));
    }

    @Test
    void whatFitsIsAllLoadedAndThenNothingIsLookedUp() {
        Run run = new Run(1, Long.MAX_VALUE, true);
        for (int i = 0; i < 100; i++) {
            run.write(new Place(run.window(0), "key" + i), i);
        }
        run.save();
        run.commit();
        run.crash();
        run.write(new Place(run.window(0), "key7"), 70);
        while (run.table.isLoading()) {
            run.table.loadSome(10);
        }
        assertThat(run.table.keysInMemory()).isEqualTo(100);
        assertThat(run.table.keyCount()).isEqualTo(100);
        run.check(new Place(run.window(0), "key7"));

        // What is not in memory now is nowhere.
        run.store.commit(2, List.of(everything()));
        run.check(new Place(run.window(0), "key100"));
        run.check(new Place(run.window(0), "key99"));
    }

    @Test
    void whereSomethingLeavesWhileTheRestIsBeingLoadedItIsNotThoughtToBeThere() {
        Run run = new Run(1, 20_000, true);
        for (int i = 0; i < 20; i++) {
            run.write(new Place(run.window(1), "key" + i), i);
        }
        run.save();
        run.commit();
        run.crash();
        run.table.loadSome(5);
        Place large = new Place(run.window(0), "large");
        for (int i = 0; i < 2_000; i++) {
            run.bag(large).add("text" + i);
        }
        run.save();
        run.saveAll();
        run.write(new Place(run.window(0), "small"), 1);
        assertThat(run.table.keysInMemory()).as("those loaded have left").isEqualTo(2);

        run.table.remove(run.table.nextToExpire().get(0));
        while (run.table.isLoading()) {
            run.table.loadSome(100);
        }
        for (int i = 0; i < 20; i++) {
            run.check(new Place(run.window(1), "key" + i));
        }
    }

    private static Changes everything() {
        Changes removed = new Changes();
        removed.deleteRange(new byte[0], new byte[] {-1});
        return removed;
    }

    /** One table with its store, and what should be in them. */
    private static final class Run {
        private final Random random;
        private final long budget;
        private final boolean windowsExpire;
        private final MemoryStore store = new MemoryStore();

        private TaskLedger ledger = new TaskLedger(store, name -> 7, 0, 1);
        private StateTable table;
        private Holds holds = new Holds();
        private long epoch;
        private boolean isSaving;
        private final List<Changes> saved = new ArrayList<>();
        private Map<Place, Expected> expected = new HashMap<>();
        private Map<Place, Expected> expectedWhenSaved = Map.of();
        private Map<Place, Expected> expectedWhenCommitted = Map.of();
        private long firstWindow;
        private long firstWindowWhenSaved;
        private long firstWindowWhenCommitted;

        Run(long seed, long budget, boolean windowsExpire) {
            this.random = new Random(seed);
            this.budget = budget;
            this.windowsExpire = windowsExpire;
            this.table = restored();
        }

        @SuppressWarnings({"unchecked", "rawtypes"}) // all windows here are intervals, and all keys texts
        private StateTable restored() {
            StateTable made = windowsExpire
                    ? StateTable.expiringAt(
                            window -> ((IntervalWindow) window).maxTimestamp().getMillis())
                    : StateTable.withoutExpiry();
            made.restore(
                    new KeyedLedger(ledger.step(STEP), (Coder) IntervalWindow.getCoder(), (Coder) StringUtf8Coder.of()),
                    holds,
                    budget);
            return made;
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                int what = random.nextInt(100);
                if (what < 80) {
                    change(new Place(window(random.nextInt(WINDOWS)), "key" + random.nextInt(KEYS)));
                } else if (what < 86) {
                    save();
                } else if (what < 91) {
                    commit();
                } else if (what < 93) {
                    hear();
                } else if (what < 96) {
                    crash();
                } else if (windowsExpire) {
                    expire();
                }
                if (random.nextInt(4) == 0) {
                    saveSome();
                }
                if (random.nextInt(4) == 0) {
                    table.loadSome(1 + random.nextInt(10));
                }
                assertThat(holds.minimum()).isEqualTo(expectedHold());
            }
            checkAll();
            save();
            commit();
            crash();
            checkAll();
            expected.keySet().stream().toList().forEach(place -> clear(place));
            while (windowsExpire && !table.nextToExpire().isEmpty()) {
                expire();
            }
            save();
            commit();
            hear();
            assertThat(store.first(new byte[0], new byte[] {-1}))
                    .as("a row of nothing")
                    .isNull();
        }

        IntervalWindow window(int number) {
            long start = (firstWindow + number) * 1_000;
            return new IntervalWindow(Instant.ofEpochMilli(start), Instant.ofEpochMilli(start + 1_000));
        }

        private long expectedHold() {
            return expected.values().stream()
                    .mapToLong(each -> each.hold() == null ? Watermarks.MAX : each.hold())
                    .min()
                    .orElse(Watermarks.MAX);
        }

        // ------------------------------------------------------------ keys

        @SuppressWarnings("unchecked") // a cell of this name was made by the same call
        private <C extends Cell> C cell(Place place, String name, Supplier<C> made) {
            Cells cells = table.cells(place.window(), place.key(), place.key());
            Cell cell = cells.find(name, Cells.NO_TRIGGER);
            if (cell == null) {
                cell = made.get();
                cells.add(name, Cells.NO_TRIGGER, cell);
            }
            return (C) cell;
        }

        private ValueCell<Integer> value(Place place) {
            return cell(place, "value", () -> new ValueCell<>(VarIntCoder.of()));
        }

        private BagCell<String> bag(Place place) {
            return cell(place, "bag", () -> new BagCell<>(StringUtf8Coder.of()));
        }

        private MapCell<String, Integer> map(Place place) {
            return cell(place, "map", () -> new MapCell<>(StringUtf8Coder.of(), VarIntCoder.of(), true));
        }

        private HoldCell hold(Place place) {
            return cell(place, "hold", () -> new HoldCell(TimestampCombiner.EARLIEST, holds));
        }

        void write(Place place, int number) {
            value(place).write(number);
            Expected old = of(place);
            expected.put(place, new Expected(old.present(), number, old.bag(), old.map(), old.hold()));
        }

        private Expected of(Place place) {
            return expected.getOrDefault(place, Expected.NOTHING);
        }

        private void change(Place place) {
            Expected old = of(place);
            int number = random.nextInt(1_000);
            switch (random.nextInt(9)) {
                case 0 -> write(place, number);
                case 1 -> {
                    List<String> bag = new ArrayList<>(old.bag());
                    for (int i = number < 100 ? 150 : 1; i > 0; i--) {
                        bag(place).add("text" + number + i);
                        bag.add("text" + number + i);
                    }
                    expected.put(place, new Expected(old.present(), old.value(), bag, old.map(), old.hold()));
                }
                case 2 -> {
                    map(place).put("part" + number % 5, number);
                    Map<String, Integer> map = new TreeMap<>(old.map());
                    map.put("part" + number % 5, number);
                    expected.put(place, new Expected(old.present(), old.value(), old.bag(), map, old.hold()));
                }
                case 3 -> {
                    map(place).remove("part" + number % 5);
                    Map<String, Integer> map = new TreeMap<>(old.map());
                    map.remove("part" + number % 5);
                    expected.put(place, new Expected(old.present(), old.value(), old.bag(), map, old.hold()));
                }
                case 4 -> {
                    if (!windowsExpire) {
                        hold(place).clear();
                        hold(place).add(Instant.ofEpochMilli(number));
                        expected.put(
                                place, new Expected(old.present(), old.value(), old.bag(), old.map(), (long) number));
                    }
                }
                case 5 -> clear(place);
                case 6 -> {
                    if (windowsExpire) {
                        table.cells(place.window(), place.key(), place.key()).bePresent();
                        expected.put(place, new Expected(true, old.value(), old.bag(), old.map(), old.hold()));
                    }
                }
                default -> check(place);
            }
            if (of(place).isNothing()) {
                expected.remove(place);
                table.remove(place.window(), place.key());
            }
        }

        private void clear(Place place) {
            value(place).clear();
            bag(place).clear();
            map(place).clear();
            hold(place).clear();
            if (of(place).present()) {
                expected.put(place, new Expected(true, null, List.of(), Map.of(), null));
            } else {
                expected.remove(place);
            }
        }

        private void check(Place place) {
            Map<String, Integer> map = new TreeMap<>();
            map(place).entries().read().forEach(entry -> map.put(entry.getKey(), entry.getValue()));
            List<String> bag = new ArrayList<>();
            bag(place).read().forEach(bag::add);
            Instant held = hold(place).read();
            // That a key was here shows only when its window ends.
            boolean present = of(place).present();
            assertThat(new Expected(present, value(place).read(), bag, map, held == null ? null : held.getMillis()))
                    .as("%s", place)
                    .isEqualTo(of(place));
        }

        void checkAll() {
            for (int window = 0; window < WINDOWS; window++) {
                for (int key = 0; key < KEYS; key++) {
                    check(new Place(window(window), "key" + key));
                }
            }
        }

        private void expire() {
            for (StateTable.WindowTable dying : table.nextToExpire()) {
                if (random.nextInt(3) > 0) {
                    meetAll(dying);
                }
                table.remove(dying);
                expected.keySet().removeIf(place -> place.window().equals(dying.window()));
                firstWindow = ((BoundedWindow) dying.window()).maxTimestamp().getMillis() / 1_000 + 1;
            }
        }

        private void meetAll(StateTable.WindowTable dying) {
            Set<String> found = new HashSet<>();
            table.forEachKey(dying, (structuralKey, key) -> {
                String text = (String) requireNonNull(key);
                assertThat(found.add(text)).as("%s came twice", text).isTrue();
                if (random.nextBoolean()) {
                    check(new Place((IntervalWindow) dying.window(), text));
                }
            });
            assertThat(found)
                    .containsAll(expected.keySet().stream()
                            .filter(place -> place.window().equals(dying.window()))
                            .map(Place::key)
                            .toList());
        }

        // ------------------------------------------------------------ checkpoints

        /** One checkpoint is under way at a time; one that fails is part of the next. That it is committed may be heard of after the next. */
        void save() {
            boolean underWay = (isSaving || !saved.isEmpty()) && random.nextBoolean();
            if (underWay) {
                return;
            }
            saveAll();
            epoch++;
            table.freeze(epoch);
            ledger.freeze();
            isSaving = true;
            if (random.nextInt(3) == 0) {
                saveSome();
                hear();
            }
            expectedWhenSaved = new HashMap<>(expected);
            firstWindowWhenSaved = firstWindow;
        }

        /** What belongs to a checkpoint is written down while the work goes on. */
        private void saveSome() {
            if (isSaving) {
                table.saveSome(1 + random.nextInt(10));
                if (!table.isSaving()) {
                    isSaving = false;
                    saved.add(ledger.takeFrozen());
                }
            }
        }

        private void saveAll() {
            while (isSaving) {
                saveSome();
            }
        }

        void commit() {
            saveAll();
            if (!saved.isEmpty()) {
                store.commit(epoch, saved);
                saved.clear();
                expectedWhenCommitted = expectedWhenSaved;
                firstWindowWhenCommitted = firstWindowWhenSaved;
                if (random.nextBoolean()) {
                    hear();
                }
            }
        }

        void hear() {
            table.committed(store.epoch());
        }

        private void crash() {
            saved.clear();
            isSaving = false;
            ledger = new TaskLedger(store, name -> 7, 0, 1);
            holds = new Holds();
            table = restored();
            expected = new HashMap<>(expectedWhenCommitted);
            firstWindow = firstWindowWhenCommitted;
            assertThat(holds.minimum()).isEqualTo(expectedHold());
        }
    }
}
