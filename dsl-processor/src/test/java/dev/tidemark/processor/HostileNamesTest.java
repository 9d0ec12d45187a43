package dev.tidemark.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.processor.Compilations.Outcome;
import dev.tidemark.processor.Compilations.Source;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Names and texts that could get in the way of generated code. */
final class HostileNamesTest {
    @Test
    void fieldsMayBeCalledWhatTheGeneratedCodeCallsItsOwn() {
        Outcome outcome = Compilations.compile(List.of(new Source("shop.Visits", """
                package shop;
                import dev.tidemark.*;
                import java.time.Instant;
                import java.util.*;
                @StatefulGroup(name = "visits", timeout = @Timeout(TimeoutDomain.EVENT_TIME), order = Order.EVENT_TIME,
                    output = OutputMode.APPEND, ttl = "1d", late = Late.EMIT)
                @OnError(ErrorPolicy.EMIT)
                public final class Visits {
                  @Deduplicate(on = {"key", "in"}, within = "5s")
                  @GroupInput public record Event(@Key String key, @Key int input, @EventTime Instant time, String in,
                      String out, String value, String event, String row, String cells, String writer) {}
                  @GroupState public static class State {
                    int settings; String handlers; @Cell String stored; @Cell int defaults; @Ttl("1s") long from; long to;
                    Bag<String> group; Members<String> rows; Table<String, String> state; Tally inbox; Timeline<String> wake;
                    Bag<String> metaCell; Bag<String> left; Bag<String> fieldsCell; Bag<String> xs; Bag<String> xsCell;
                  }
                  @GroupOutput public sealed interface Out permits Row, Late, Result, Create, Instant2 {}
                  public record Row(String SCHEMA, List<String> each, Map<String, List<String>> each1) implements Out {}
                  public record Late(String LATE) implements Out {}
                  public record Result(String pipeline) implements Out {}
                  public record Create(String create) implements Out {}
                  public record Instant2(Instant instant) implements Out {}
                  @OnEvent List<Out> event(Event event, State state, Group group, Alarm group2, Alarm time) {
                    return List.of();
                  }
                  @OnAlarm("group2") void group2(State state) {}
                  @OnAlarm("time") void time(State state, Cause cause) {}
                  @OnExpire void expire(State state) {}
                }
                """)));
        // Rows called late would be the second late(): that is said, and nothing else.
        assertThat(outcome.said()).allSatisfy(said -> assertThat(said.message()).startsWith("[Tidemark/OutputName]"));
        assertThat(outcome.said()).isEmpty();
    }

    @Test
    void namesMayHaveLettersOfAnyLanguageAndDollars() {
        Outcome outcome = Compilations.compile(List.of(new Source("shop.Gr\u00fc\u00dfe$1", """
                package shop;
                import dev.tidemark.*;
                @StatefulGroup(name = "visits", ttl = "1d", timeout = @Timeout(TimeoutDomain.EVENT_TIME), order = Order.ARRIVAL)
                public final class Gr\u00fc\u00dfe$1 {
                  @GroupInput public record \u00c4nderung(@Key String schl\u00fcssel, @EventTime long zeit) {}
                  @GroupState public static class Zustand { int z\u00e4hler; Bag<String> w\u00f6rter; }
                  @GroupOutput public record Zeile(String gr\u00fc\u00dfe) {}
                  @OnEvent Zeile ereignis(\u00c4nderung e, Zustand s, Group group, Alarm gr\u00fc\u00dfe) { return new Zeile(""); }
                  @OnAlarm("gr\u00fc\u00dfe") void l\u00e4uten(Zustand s) {}
                }
                """)));
        assertThat(outcome.said()).isEmpty();
    }

    @Test
    void textsInAnnotationsNeverBecomeCode() {
        for (String hostile : List.of("*/ class X {} /*", "\\\" + \\\"", "a\\nb", "\\\\u0022", "${x}", "$T", "%s")) {
            Outcome outcome = Compilations.compile(List.of(new Source("shop.Visits", """
                    package shop;
                    import dev.tidemark.*;
                    @StatefulGroup(name = "@@", timeout = @Timeout(value = TimeoutDomain.EVENT_TIME, after = "@@"),
                        order = Order.ARRIVAL, ttl = "@@")
                    public final class Visits {
                      @GroupInput @Deduplicate(on = "@@", within = "@@")
                      public record Event(@Key String user, @EventTime long time) {}
                      @GroupState public static class State { @Ttl("@@") int count; }
                      @GroupOutput public record Row(String user) {}
                      @OnEvent Row event(Event e, State s, Group group) { return new Row(""); }
                      @OnAlarm("@@") void ring(State s) {}
                    }
                    """.replace("@@", hostile))));
            assertThat(outcome.said())
                    .isNotEmpty()
                    .allSatisfy(said -> assertThat(said.message()).startsWith("[Tidemark/"));
        }
    }
}
