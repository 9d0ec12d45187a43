package dev.tidemark.processor.behaviour;

import java.time.Instant;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Groups with several inputs. */
final class SeveralInputsTest {
    private static Instant at(long time) {
        return Instant.ofEpochMilli(time);
    }

    @ParameterizedTest
    @EnumSource
    void eachInputHasItsHandlerAndAllShareTheState(OnRunner runner) {
        Scenario scenario = new Scenario(runner);
        DoorsGroup.registerCoders(scenario.pipeline().getCoderRegistry());
        PCollection<Doors.Entry> entries = scenario.pipeline()
                .apply(
                        "entries",
                        Create.of(
                                new Doors.Entry("h", 1, at(0), "ann"),
                                new Doors.Entry("h", 1, at(2), "bob"),
                                new Doors.Entry("h", 2, at(3), "cid")));
        PCollection<Doors.Exit> exits =
                scenario.pipeline().apply("exits", Create.of(new Doors.Exit(1, "h", 1), new Doors.Exit(4, "h", 1)));
        scenario.expect(
                        DoorsGroup.inputs(entries, exits).apply(DoorsGroup.transform()),
                        "h1 0 left at 1 @1",
                        "h1 0 left at 4 @4",
                        "h2 idle with 1 @13",
                        "h1 idle with 0 @14")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void oneHandlerMayTakeEveryInput(OnRunner runner) {
        Scenario scenario = new Scenario(runner);
        PCollection<Either.Sign> signs = scenario.pipeline()
                .apply(Create.<Either.Sign>of(new Either.Plus(at(1), 5), new Either.Minus(at(2), 3))
                        .withCoder(EitherGroup.inputCoder()));
        scenario.expect(signs.apply(EitherGroup.transform()), "all 5 @1", "all 2 @2")
                .run();
    }
}
