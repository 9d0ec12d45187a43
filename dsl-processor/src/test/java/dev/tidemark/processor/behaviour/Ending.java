package dev.tidemark.processor.behaviour;

import dev.tidemark.Cause;
import dev.tidemark.ErrorPolicy;
import dev.tidemark.EventTimeout;
import dev.tidemark.Group;
import dev.tidemark.Key;
import dev.tidemark.Late;
import dev.tidemark.OnError;
import dev.tidemark.OnEvent;
import dev.tidemark.OnExpire;
import dev.tidemark.OnTimeout;
import dev.tidemark.Order;
import dev.tidemark.Out;
import dev.tidemark.StatefulGroup;
import dev.tidemark.Timeout;
import dev.tidemark.TimeoutDomain;

/** Emits its count when the window ends. */
@StatefulGroup(name = "ending", timeout = @Timeout(TimeoutDomain.EVENT_TIME), order = Order.ARRIVAL, late = Late.ACCEPT)
@OnError(ErrorPolicy.EMIT)
final class Ending {
    @OnEvent
    void event(Said said, Memory memory, Group group, EventTimeout timeout, Out<Line> out) {
        Script.event(said, memory, group, Script.Alarm.of(timeout, group), out);
    }

    @OnTimeout
    void timeout(@Key String key, Memory memory, Group group, Cause cause, EventTimeout timeout, Out<Line> out) {
        Script.timeout(key, memory, group, cause, Script.Alarm.of(timeout, group), out);
    }

    @OnExpire
    void end(@Key String key, Memory memory, Group group, Cause cause, Out<Line> out) {
        if (memory.then.equals("fail")) {
            throw new IllegalStateException("on purpose");
        }
        out.emit(new Line(key, "end " + cause + " " + memory.count));
        memory.notes.add("written in vain");
    }
}
