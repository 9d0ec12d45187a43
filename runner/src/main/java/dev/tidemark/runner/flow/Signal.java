package dev.tidemark.runner.flow;

/** Everything that travels on a channel, in one order. Immutable once it is sent. */
public sealed interface Signal permits Batch, Signal.Watermark, Signal.Clock, Signal.Barrier, Signal.EndOfInput {
    Kind kind();

    /** For exhaustive switches. */
    enum Kind {
        BATCH,
        WATERMARK,
        CLOCK,
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

    /** What was to be emitted by this time of the sender's clock has been emitted before: told only to those who {@linkplain Inbox#ask ask}. */
    record Clock(long millis) implements Signal {
        @Override
        public Kind kind() {
            return Kind.CLOCK;
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
