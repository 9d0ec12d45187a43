package dev.tidemark.processor.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.runtime.Kept;
import dev.tidemark.runtime.KeptCoder;
import dev.tidemark.runtime.RecordCoder;
import dev.tidemark.runtime.WireReader;
import dev.tidemark.runtime.WireWriter;
import dev.tidemark.runtime.Wires;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;

/** The plain fields of a group whose events wait: they are read when a handler needs them. */
final class DeferredFieldsTest {
    /** Texts, with a count of how often one is read and written; "bad" cannot be read. */
    private static final class Counting extends RecordCoder<String> {
        private static final long serialVersionUID = 1L;

        private int reads;
        private int writes;

        Counting() {
            super("test/state", true);
        }

        @Override
        protected void writeFields(String value, WireWriter out) throws IOException {
            writes++;
            out.value(1, value, Wires.STRING);
        }

        @Override
        protected String readFields(WireReader in) throws IOException {
            reads++;
            String value = "";
            while (in.next()) {
                if (in.field() == 1) {
                    value = in.value(Wires.STRING);
                } else {
                    in.skip();
                }
            }
            if (value.equals("bad")) {
                throw new IllegalArgumentException("refused");
            }
            return value;
        }
    }

    private final Counting fields = new Counting();
    private final KeptCoder<String> eager = KeptCoder.of("test", fields);
    private final KeptCoder<String> deferred = eager.deferred();

    private static Kept<String> kept(String text) {
        return new Kept<>(text, 1, 2, 3, 4, Kept.Rest.USUAL);
    }

    @Test
    void bytesThatAreReadAndWrittenWithoutAHandlerAreTheSameAndTheFieldsAreNotTouched() throws CoderException {
        // Longer than what a length of one byte can tell.
        byte[] stored = CoderUtils.encodeToByteArray(eager, kept("x".repeat(1_000)));
        fields.writes = 0;
        Kept<String> read = CoderUtils.decodeFromByteArray(deferred, stored);
        assertThat(CoderUtils.encodeToByteArray(deferred, read)).isEqualTo(stored);
        assertThat(fields.reads).as("reads").isZero();
        assertThat(fields.writes).as("writes").isZero();
    }

    @Test
    void whoeverNeedsTheFieldsGetsThemAndTheSameObjectAgain() throws CoderException {
        Kept<String> read = CoderUtils.decodeFromByteArray(deferred, CoderUtils.encodeToByteArray(eager, kept("text")));
        String first = read.fields();
        assertThat(first).isEqualTo("text");
        assertThat(read.fields()).isSameAs(first);
        assertThat(fields.reads).as("reads").isOne();
        assertThat(read.touched()).isEqualTo(2);
        assertThat(read.armed()).isEqualTo(3);
        assertThat(read.deadline()).isEqualTo(4);
    }

    @Test
    void fieldsThatCannotBeReadAreToldOfWhenTheyAreNeeded() throws CoderException {
        byte[] stored = CoderUtils.encodeToByteArray(eager, kept("bad"));
        assertThatThrownBy(() -> CoderUtils.decodeFromByteArray(eager, stored)).isInstanceOf(CoderException.class);
        Kept<String> read = CoderUtils.decodeFromByteArray(deferred, stored);
        assertThatThrownBy(read::fields)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("test/state: refused by its constructor")
                .hasCauseInstanceOf(CoderException.class);
    }

    @Test
    void aLengthThatGoesBeyondWhatIsStoredIsToldOfAtOnce() throws CoderException {
        byte[] stored = CoderUtils.encodeToByteArray(eager, kept("text"));
        int length = stored.length - "text".length() - 3;
        assertThat(stored[length]).as("the length of the fields").isEqualTo((byte) 6);
        stored[length] = 100;
        assertThatThrownBy(() -> CoderUtils.decodeFromByteArray(deferred, stored))
                .isInstanceOf(CoderException.class)
                .hasMessageContaining("a value of 100 bytes");
    }

    @Test
    void aProgramWithAnotherVersionWritesFieldsOfItsOwnNumber() throws CoderException {
        Kept<String> read = CoderUtils.decodeFromByteArray(deferred, CoderUtils.encodeToByteArray(eager, kept("text")));
        KeptCoder<String> next = eager.migrated(2, text -> text + "!", fields);
        byte[] written = CoderUtils.encodeToByteArray(next, read);
        assertThat(CoderUtils.decodeFromByteArray(next, written).fields()).isEqualTo("text");
    }

    @Test
    void whatAnEarlierVersionHasStoredIsMigratedAtOnce() throws CoderException {
        byte[] stored = CoderUtils.encodeToByteArray(eager, kept("text"));
        KeptCoder<String> next = eager.migrated(2, text -> text + "!", fields).deferred();
        Kept<String> read = CoderUtils.decodeFromByteArray(next, stored);
        assertThat(read.version()).isEqualTo(1);
        assertThat(read.fields()).isEqualTo("text!");
    }
}
