package dev.tidemark.runner.translate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.UUID;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.IterableCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.RowCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.schemas.Schema;
import org.junit.jupiter.api.Test;

/** What a checkpoint says of the coders it was written with. */
class CoderTextTest {
    @Test
    void aCoderIsItsClassAndWhatItIsMadeOf() {
        assertThat(CoderText.of(KvCoder.of(StringUtf8Coder.of(), IterableCoder.of(VarLongCoder.of()))))
                .isEqualTo("KvCoder(StringUtf8Coder, IterableCoder(VarLongCoder))");
    }

    @Test
    void aCoderOfManyTypesSaysWhichItIsFor() {
        assertThat(CoderText.of(SerializableCoder.of(UUID.class)))
                .isEqualTo("SerializableCoder(java.util.UUID)")
                .isNotEqualTo(CoderText.of(SerializableCoder.of(Integer.class)));
    }

    @Test
    void aSchemaIsItsFieldsAndNotTheNumberThatBeamDrawsForIt() {
        Schema first = Schema.builder()
                .addStringField("name")
                .addNullableField("count", Schema.FieldType.INT64)
                .build();
        Schema same = Schema.builder()
                .addStringField("name")
                .addNullableField("count", Schema.FieldType.INT64)
                .build();
        assertThat(CoderText.of(RowCoder.of(first)))
                .isEqualTo("Schema{name STRING, count INT64?}")
                .isEqualTo(CoderText.of(RowCoder.of(same)));
    }

    @Test
    void aCoderThatSaysWhatItIsIsTakenAtItsWord() {
        assertThat(CoderText.of(new Named())).isEqualTo("named coder");
        assertThat(CoderText.of(new Unnamed())).isEqualTo(Unnamed.class.getName());
    }

    private static class Unnamed extends CustomCoder<String> {
        private static final long serialVersionUID = 1L;

        @Override
        public void encode(String value, OutputStream out) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String decode(InputStream in) {
            throw new UnsupportedOperationException();
        }
    }

    private static final class Named extends Unnamed {
        private static final long serialVersionUID = 1L;

        @Override
        public String toString() {
            return "named coder";
        }
    }
}
