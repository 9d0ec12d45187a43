package dev.tidemark.runner.operator;

import java.util.List;
import org.apache.beam.runners.core.InMemoryMultimapSideInputView;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.Materializations;
import org.apache.beam.sdk.transforms.Materializations.IterableView;
import org.apache.beam.sdk.transforms.ViewFn;
import org.apache.beam.sdk.values.PCollectionView;
import org.jspecify.annotations.Nullable;

/**
 * A side input's content in the form the user asked for. Decoded at the first access, not before: that is where Beam promises
 * the exception for a singleton of two. Shared by all tasks; decoding twice in a race gives two equal values, one of which is
 * kept.
 */
final class DecodedView {
    private final PCollectionView<?> view;
    private final Iterable<?> elements;
    private volatile @Nullable Decoded decoded;

    private record Decoded(@Nullable Object value) {}

    /** @param elements what the view was made of; not changed afterwards */
    DecodedView(PCollectionView<?> view, Iterable<?> elements) {
        this.view = view;
        this.elements = elements;
    }

    /** What the view was made of. */
    Iterable<?> elements() {
        return elements;
    }

    @Nullable
    Object value() {
        Decoded known = decoded;
        if (known == null) {
            known = new Decoded(decode(view, elements));
            decoded = known;
        }
        return known.value();
    }

    /** What the view looks like in a window without elements. */
    static @Nullable Object empty(PCollectionView<?> view) {
        return decode(view, List.of());
    }

    @SuppressWarnings({"unchecked", "rawtypes", "deprecation"
    }) // deprecated for users, meant for runners; the view's materialization says what its function takes
    private static @Nullable Object decode(PCollectionView<?> view, Iterable<?> elements) {
        ViewFn viewFn = view.getViewFn();
        String urn = viewFn.getMaterialization().getUrn();
        switch (urn) {
            case Materializations.ITERABLE_MATERIALIZATION_URN -> {
                IterableView<Object> iterable = () -> (Iterable<Object>) elements;
                return viewFn.apply(iterable);
            }
            case Materializations.MULTIMAP_MATERIALIZATION_URN -> {
                Coder<Object> keyCoder = ((KvCoder) view.getCoderInternal()).getKeyCoder();
                return viewFn.apply(InMemoryMultimapSideInputView.fromIterable(keyCoder, (Iterable) elements));
            }
            default ->
                throw new IllegalStateException("side input " + view.getName()
                        + " asks for the unknown materialization " + urn + "; known are iterable and multimap");
        }
    }
}
