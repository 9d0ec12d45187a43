package dev.tidemark.examples;

import dev.tidemark.Alarm;
import dev.tidemark.Cause;
import dev.tidemark.Cell;
import dev.tidemark.EventTimeout;
import dev.tidemark.Group;
import dev.tidemark.GroupState;
import dev.tidemark.Key;
import dev.tidemark.OnAlarm;
import dev.tidemark.OnEvent;
import dev.tidemark.OnTimeout;
import dev.tidemark.Order;
import dev.tidemark.StatefulGroup;
import dev.tidemark.Timeline;
import dev.tidemark.Timeout;
import dev.tidemark.TimeoutDomain;
import dev.tidemark.Ttl;
import java.io.Serializable;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;

/** Drawn handlers that set a timeout and two alarms, with a timeline and a time to live. */
@StatefulGroup(
        name = "random-2",
        timeout = @Timeout(TimeoutDomain.EVENT_TIME),
        order = Order.EVENT_TIME,
        lateness = "20ms",
        ttl = "150ms")
final class Random2 implements Serializable {
    private static final long serialVersionUID = 1L;

    private final long seed;

    Random2(long seed) {
        this.seed = seed;
    }

    @GroupState
    static class Memory {
        int count;

        @Cell
        String big = "none";

        @Ttl("40ms")
        String recent;

        Timeline<Long> log;
    }

    @OnEvent
    Optional<Done> event(Doing doing, Memory memory, Group group, EventTimeout timeout, Alarm first, Alarm second) {
        Random random = new Random(seed * 37 + doing.number());
        memory.count++;
        switch (random.nextInt(7)) {
            case 0 -> timeout.after(doing.time(), Duration.ofMillis(1 + random.nextInt(60)));
            case 1 -> first.after(Duration.ofMillis(1 + random.nextInt(60)));
            case 2 -> second.at(doing.time().plusMillis(random.nextInt(60)));
            case 3 -> first.cancel();
            case 4 -> memory.big = "big " + doing.number();
            case 5 -> memory.recent = "recent " + doing.number();
            default -> {
                memory.log.add(doing.time(), doing.number());
                memory.log.dropBefore(doing.time().minusMillis(50));
            }
        }
        if (random.nextInt(12) == 0) {
            group.close();
        }
        return random.nextInt(3) == 0 ? Optional.of(done(doing.key(), "event", memory)) : Optional.empty();
    }

    @OnTimeout
    Done timeout(@Key String key, Memory memory, Group group, Cause cause) {
        Done done = done(key, "timeout " + cause, memory);
        if (memory.count % 2 == 0) {
            group.close();
        }
        return done;
    }

    @OnAlarm("first")
    Done first(@Key String key, Memory memory, Cause cause, Alarm second) {
        second.after(Duration.ofMillis(7));
        return done(key, "first " + cause, memory);
    }

    @OnAlarm("second")
    Done second(@Key String key, Memory memory, Cause cause) {
        memory.count += 10;
        return done(key, "second " + cause, memory);
    }

    private static Done done(String key, String what, Memory memory) {
        return new Done(key, what + memory.count + memory.big + memory.recent + memory.log.list());
    }
}
