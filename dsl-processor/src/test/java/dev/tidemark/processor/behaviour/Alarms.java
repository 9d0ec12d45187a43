package dev.tidemark.processor.behaviour;

import dev.tidemark.Alarm;
import dev.tidemark.Cause;
import dev.tidemark.EventTimeout;
import dev.tidemark.Group;
import dev.tidemark.Key;
import dev.tidemark.OnAlarm;
import dev.tidemark.OnEvent;
import dev.tidemark.OnTimeout;
import dev.tidemark.Order;
import dev.tidemark.Out;
import dev.tidemark.StatefulGroup;
import dev.tidemark.Timeout;
import dev.tidemark.TimeoutDomain;
import java.time.Duration;
import java.time.Instant;

/** Two alarms beside a timeout that handlers set: {@code first:30} and {@code second:none} set and cancel them. */
@StatefulGroup(
        name = "alarms",
        timeout = @Timeout(TimeoutDomain.EVENT_TIME),
        order = Order.EVENT_TIME,
        lateness = "5ms")
final class Alarms {
    @OnEvent
    void event(Said said, Memory memory, Group group, EventTimeout timeout, Alarm first, Alarm second, Out<Line> out) {
        StringBuilder others = new StringBuilder();
        for (String word : said.words().split(" ")) {
            if (word.startsWith("first:")) {
                set(first, word.substring(6));
            } else if (word.startsWith("second:")) {
                set(second, word.substring(7));
            } else if (word.equals("when")) {
                out.emit(new Line(said.key(), "first at " + first.time().map(Instant::toEpochMilli)));
            } else {
                others.append(others.isEmpty() ? "" : " ").append(word);
            }
        }
        Said rest = new Said(said.key(), said.time(), others.isEmpty() ? "nothing" : others.toString());
        Script.event(rest, memory, group, Script.Alarm.of(timeout, group), out);
    }

    static void set(Alarm alarm, String value) {
        if (value.equals("none")) {
            alarm.cancel();
        } else if (value.startsWith("+")) {
            alarm.after(Duration.ofMillis(Long.parseLong(value.substring(1))));
        } else {
            alarm.at(Instant.ofEpochMilli(Long.parseLong(value)));
        }
    }

    @OnAlarm("first")
    void first(@Key String key, Memory memory, Group group, Cause cause, Alarm first, Out<Line> out) {
        out.emit(new Line(key, "first " + cause + " " + memory.count));
        if (memory.then.equals("again")) {
            first.after(Duration.ofMillis(10));
        } else if (memory.then.equals("close")) {
            group.close();
        } else if (memory.then.equals("fail")) {
            throw new IllegalStateException("on purpose");
        }
    }

    @OnAlarm("second")
    Line second(@Key String key, Memory memory, Cause cause) {
        return new Line(key, "second " + cause + " " + memory.count);
    }

    @OnTimeout
    void timeout(@Key String key, Memory memory, Group group, Cause cause, EventTimeout timeout, Out<Line> out) {
        Script.timeout(key, memory, group, cause, Script.Alarm.of(timeout, group), out);
    }
}
