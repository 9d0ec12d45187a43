package dev.tidemark.runner.state;

import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link GroupTable} keeps of each key and window: all values, or what a combiner has made of them so far. Stateless;
 * contents are handed in and out. A content is written to disk as one or more pieces.
 */
public sealed interface Grouping {
    /** What a key and window have before their first value. */
    Object empty();

    /** The content with one more value: the same object or another. */
    Object add(Object content, @Nullable Object value);

    /** All contents as one, in this order. */
    Object merge(List<Object> contents);

    /** What comes out in the end. */
    @Nullable
    Object output(Object content);

    /** What to write of the content. */
    List<?> pieces(Object content);

    /** A content of pieces that were read. */
    Object ofPieces(List<Object> pieces);

    Coder<Object> pieceCoder();

    /** Whether a content grows with every value, so that it may be too large for memory by itself. */
    boolean grows();

    /** All values: the content is a list of them, and each is a piece. */
    @SuppressWarnings("unchecked") // contents are this object's own
    record Values(Coder<Object> pieceCoder) implements Grouping {
        @Override
        public Object empty() {
            return new ArrayList<>(1);
        }

        @Override
        public Object add(Object content, @Nullable Object value) {
            ((List<@Nullable Object>) content).add(value);
            return content;
        }

        @Override
        public Object merge(List<Object> contents) {
            List<@Nullable Object> all = new ArrayList<>();
            contents.forEach(content -> all.addAll((List<@Nullable Object>) content));
            return all;
        }

        @Override
        public Object output(Object content) {
            return content;
        }

        @Override
        public List<?> pieces(Object content) {
            return (List<?>) content;
        }

        @Override
        public Object ofPieces(List<Object> pieces) {
            return pieces;
        }

        @Override
        public boolean grows() {
            return true;
        }
    }

    /** What a combiner has made of the values: the content is an accumulator, and is its only piece. */
    record Accumulators(CombineFn<Object, Object, Object> combine, Coder<Object> pieceCoder) implements Grouping {
        @Override
        public Object empty() {
            return combine.createAccumulator();
        }

        @Override
        @SuppressWarnings("NullAway") // a combiner takes null where its input has it
        public Object add(Object content, @Nullable Object value) {
            return combine.addInput(content, value);
        }

        @Override
        public Object merge(List<Object> contents) {
            return combine.mergeAccumulators(contents);
        }

        @Override
        public @Nullable Object output(Object content) {
            return combine.extractOutput(content);
        }

        @Override
        public List<?> pieces(Object content) {
            return List.of(combine.compact(content));
        }

        @Override
        public Object ofPieces(List<Object> pieces) {
            return pieces.size() == 1 ? pieces.get(0) : merge(pieces);
        }

        @Override
        public boolean grows() {
            return false;
        }
    }
}
