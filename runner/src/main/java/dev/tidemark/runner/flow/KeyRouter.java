package dev.tidemark.runner.flow;

import dev.tidemark.runner.plan.Edge;
import dev.tidemark.runner.plan.KeyGroups;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.WindowedValue;
import org.jspecify.annotations.Nullable;

/** Chooses the channel of an element. Owned by the sending task. */
final class KeyRouter {
    private static final int IN_TURN = -1;

    private final int shards;
    private final @Nullable Coder<Object> keyCoder;
    private final int fixed;
    private int next;

    /** @param ownShard the number of the sending task */
    @SuppressWarnings("unchecked") // the planner took the coder from the wire whose elements come through here
    KeyRouter(Edge edge, int ownShard, int senders, int shards) {
        this.shards = shards;
        // Senders begin at different places, so that few elements reach many tasks.
        this.next = (int) ((long) ownShard * shards / senders) % shards;
        this.keyCoder = edge.routing() == Edge.Routing.BY_KEY ? (Coder<Object>) edge.keyCoder() : null;
        this.fixed = switch (edge.routing()) {
            case FIRST -> 0;
            case SPREAD -> senders == shards ? ownShard : IN_TURN;
            case BY_KEY, BROADCAST, IN_TURN -> IN_TURN;
        };
    }

    int shardOf(WindowedValue<?> element) {
        if (fixed != IN_TURN) {
            return fixed;
        }
        if (keyCoder != null) {
            if (!(element.getValue() instanceof KV<?, ?> kv)) {
                throw new IllegalStateException("a keyed edge got an element that is no KV");
            }
            return KeyGroups.shardOf(kv.getKey(), keyCoder, shards);
        }
        int chosen = next;
        next = next + 1 == shards ? 0 : next + 1;
        return chosen;
    }
}
