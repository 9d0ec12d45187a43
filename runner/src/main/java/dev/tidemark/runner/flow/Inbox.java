package dev.tidemark.runner.flow;

import dev.tidemark.runner.time.Watermarks;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a task receives: its channels, read round robin, a signal at a time. Owned by the task.
 *
 * <p>A channel whose barrier has come is not read until the barrier has come on all the others ({@link #barrier}); one that has
 * ended counts as having every barrier. Channels of one {@linkplain #addEntry entry} feed the same step of the stage and
 * share a watermark.
 */
public final class Inbox {
    private final List<Line> lines = new ArrayList<>();
    private final List<Entry> entries = new ArrayList<>();
    private int next;
    private int ended;
    private int blocked;
    private long aligning = NONE;
    private long clock = NONE;

    /** No checkpoint is being aligned. */
    public static final long NONE = -1;

    /** What enters a stage at one step over one edge. */
    public static final class Entry {
        private final int toStep;
        private final boolean gate;
        private final Watermarks watermarks;
        private final int[] marked;
        private int open;

        private Entry(int toStep, boolean gate, int channels) {
            this.toStep = toStep;
            this.gate = gate;
            this.watermarks = new Watermarks(channels);
            this.marked = new int[channels];
            this.open = channels;
        }

        /** The step that takes these elements in. */
        public int toStep() {
            return toStep;
        }

        /** One signal has been processed. */
        private void processed(int channel) {
            marked[channel] = Math.max(0, marked[channel] - 1);
        }

        /** The smallest watermark over the entry's channels. */
        public long watermark() {
            return watermarks.minimum();
        }
    }

    private static final class Line {
        final Channel channel;
        final Entry entry;
        final int index;
        boolean ended;
        boolean blocked;
        /** How far the sender's clock had come when it last said so. */
        long clock = NONE;

        Line(Channel channel, Entry entry, int index) {
            this.channel = channel;
            this.entry = entry;
            this.index = index;
        }
    }

    /**
     * One signal, where it came in, and whether it raised that entry's watermark, or {@link #clock()}: a batch does so only when it has
     * been {@linkplain #taken}.
     */
    public record Arrival(Entry entry, int channel, Signal signal, boolean rose) {}

    /**
     * Adds an edge.
     *
     * @param gate whether the ungated channels wait until these have ended: side inputs that are bounded, and that do not
     *     depend on what waits
     */
    public Entry addEntry(int toStep, boolean gate, List<Channel> channels) {
        Entry entry = new Entry(toStep, gate, channels.size());
        entries.add(entry);
        for (int i = 0; i < channels.size(); i++) {
            lines.add(new Line(channels.get(i), entry, i));
        }
        return entry;
    }

    /** The next signal, or null when nothing that may be read is there. */
    public @Nullable Arrival poll() {
        boolean gated = isGated();
        for (int tried = 0; tried < lines.size(); tried++) {
            Line line = lines.get(next);
            next = next + 1 == lines.size() ? 0 : next + 1;
            if (line.ended || line.blocked || (gated && !line.entry.gate)) {
                continue;
            }
            Signal signal = line.channel.poll();
            if (signal != null) {
                return arrival(line, signal);
            }
        }
        return null;
    }

    private Arrival arrival(Line line, Signal signal) {
        boolean rose = false;
        if (signal.kind() != Signal.Kind.BATCH) {
            line.entry.processed(line.index);
        }
        switch (signal.kind()) {
            case BATCH -> {}
            case WATERMARK -> rose = line.entry.watermarks.raise(line.index, ((Signal.Watermark) signal).millis());
            case CLOCK -> {
                line.clock = ((Signal.Clock) signal).millis();
                rose = clockRose();
            }
            case BARRIER -> {
                long epoch = ((Signal.Barrier) signal).epoch();
                assert aligning == NONE || aligning == epoch : "barrier " + epoch + " while aligning " + aligning;
                aligning = epoch;
                line.blocked = true;
                blocked++;
            }
            case END_OF_INPUT -> {
                line.ended = true;
                ended++;
                line.entry.open--;
                line.clock = Long.MAX_VALUE;
                boolean watermarkRose = line.entry.watermarks.raise(line.index, Watermarks.MAX);
                rose = clockRose() || watermarkRose;
            }
        }
        return new Arrival(line.entry, line.index, signal, rose);
    }

    private boolean clockRose() {
        long smallest = Long.MAX_VALUE;
        for (Line line : lines) {
            smallest = Math.min(smallest, line.clock);
        }
        boolean rose = smallest > clock;
        clock = smallest;
        return rose;
    }

    /** How far the clocks of all senders have come, as far as they have said so; {@link Long#MAX_VALUE} where all have ended. */
    public long clock() {
        return lines.isEmpty() ? Long.MAX_VALUE : clock;
    }

    /** Asks the senders whose clocks are not known to have passed {@code millis}. */
    public void ask(long millis) {
        for (Line line : lines) {
            if (line.clock <= millis) {
                line.channel.askForClock();
            }
        }
    }

    /** All elements of a batch have been processed: what it said about the watermark counts now. Returns whether that rose. */
    public boolean taken(Arrival arrival) {
        arrival.entry.processed(arrival.channel);
        return arrival.entry.watermarks.raise(arrival.channel, ((Batch) arrival.signal).watermark());
    }

    /**
     * Marks all that is there.
     *
     * @param arrived the batch that is being processed
     */
    public void mark(@Nullable Arrival arrived) {
        for (Line line : lines) {
            line.entry.marked[line.index] = line.channel.waiting();
        }
        if (arrived != null) {
            arrived.entry.marked[arrived.channel]++;
        }
    }

    /** Whether all that was {@linkplain #mark marked} has been processed. */
    public boolean isPastMark() {
        for (Line line : lines) {
            if (line.entry.marked[line.index] > 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether a signal that may be read is there. */
    public boolean isReadable() {
        boolean gated = isGated();
        for (Line line : lines) {
            if (!line.ended && !line.blocked && !(gated && !line.entry.gate) && line.channel.isReadable()) {
                return true;
            }
        }
        return false;
    }

    /** Whether what is ungated must wait: channels here, and the source of a task that has one. */
    public boolean isGated() {
        // An alignment needs every channel: gates open for it, and what comes in early is pushed back instead.
        if (blocked > 0) {
            return false;
        }
        for (Entry entry : entries) {
            if (entry.gate && entry.open > 0) {
                return true;
            }
        }
        return false;
    }

    /** The checkpoint whose barrier has come on every channel that has not ended, or {@link #NONE}. */
    public long barrier() {
        return blocked > 0 && blocked + ended == lines.size() ? aligning : NONE;
    }

    /** Goes on reading after {@link #barrier()}. */
    public void unblock() {
        for (Line line : lines) {
            line.blocked = false;
        }
        blocked = 0;
        aligning = NONE;
    }

    /** Whether every channel has ended. */
    public boolean isEnded() {
        return ended == lines.size();
    }
}
