package dev.tidemark.runtime;

import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * The events of a group, without duplicates and those alone. Immutable.
 *
 * @param unique the first of each
 * @param duplicates the others
 * @param <K> the key of the group
 * @param <I> its input
 */
public record Duplicates<K, I>(PCollection<KV<K, I>> unique, PCollection<I> duplicates) {
    private static final TupleTag<?> UNIQUE = new TupleTag<>("unique");

    @SuppressWarnings("unchecked") // a tag is its id
    static <K, I> TupleTag<KV<K, I>> uniqueTag() {
        return (TupleTag<KV<K, I>>) UNIQUE;
    }

    /** Tells them apart; {@code within} is in milliseconds. */
    public static <K, I> Duplicates<K, I> of(
            String name,
            PCollection<KV<K, I>> events,
            IdentityFn<K, I> identity,
            long within,
            KvCoder<K, I> coder,
            Coder<I> inputCoder) {
        TupleTag<I> duplicates = new TupleTag<>("duplicates");
        PCollectionTuple out = events.apply("identity", ParDo.of(identity))
                .setCoder(KvCoder.of(ByteArrayCoder.of(), coder))
                .apply(
                        "deduplicate",
                        ParDo.of(new DuplicatesFn<K, I>(name, within, duplicates))
                                .withOutputTags(Duplicates.<K, I>uniqueTag(), TupleTagList.of(duplicates)));
        return new Duplicates<>(
                out.get(Duplicates.<K, I>uniqueTag()).setCoder(coder),
                out.get(duplicates).setCoder(inputCoder));
    }
}
