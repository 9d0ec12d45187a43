package dev.tidemark.processor.behaviour;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The cells of a group beside those of the seed: tables, and plain fields with a cell of their own. */
final class CellTest {
    @ParameterizedTest
    @EnumSource
    void aTableKeepsEachEntryUntilItIsRemoved(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(0, "visit:b visit:a visit:b tell")
                .event(1, "leave:b visit:c tell")
                .event(2, "leave:a leave:c leave:x tell");
        scenario.expect(
                        scenario.into(ProfileGroup.create()).line(),
                        "k 1 calm none null {a=1, b=2} [] [] @0",
                        "k 2 calm none null {a=1, c=1} [] [] @1",
                        "k 3 calm none null {} [] [] @2")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void aFieldWithACellOfItsOwnIsAFieldLikeOthers(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(0, "picture:face tell")
                .event(1, "tell")
                .event(2, "picture:null tell")
                .event(3, "tell")
                .event(4, "picture:none")
                .event(5, "tell")
                .event(6, "picture:other close")
                .event(7, "tell");
        scenario.expect(
                        scenario.into(ProfileGroup.create()).line(),
                        "k 1 calm face null {} [] [] @0",
                        "k 2 calm face null {} [] [] @1",
                        "k 3 calm null null {} [] [] @2",
                        "k 4 calm null null {} [] [] @3",
                        "k 6 calm none null {} [] [] @5",
                        "k 1 calm none null {} [] [] @7")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void aHandlerThatThrowsLeavesTablesAndCellsAsTheyWere(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(0, "visit:a picture:face rank:1")
                .event(1, "visit:b leave:a picture:other rank:2 throw:x")
                .event(2, "tell");
        ProfileGroup.Result result = scenario.into(ProfileGroup.create());
        scenario.expect(result.line(), "k 2 calm face 1 {a=1} [] [] @2")
                .expectErrors(result.errors(), "HANDLER k visit:b leave:a picture:other rank:2 throw:x @1")
                .run();
    }
}
