package dev.tidemark.examples;

import dev.tidemark.GroupState;
import dev.tidemark.Key;
import dev.tidemark.OnEvent;
import dev.tidemark.OnExpire;
import dev.tidemark.Order;
import dev.tidemark.StatefulGroup;

/** Counts in each window, and says so at its end. */
@SuppressWarnings("Tidemark/NeverFreed") // with its window
@StatefulGroup(name = "per-window", order = Order.EVENT_TIME)
final class PerWindow {
    @GroupState
    static class Seen {
        int count;
        long last;
    }

    @OnEvent
    void event(Doing event, Seen seen) {
        seen.count++;
        seen.last = event.number();
    }

    @OnExpire
    Done end(@Key String key, Seen seen) {
        return new Done(key, seen.count + " until " + seen.last);
    }
}
