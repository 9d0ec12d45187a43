package dev.tidemark.examples;

import dev.tidemark.GroupState;
import dev.tidemark.Key;
import dev.tidemark.OnEvents;
import dev.tidemark.OnExpire;
import dev.tidemark.StatefulGroup;
import java.util.List;

/** Takes events of a window as they gather, gives a row for each, and tells at the end of the window how many there were. */
@SuppressWarnings("Tidemark/NeverFreed") // with its window
@StatefulGroup(name = "at-once")
final class AtOnce {
    @GroupState
    static class Memory {
        int count;
    }

    @OnEvents(maxBatch = 4, maxDelay = "20ms")
    List<Done> events(List<Doing> events, Memory memory) {
        memory.count += events.size();
        return events.stream().map(each -> new Done(each.key(), "event")).toList();
    }

    @OnExpire
    Done end(@Key String key, Memory memory) {
        return new Done(key, "all " + memory.count);
    }
}
