package dev.tidemark.runtime;

import java.io.IOException;
import java.util.List;

/**
 * What the cell {@code ~waiting} of a group holds while events wait to be a batch. It is apart from {@code ~meta}, so that an
 * event that waits neither reads nor writes the state of its group. Immutable.
 *
 * @param count how many events wait
 * @param earliest the lowest of their times, which holds the watermark
 */
public record Waiting(int count, long earliest) {

    /** The coder of the cell of a group. */
    public static RecordCoder<Waiting> coder(String group) {
        return new WaitingCoder(group);
    }

    private static final class WaitingCoder extends RecordCoder<Waiting> {
        private static final long serialVersionUID = 1L;

        WaitingCoder(String group) {
            super(group + "/~waiting", true);
        }

        @Override
        protected List<StoredField> fields() {
            return List.of(new StoredField(1, "~count", Wires.LONG), new StoredField(2, "~earliest", Wires.LONG));
        }

        @Override
        protected void writeFields(Waiting waiting, WireWriter out) throws IOException {
            out.int64(1, waiting.count());
            out.int64(2, waiting.earliest());
        }

        @Override
        protected Waiting readFields(WireReader in) throws IOException {
            int count = 0;
            long earliest = 0;
            while (in.next()) {
                switch (in.field()) {
                    case 1 -> count = in.int32();
                    case 2 -> earliest = in.int64();
                    default -> in.skip();
                }
            }
            return new Waiting(count, earliest);
        }
    }
}
