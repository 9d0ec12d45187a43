package dev.tidemark.processor.behaviour;

import dev.tidemark.Alarm;
import dev.tidemark.AtEnd;
import dev.tidemark.Cause;
import dev.tidemark.Group;
import dev.tidemark.Key;
import dev.tidemark.OnAlarm;
import dev.tidemark.OnEvent;
import dev.tidemark.OnExpire;
import dev.tidemark.Out;
import dev.tidemark.StatefulGroup;
import dev.tidemark.Timeout;
import dev.tidemark.TimeoutDomain;
import java.time.Duration;

/** An alarm by the wall clock, and no timeout; at the end of the window what is pending is forgotten. */
@StatefulGroup(name = "alarms-by-clock", timeout = @Timeout(TimeoutDomain.PROCESSING_TIME), atEnd = AtEnd.FIRE_TIMEOUTS)
final class AlarmsByClock {
    @OnEvent
    void event(Said said, Memory memory, Group group, Alarm reminder, Out<Line> out) {
        memory.count++;
        Alarms.set(reminder, said.words());
    }

    @OnAlarm("reminder")
    void remind(@Key String key, Memory memory, Group group, Cause cause, Alarm reminder, Out<Line> out) {
        out.emit(new Line(key, cause + " " + memory.count));
        if (memory.count == 2) {
            memory.count++;
            reminder.after(Duration.ofMillis(10));
        } else {
            group.close();
        }
    }

    @OnExpire
    Line end(@Key String key, Memory memory) {
        return new Line(key, "end " + memory.count);
    }
}
