package dev.tidemark.runner.flow;

import dev.tidemark.runner.plan.Edge;
import dev.tidemark.runner.time.Watermarks;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import org.apache.beam.sdk.values.WindowedValue;

/**
 * All that a task sends. Owned by the task.
 *
 * <p>User code cannot be stopped in the middle of an element, so the outbox never refuses one: what the channels have no room
 * for waits in an overflow list, and {@link #hasRoom()} is false until that has drained. The task takes nothing in meanwhile,
 * so the list is bounded by what one element (or one firing) emits.
 */
public final class Outbox {
    private final List<Port> ports = new ArrayList<>();
    private final int batchElements;
    private int overflowing;

    public Outbox(int batchElements) {
        this.batchElements = batchElements;
    }

    /** Adds an edge. */
    public Port connect(Edge edge, int ownShard, int senders, List<Channel> channels) {
        Port port = edge.routing() == Edge.Routing.BROADCAST
                ? new BroadcastPort(channels)
                : new RoutedPort(channels, new KeyRouter(edge, ownShard, senders, channels.size()));
        ports.add(port);
        return port;
    }

    /** Whether everything sent so far is in a channel or an open batch. */
    public boolean hasRoom() {
        return overflowing == 0;
    }

    /** Moves what overflowed into channels that have room again. */
    public void drain() {
        if (overflowing > 0) {
            for (Port port : ports) {
                port.drain();
            }
        }
    }

    /** Sends the open batches. */
    public void flush() {
        for (Port port : ports) {
            port.flush();
        }
    }

    /** Sends a signal on every edge, after all elements emitted before it. */
    public void broadcast(Signal signal) {
        for (Port port : ports) {
            port.flush();
            port.toAll(signal);
        }
    }

    /** Whether somebody asks how far the clock has come. */
    public boolean isAskedForClock() {
        for (Port port : ports) {
            for (Channel channel : port.channels) {
                if (channel.isAskedForClock()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Tells those who ask, after all elements emitted before. */
    public void tellClock(long millis) {
        for (Port port : ports) {
            port.tellClock(millis);
        }
    }

    /** One edge: takes elements, and the watermark of the step that emits them. */
    public abstract class Port implements Receiver {
        final Channel[] channels;
        final Batch[] open;
        private final List<Queue<Signal>> overflow = new ArrayList<>();
        private long watermark = Watermarks.MIN;

        private Port(List<Channel> channels) {
            this.channels = channels.toArray(Channel[]::new);
            this.open = new Batch[channels.size()];
            Arrays.setAll(open, i -> new Batch(batchElements));
            channels.forEach(channel -> overflow.add(new ArrayDeque<>()));
        }

        /** Tells every consumer, where it is news, after all elements emitted before. */
        public void raise(long newWatermark) {
            if (newWatermark > watermark) {
                watermark = newWatermark;
                Signal alone = new Signal.Watermark(newWatermark);
                for (int i = 0; i < channels.length; i++) {
                    if (open[i].size() > 0) {
                        open[i].followedBy(newWatermark);
                        sendQuietly(i, takeOpen(i));
                    } else {
                        sendQuietly(i, alone);
                    }
                }
                wakeAll();
            }
        }

        void put(int index, WindowedValue<?> element) {
            if (open[index].add(element)) {
                sendOpen(index);
            }
        }

        void flush() {
            for (int i = 0; i < open.length; i++) {
                if (open[i].size() > 0) {
                    sendOpen(i);
                }
            }
        }

        void toAll(Signal signal) {
            for (int i = 0; i < channels.length; i++) {
                sendQuietly(i, signal);
            }
            wakeAll();
        }

        /**
         * Only when all have it: the first to wake may take this thread's place, and what it does must not come to others long before they
         * have what it had.
         */
        private void wakeAll() {
            for (Channel channel : channels) {
                channel.wakeConsumer();
            }
        }

        private void tellClock(long millis) {
            for (int i = 0; i < channels.length; i++) {
                if (channels[i].isAskedForClock()) {
                    // First, so that whoever asks once more is heard.
                    channels[i].clockIsTold();
                    if (open[i].size() > 0) {
                        sendOpen(i);
                    }
                    send(i, new Signal.Clock(millis));
                }
            }
        }

        private void sendOpen(int index) {
            send(index, takeOpen(index));
        }

        private Batch takeOpen(int index) {
            Batch full = open[index];
            open[index] = new Batch(batchElements);
            return full;
        }

        private void send(int index, Signal signal) {
            sendQuietly(index, signal);
            channels[index].wakeConsumer();
        }

        private void sendQuietly(int index, Signal signal) {
            Queue<Signal> waiting = overflow.get(index);
            if (!waiting.isEmpty() || !channels[index].offerQuietly(signal)) {
                waiting.add(signal);
                overflowing++;
            }
        }

        void drain() {
            for (int i = 0; i < channels.length; i++) {
                Queue<Signal> waiting = overflow.get(i);
                for (Signal signal = waiting.peek(); signal != null; signal = waiting.peek()) {
                    if (!channels[i].offer(signal)) {
                        break;
                    }
                    waiting.remove();
                    overflowing--;
                }
            }
        }
    }

    private final class RoutedPort extends Port {
        private final KeyRouter router;

        RoutedPort(List<Channel> channels, KeyRouter router) {
            super(channels);
            this.router = router;
        }

        @Override
        public void accept(WindowedValue<?> element) {
            put(router.shardOf(element), element);
        }
    }

    private final class BroadcastPort extends Port {
        BroadcastPort(List<Channel> channels) {
            super(channels);
        }

        @Override
        public void accept(WindowedValue<?> element) {
            for (int i = 0; i < channels.length; i++) {
                put(i, element);
            }
        }
    }
}
