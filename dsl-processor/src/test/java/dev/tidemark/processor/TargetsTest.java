package dev.tidemark.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.processor.Compilations.Outcome;
import dev.tidemark.processor.Compilations.Source;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Groups that are for certain runners. */
final class TargetsTest {
    private static Outcome compile(String targets) {
        return Compilations.compile(List.of(new Source("shop.Visits", """
                        package shop;
                        import dev.tidemark.*;
                        @StatefulGroup(name = "visits", ttl = "1d")
                        public final class Visits {
                          @GroupInput public record Event(@Key String user) {}
                          @GroupState public static class State { Timeline<String> log; }
                          @GroupOutput public record Row(String user) {}
                          @OnEvent Row event(Event e, State s) { return new Row(e.user()); }
                        }
                        """)), List.of("-Atidemark.targets=" + targets));
    }

    @Test
    void aTimelineIsKeptInAnOrderedListWhereAllTargetsHaveThem() {
        Outcome outcome = compile("direct,flink-streaming,spark-batch");
        assertThat(outcome.said()).isEmpty();
        assertThat(outcome.generated().get("shop/VisitsDoFn.java"))
                .contains("OrderedListState<List<String>>", "@StateId(\"f1\")");
    }

    @Test
    void aTimelineIsKeptInABagUnderAnotherIdWhereATargetLacksOrderedLists() {
        Outcome outcome = compile("direct, dataflow");
        assertThat(outcome.said()).isEmpty();
        assertThat(outcome.generated().get("shop/VisitsDoFn.java"))
                .contains("BagState<TimestampedValue<String>>", "@StateId(\"f1-bag\")", "new BagTimelineCell<>()")
                .doesNotContain("OrderedListState");
    }
}
