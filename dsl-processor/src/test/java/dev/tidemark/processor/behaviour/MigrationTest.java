package dev.tidemark.processor.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.runtime.Kept;
import dev.tidemark.runtime.KeptCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.transforms.reflect.DoFnSignatures;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** State of an earlier version, brought to this one when it is read: edge case 62. */
final class MigrationTest {
    /** The coders that the programs of the three versions have. */
    private static final KeptCoder<Grown.V1> FIRST = KeptCoder.of("grown", GrownCoders.V1Coder.INSTANCE);

    private static final KeptCoder<Grown.V2> SECOND = FIRST.migrated(2, Grown::fromV1, GrownCoders.V2Coder.INSTANCE);

    private static final KeptCoder<Grown.Sum> THIRD = SECOND.migrated(3, Grown::fromV2, GrownCoders.SumCoder.INSTANCE);

    private static <A, B> Kept<B> read(A fields, int version, Coder<Kept<A>> writer, Coder<Kept<B>> reader)
            throws CoderException {
        Kept<A> kept = new Kept<>(fields, version, 1, 2, 3, Kept.Rest.USUAL);
        return CoderUtils.decodeFromByteArray(reader, CoderUtils.encodeToByteArray(writer, kept));
    }

    private static String text(Kept<Grown.Sum> kept) {
        assertThat(kept.touched()).isEqualTo(1);
        assertThat(kept.armed()).isEqualTo(2);
        assertThat(kept.deadline()).isEqualTo(3);
        Grown.Sum sum = kept.fields();
        return sum.total + sum.unit;
    }

    @Test
    void stateOfTheFirstVersionPassesThroughTheSecond() throws CoderException {
        Kept<Grown.Sum> kept = read(new Grown.V1("7"), 1, FIRST, THIRD);
        assertThat(text(kept)).isEqualTo("70tenths");
        assertThat(kept.version()).as("what makes the group store it anew").isEqualTo(1);
    }

    @Test
    void stateOfTheSecondVersionIsBroughtToTheThird() throws CoderException {
        assertThat(text(read(new Grown.V2(4), 2, SECOND, THIRD))).isEqualTo("40tenths");
    }

    @Test
    void stateOfThisVersionStaysAsItIs() throws CoderException {
        Grown.Sum now = new Grown.Sum();
        now.total = 5;
        assertThat(text(read(now, 3, THIRD, THIRD))).isEqualTo("5none");
    }

    @Test
    void aProgramThatDoesNotKnowTheVersionReadsItsNumberAndNoFields() throws CoderException {
        Kept<Grown.V1> kept = read(new Grown.Sum(), 3, THIRD, FIRST);
        assertThat(kept.version()).isEqualTo(3);
        assertThat(kept.fields()).isNull();
    }

    @Test
    void aMigrationThatFailsNamesTheGroupAndTheVersion() {
        assertThatThrownBy(() -> read(new Grown.V1("seven"), 1, FIRST, THIRD))
                .isInstanceOf(CoderException.class)
                .hasMessageContaining("grown/~meta")
                .hasMessageContaining("the migration to version 2 failed")
                .hasRootCauseInstanceOf(NumberFormatException.class);
    }

    @Test
    void theCoderWithItsMigrationsGoesWhereRunnersSendIt() throws CoderException {
        assertThat(text(read(new Grown.V1("7"), 1, FIRST, SerializableUtils.clone(THIRD))))
                .isEqualTo("70tenths");
    }

    @Test
    void theGroupHasOneCellForItsFieldsOfAllVersions() {
        assertThat(DoFnSignatures.getSignature(GrownDoFn.class)
                        .stateDeclarations()
                        .keySet())
                .containsExactlyInAnyOrder("~meta", "~inbox");
    }

    @ParameterizedTest
    @EnumSource
    void aGroupThatWasNeverStoredByAnotherVersionWorksLikeAnyOther(OnRunner runner) {
        Scenario scenario = new Scenario(runner).event(0, "a").event(1, "close").event(2, "a");
        scenario.expect(scenario.into(GrownGroup.transform()), "k 1none @0", "k 0none @1", "k 1none @2")
                .run();
    }
}
