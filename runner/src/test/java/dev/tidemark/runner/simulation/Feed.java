package dev.tidemark.runner.simulation;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Records of several splits, a little out of order, with a watermark that tells the truth. It can be read again from each mark; some feeds
 * begin a little earlier than that, and leave it to the runner to drop what it knows.
 */
final class Feed extends UnboundedSource<KV<String, Long>, Feed.Mark> {
    private static final long serialVersionUID = 1L;

    /** There may be others. */
    static final String FIRST_KEY = "k0";

    record Item(String key, long id, long time) {}

    /**
     * What a split has.
     *
     * @param again how much earlier than its mark a reader begins
     * @param pauseEvery after so many records the reader says once that there is none; 0 for never
     * @param endsEarly whether it comes to its end with its last record, while others go on
     */
    record Items(List<Item> items, int again, int pauseEvery, boolean endsEarly) {}

    /** How far a reader had come. */
    static final class Mark implements UnboundedSource.CheckpointMark, Serializable {
        private static final long serialVersionUID = 1L;

        private final int split;
        private final int position;
        /** The one that the reader made knows it; the copy that a start decodes does not. */
        private final transient boolean original;

        private transient boolean finalized;

        Mark(int split, int position) {
            this.split = split;
            this.position = position;
            this.original = true;
        }

        @Override
        public void finalizeCheckpoint() {
            World.current().finalizes(split, position, !original, finalized);
            finalized = true;
        }
    }

    private final int split;

    private Feed(int split) {
        this.split = split;
    }

    static Feed whole() {
        return new Feed(-1);
    }

    static List<Items> draw(Random random) {
        List<Items> splits = new ArrayList<>();
        int count = 1 + random.nextInt(3);
        int keys = 1 + random.nextInt(5);
        int disorder = 1 + random.nextInt(60);
        int again = random.nextBoolean() ? 0 : 1 + random.nextInt(4);
        int pauseEvery = random.nextInt(3) * 3;
        for (int split = 0; split < count; split++) {
            List<Item> items = new ArrayList<>();
            int size = random.nextInt(20);
            for (int i = 0; i < size; i++) {
                items.add(new Item("k" + random.nextInt(keys), split * 1000L + i, i * 10L + random.nextInt(disorder)));
            }
            // One at least is there when the others have ended.
            boolean endsEarly = split > 0 && random.nextBoolean();
            splits.add(new Items(List.copyOf(items), again, pauseEvery, endsEarly));
        }
        return splits;
    }

    @Override
    public List<Feed> split(int desired, PipelineOptions options) {
        List<Feed> feeds = new ArrayList<>();
        for (int i = 0; i < World.current().splits().size(); i++) {
            feeds.add(new Feed(i));
        }
        return feeds;
    }

    @Override
    public UnboundedReader<KV<String, Long>> createReader(PipelineOptions options, @Nullable Mark mark) {
        int position = mark == null ? 0 : mark.position;
        World.current().opens(split, position);
        return new Reader(position);
    }

    @Override
    public boolean requiresDeduping() {
        return true;
    }

    @Override
    public Coder<Mark> getCheckpointMarkCoder() {
        return SerializableCoder.of(Mark.class);
    }

    @Override
    public Coder<KV<String, Long>> getOutputCoder() {
        return KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of());
    }

    private final class Reader extends UnboundedReader<KV<String, Long>> {
        private final List<Item> items;
        private final int pauseEvery;
        private final boolean endsEarly;
        /** What is before this need not be kept, also while it is read again. */
        private final int from;

        private int next;
        private boolean paused;
        private @Nullable Item current;

        Reader(int position) {
            Items of = World.current().splits().get(split);
            this.items = of.items();
            this.pauseEvery = of.pauseEvery();
            this.endsEarly = of.endsEarly();
            this.from = position;
            this.next = Math.max(0, position - of.again());
        }

        @Override
        public boolean start() {
            return advance();
        }

        @Override
        public boolean advance() {
            World.current().userStep("a record of split " + split);
            paused = !paused && pauseEvery > 0 && next % pauseEvery == 0;
            if (paused || next == items.size()) {
                current = null;
                return false;
            }
            current = items.get(next);
            next++;
            return true;
        }

        private Item item() {
            if (current == null) {
                throw new NoSuchElementException();
            }
            return current;
        }

        @Override
        public KV<String, Long> getCurrent() {
            return KV.of(item().key(), item().id());
        }

        @Override
        public byte[] getCurrentRecordId() {
            return ByteBuffer.allocate(Long.BYTES).putLong(item().id()).array();
        }

        @Override
        public Instant getCurrentTimestamp() {
            return Instant.ofEpochMilli(item().time());
        }

        /** The last comes to its end when every timer by the clock has fired for good: at the end of time they would not any more. */
        @Override
        public Instant getWatermark() {
            Instant end = endsEarly || World.current().isComplete()
                    ? BoundedWindow.TIMESTAMP_MAX_VALUE
                    : Instant.ofEpochMilli(items.size() * 1000L);
            return items.subList(next, items.size()).stream()
                    .map(item -> Instant.ofEpochMilli(item.time()))
                    .min(Instant::compareTo)
                    .orElse(end);
        }

        @Override
        public Mark getCheckpointMark() {
            return new Mark(split, Math.max(from, next));
        }

        @Override
        public UnboundedSource<KV<String, Long>, ?> getCurrentSource() {
            return Feed.this;
        }

        @Override
        public void close() {}
    }
}
