package dev.tidemark.examples;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.UnboundedSource;

/**
 * How far the reading of an {@link ActivityInput} has come: enough to go on with the very next row, at the watermark there was.
 *
 * @param next where the next row begins
 * @param latestMillis the largest event time so far; {@link ActivityReader#NONE_YET} before the first reading
 */
record Mark(Position next, long latestMillis) implements UnboundedSource.CheckpointMark {
    static final Coder<Mark> CODER = new MarkCoder();

    /** A file needs no word that its rows are safe. */
    @Override
    public void finalizeCheckpoint() {}

    private static final class MarkCoder extends AtomicCoder<Mark> {
        @Override
        public void encode(Mark mark, OutputStream out) throws IOException {
            VarLongCoder.of().encode(mark.next.offset(), out);
            VarLongCoder.of().encode(mark.next.line(), out);
            VarLongCoder.of().encode(mark.latestMillis, out);
        }

        @Override
        public Mark decode(InputStream in) throws IOException {
            VarLongCoder longs = VarLongCoder.of();
            return new Mark(new Position(longs.decode(in), longs.decode(in)), longs.decode(in));
        }
    }
}
