package dev.tidemark.processor.behaviour;

import dev.tidemark.Cause;
import dev.tidemark.ErrorPolicy;
import dev.tidemark.GroupState;
import dev.tidemark.Key;
import dev.tidemark.OnError;
import dev.tidemark.OnEvent;
import dev.tidemark.OnInitial;
import dev.tidemark.OnTimeout;
import dev.tidemark.Order;
import dev.tidemark.OutputMode;
import dev.tidemark.StatefulGroup;
import dev.tidemark.Step;
import dev.tidemark.Timeout;
import dev.tidemark.TimeoutDomain;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The pure form: counts words, is quiet about the word {@code hush}, and forgets at the word {@code bye}. */
@StatefulGroup(
        name = "counts",
        timeout = @Timeout(TimeoutDomain.EVENT_TIME),
        order = Order.EVENT_TIME,
        output = OutputMode.UPDATE)
@OnError(ErrorPolicy.EMIT)
final class Counts {
    @GroupState
    record Seen(int count, List<String> words) {
        Seen with(String word) {
            List<String> all = new ArrayList<>(words);
            all.add(word);
            return new Seen(count + 1, List.copyOf(all));
        }
    }

    @OnEvent
    static Step<Seen, Line> update(Said said, Optional<Seen> old) {
        Seen seen = old.orElse(new Seen(0, List.of())).with(said.words());
        Line line = new Line(said.key(), seen.count() + String.join(",", seen.words()));
        return switch (said.words()) {
            case "hush" -> Step.keep();
            case "bye" -> Step.remove(line);
            case "throw" -> throw new IllegalStateException("on purpose");
            case "late" -> Step.<Seen, Line>remove().timeoutAt(said.time());
            default -> Step.replace(seen, line).timeoutAfter(said.time(), Duration.ofMillis(10));
        };
    }

    @OnTimeout
    static Step<Seen, Line> timeout(@Key String key, Seen old, Cause cause) {
        return old.count() == 2
                ? Step.replace(old.with("idle"), new Line(key, cause + " " + old.count()))
                : Step.<Seen, Line>remove().emit(new Line(key, cause + " last " + old.count()));
    }

    @OnInitial
    static Step<Seen, Line> start(Seen initial, @Key String key) {
        return Step.keep(new Line(key, "from " + initial.count()));
    }
}
