package dev.tidemark.examples;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.DoubleCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;

/** Writes the two kinds of {@link Row}: a reading, or a malformed line. */
final class RowCoder extends AtomicCoder<Row> {
    private static final RowCoder ROWS = new RowCoder();
    private static final Coder<Reading> READINGS = new ReadingCoder();
    private static final Coder<Malformed> MALFORMED = new MalformedCoder();
    private static final int READING = 1;
    private static final int BAD_LINE = 2;

    private RowCoder() {}

    static Coder<Row> rows() {
        return ROWS;
    }

    static Coder<Reading> readings() {
        return READINGS;
    }

    static Coder<Malformed> malformed() {
        return MALFORMED;
    }

    @Override
    public void encode(Row row, OutputStream out) throws IOException {
        if (row instanceof Reading reading) {
            out.write(READING);
            READINGS.encode(reading, out);
        } else {
            out.write(BAD_LINE);
            MALFORMED.encode((Malformed) row, out);
        }
    }

    @Override
    public Row decode(InputStream in) throws IOException {
        int kind = in.read();
        return switch (kind) {
            case READING -> READINGS.decode(in);
            case BAD_LINE -> MALFORMED.decode(in);
            default -> throw new CoderException("a row begins with " + READING + " or " + BAD_LINE + ", not " + kind);
        };
    }

    @Override
    public boolean consistentWithEquals() {
        return true;
    }

    private static final class ReadingCoder extends AtomicCoder<Reading> {
        @Override
        public void encode(Reading reading, OutputStream out) throws IOException {
            VarLongCoder.of().encode(reading.line(), out);
            VarLongCoder.of().encode(reading.millis(), out);
            DoubleCoder.of().encode(reading.x(), out);
            DoubleCoder.of().encode(reading.y(), out);
            DoubleCoder.of().encode(reading.z(), out);
            StringUtf8Coder.of().encode(reading.user(), out);
            StringUtf8Coder.of().encode(reading.device(), out);
            StringUtf8Coder.of().encode(reading.activity(), out);
        }

        @Override
        public Reading decode(InputStream in) throws IOException {
            return new Reading(
                    VarLongCoder.of().decode(in),
                    VarLongCoder.of().decode(in),
                    DoubleCoder.of().decode(in),
                    DoubleCoder.of().decode(in),
                    DoubleCoder.of().decode(in),
                    StringUtf8Coder.of().decode(in),
                    StringUtf8Coder.of().decode(in),
                    StringUtf8Coder.of().decode(in));
        }

        @Override
        public boolean consistentWithEquals() {
            return true;
        }
    }

    private static final class MalformedCoder extends AtomicCoder<Malformed> {
        @Override
        public void encode(Malformed row, OutputStream out) throws IOException {
            VarLongCoder.of().encode(row.line(), out);
            StringUtf8Coder.of().encode(row.reason(), out);
        }

        @Override
        public Malformed decode(InputStream in) throws IOException {
            return new Malformed(
                    VarLongCoder.of().decode(in), StringUtf8Coder.of().decode(in));
        }

        @Override
        public boolean consistentWithEquals() {
            return true;
        }
    }
}
