package dev.tidemark.processor.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.beam.sdk.state.ValueState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** State of an earlier version, brought to this one when its group is touched: edge case 62. */
final class MigrationTest {
    /** A cell that holds one value. */
    private static final class Cell<T> implements ValueState<T> {
        private T value;

        @Override
        public void write(T input) {
            value = input;
        }

        @Override
        public T read() {
            return value;
        }

        @Override
        public ValueState<T> readLater() {
            return this;
        }

        @Override
        public void clear() {
            value = null;
        }
    }

    private static Grown.Sum migrated(Grown.V1 v1, Grown.V2 v2, Grown.Sum now) throws Exception {
        GrownDoFn fn = new GrownDoFn(GrownGroup.SETTINGS);
        fn.setup();
        Cell<Grown.Sum> cell = new Cell<>();
        cell.value = now;
        Cell<Grown.V1> first = new Cell<>();
        first.value = v1;
        Cell<Grown.V2> second = new Cell<>();
        second.value = v2;
        java.lang.reflect.Method migrate =
                GrownDoFn.class.getDeclaredMethod("migrate", ValueState.class, ValueState.class, ValueState.class);
        migrate.setAccessible(true);
        migrate.invoke(fn, cell, first, second);
        assertThat(first.value).isNull();
        assertThat(second.value).isNull();
        return cell.value;
    }

    @Test
    void stateOfTheFirstVersionPassesThroughTheSecond() throws Exception {
        Grown.Sum sum = migrated(new Grown.V1("7"), null, null);
        assertThat(sum.total + sum.unit).isEqualTo("70tenths");
    }

    @Test
    void stateOfTheSecondVersionIsBroughtToTheThird() throws Exception {
        Grown.Sum sum = migrated(null, new Grown.V2(4), null);
        assertThat(sum.total + sum.unit).isEqualTo("40tenths");
    }

    @Test
    void stateOfThisVersionStaysAsItIs() throws Exception {
        Grown.Sum now = new Grown.Sum();
        now.total = 5;
        assertThat(migrated(null, null, now)).isSameAs(now);
    }

    @Test
    void eachVersionHasACellOfItsOwnSoThatNoneIsMisread() {
        assertThat(org.apache.beam.sdk.transforms.reflect.DoFnSignatures.getSignature(GrownDoFn.class)
                        .stateDeclarations()
                        .keySet())
                .containsExactlyInAnyOrder("fields", "fields-v2", "fields-v3", "~meta", "~inbox");
    }

    @ParameterizedTest
    @EnumSource
    void aGroupThatWasNeverStoredByAnotherVersionWorksLikeAnyOther(OnRunner runner) {
        Scenario scenario = new Scenario(runner).event(0, "a").event(1, "close").event(2, "a");
        scenario.expect(scenario.into(GrownGroup.transform()), "k 1none @0", "k 0none @1", "k 1none @2")
                .run();
    }
}
