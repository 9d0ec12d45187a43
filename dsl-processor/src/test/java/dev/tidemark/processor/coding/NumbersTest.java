package dev.tidemark.processor.coding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.runtime.RecordCoder;
import dev.tidemark.runtime.WireReader;
import dev.tidemark.runtime.WireWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;

/** Numbers are read eight bytes at a time where that many are left, and one by one at the end: both must agree. */
final class NumbersTest {
    private record Pair(long first, long second) {}

    private static final class PairCoder extends RecordCoder<Pair> {
        private static final long serialVersionUID = 1L;

        PairCoder() {
            super("pair", true);
        }

        @Override
        protected void writeFields(Pair value, WireWriter out) throws IOException {
            out.int64(1, value.first());
            out.int64(2, value.second());
        }

        @Override
        protected Pair readFields(WireReader in) throws IOException {
            long first = 0;
            long second = 0;
            while (in.next()) {
                switch (in.field()) {
                    case 1 -> first = in.int64();
                    case 2 -> second = in.int64();
                    default -> in.skip();
                }
            }
            return new Pair(first, second);
        }
    }

    private final PairCoder coder = new PairCoder();

    private static List<Long> numbers() {
        List<Long> numbers = new ArrayList<>(List.of(0L, Long.MIN_VALUE, Long.MAX_VALUE));
        for (int bit = 0; bit < Long.SIZE - 1; bit++) {
            long power = 1L << bit;
            numbers.addAll(List.of(power, power - 1, -power, -power - 1, 0x5555_5555_5555_5555L & (power - 1)));
        }
        return numbers;
    }

    @Test
    void numbersOfEverySizeComeBackWhereverTheyStand() throws CoderException {
        for (long first : numbers()) {
            for (long second : numbers()) {
                Pair pair = new Pair(first, second);
                byte[] bytes = CoderUtils.encodeToByteArray(coder, pair);
                assertThat(CoderUtils.decodeFromByteArray(coder, bytes))
                        .as("as a coder")
                        .isEqualTo(pair);
                assertThat(coder.copy(pair)).as("without room behind it").isEqualTo(pair);
            }
        }
    }

    @Test
    void aNumberThatIsCutOffOrTooLongIsToldOf() throws CoderException {
        for (long number : numbers()) {
            byte[] whole = CoderUtils.encodeToByteArray(coder, new Pair(number, -1));
            // The length, the tag of the first field, and all but one byte of its number.
            int bytes = whole.length - 4;
            byte[] cut = Arrays.copyOf(whole, bytes + 1);
            cut[0] = (byte) bytes;
            assertThatThrownBy(() -> CoderUtils.decodeFromByteArray(coder, cut))
                    .as("%d without its last byte", number)
                    .isInstanceOf(CoderException.class)
                    .hasMessage("pair, field 1: ends within a number");
        }
        byte[] endless = new byte[13];
        Arrays.fill(endless, (byte) 0x80);
        endless[0] = 12;
        endless[1] = 8;
        assertThatThrownBy(() -> CoderUtils.decodeFromByteArray(coder, endless))
                .isInstanceOf(CoderException.class)
                .hasMessage("pair, field 1: a number of more than ten bytes");
    }
}
