package dev.tidemark.runner.flow;

/** Everything that travels on a channel, in one order. Immutable once it is sent. */
public sealed interface Signal permits Batch, Signal.Watermark, Signal.Barrier, Signal.EndOfInput {
    Kind kind();

    /** For exhaustive switches. */
    enum Kind {
        BATCH,
        WATERMARK,
        BARRIER,
        END_OF_INPUT
    }

    /** No element with a timestamp below this will follow, but for late ones. */
    record Watermark(long millis) implements Signal {
        @Override
        public Kind kind() {
            return Kind.WATERMARK;
        }
    }

    /** Everything before this belongs to checkpoint {@code epoch}; everything after does not. */
    record Barrier(long epoch) implements Signal {
        @Override
        public Kind kind() {
            return Kind.BARRIER;
        }
    }

    /** The channel's last signal. */
    record EndOfInput() implements Signal {
        @Override
        public Kind kind() {
            return Kind.END_OF_INPUT;
        }
    }
}
