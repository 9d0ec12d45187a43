package dev.tidemark.processor.behaviour;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.Bag;
import dev.tidemark.Members;
import dev.tidemark.Table;
import dev.tidemark.Tally;
import dev.tidemark.Timeline;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** States that are there before the events: edge case 54. */
final class InitialStateTest {
    private static Seeded.Session session(int count) {
        Seeded.Session session = new Seeded.Session();
        session.count = count;
        session.name = "ann";
        session.words = Bag.of("x", "y");
        session.rooms = Members.of("hall");
        session.visits = Table.of(Map.of("home", 4L));
        session.tally = Tally.of(10);
        session.log = Timeline.empty();
        session.log.add(Instant.ofEpochMilli(1), "log");
        return session;
    }

    @SafeVarargs
    @SuppressWarnings("varargs") // the array is only read
    private static PCollection<KV<String, Seeded.Session>> initial(
            Scenario scenario, TimestampedValue<KV<String, Seeded.Session>>... states) {
        return scenario.pipeline()
                .apply(
                        "initial",
                        Create.timestamped(List.of(states))
                                .withCoder(KvCoder.of(SeededGroup.keyCoder(), SeededGroup.stateCoder())));
    }

    private static TimestampedValue<KV<String, Seeded.Session>> at(long time, String key, Seeded.Session session) {
        return TimestampedValue.of(KV.of(key, session), org.joda.time.Instant.ofEpochMilli(time));
    }

    @ParameterizedTest
    @EnumSource
    void aKeyWithEventsBeginsWithItsStateAndOneWithoutIsToldSo(OnRunner runner) {
        Scenario scenario =
                new Scenario(runner).event(5, "a").event("m", 5, "a").watermark(40);
        SeededGroup.Result result = scenario.into(SeededGroup.create()
                .withInitialState(initial(scenario, at(0, "k", session(7)), at(0, "l", new Seeded.Session()))));
        scenario.expect(
                        result.line(),
                        "k starts at 7 @0",
                        "l starts at 0 @0",
                        "k 8ann[x, y][hall]{home=4}111 @5",
                        "m new 1nobody[][]{}10 @5",
                        "l idle 0nobody[][]{}00 @10",
                        "k idle 8ann[x, y][hall]{home=4}111 @15",
                        "m idle 1nobody[][]{}10 @15")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void aSecondStateOfAKeyAndOneAfterItsFirstEventAreErrors(OnRunner runner) {
        Scenario scenario = new Scenario(runner).event(5, "a");
        SeededGroup.Result result = scenario.into(SeededGroup.create()
                .withInitialState(
                        initial(scenario, at(0, "l", session(7)), at(0, "l", session(7)), at(6, "k", session(1)))));
        scenario.expect(
                        result.line(),
                        "l starts at 7 @0",
                        "k new 1nobody[][]{}10 @5",
                        "l idle 7ann[x, y][hall]{home=4}101 @10",
                        "k idle 1nobody[][]{}10 @15")
                .expectErrors(result.errors(), "HANDLER l timeout @0", "HANDLER k timeout @6")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void anInitialStateThatIsClosedAtOnceIsNone(OnRunner runner) {
        Scenario scenario = new Scenario(runner).event(5, "a");
        SeededGroup.Result result =
                scenario.into(SeededGroup.create().withInitialState(initial(scenario, at(0, "k", session(-1)))));
        scenario.expect(result.line(), "k starts at -1 @0", "k new 1nobody[][]{}10 @5", "k idle 1nobody[][]{}10 @15")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void aGroupThatMayHaveAnInitialStateNeedsNone(OnRunner runner) {
        Scenario scenario = new Scenario(runner).event(5, "a").watermark(40).event(7, "b");
        SeededGroup.Result result = scenario.into(SeededGroup.create());
        scenario.expect(result.line(), "k new 1nobody[][]{}10 @5", "k idle 1nobody[][]{}10 @15")
                .expectEvents(result.late(), "k b @7")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void anInitialStateOfAWindowIsRefused(OnRunner runner) {
        Scenario scenario = new Scenario(runner).event(5, "a");
        assertThatThrownBy(() -> scenario.windowedInto(
                        Window.into(FixedWindows.of(org.joda.time.Duration.millis(20))),
                        SeededGroup.create().withInitialState(initial(scenario, at(0, "k", session(1))))))
                .hasMessage("seeded: the events are in windows, whose state begins empty; an initial state needs the"
                        + " global window");
    }
}
