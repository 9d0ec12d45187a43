package dev.tidemark.runner.state;

import dev.tidemark.runner.plan.RowKind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.apache.beam.sdk.coders.Coder;

/**
 * The rows of elements that wait in an operator for something, each with what is to be known of it. An element that came and went
 * between two checkpoints is never written. Owned by one task; the operator keeps the order in which they leave.
 *
 * @param <W> an element that waits; told from another by its identity
 */
public final class WaitingElements<W> {
    /** Where an element's row is. */
    private record Place(int group, long number) {
        byte[] name() {
            return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
        }
    }

    private final StepLedger ledger;
    private final RowKind kind;
    private final Coder<W> coder;
    private final ToIntFunction<W> groupOf;
    private final Map<Same<W>, Place> places = new LinkedHashMap<>();
    private final Map<Same<W>, W> unwritten = new LinkedHashMap<>();
    private final List<Place> gone = new ArrayList<>();
    private long next;

    /** The element itself, whatever equals it. */
    private record Same<W>(W element) {
        @Override
        @SuppressWarnings("ReferenceEquality") // equal elements may wait side by side
        public boolean equals(Object other) {
            return other instanceof Same<?> same && same.element == element;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(element);
        }
    }

    /** Makes rows of {@code kind}; {@code groupOf} gives the key group of an element, or a negative number where it has none. */
    public WaitingElements(StepLedger ledger, RowKind kind, Coder<W> coder, ToIntFunction<W> groupOf) {
        this.ledger = ledger;
        this.kind = kind;
        this.coder = coder;
        this.groupOf = groupOf;
    }

    /** Notes that an element has begun to wait. */
    public void add(W element) {
        if (ledger.isKept()) {
            unwritten.put(new Same<>(element), element);
        }
    }

    /** Notes that an element waits no longer. */
    public void remove(W element) {
        if (ledger.isKept()) {
            Same<W> same = new Same<>(element);
            unwritten.remove(same);
            Place place = places.remove(same);
            if (place != null) {
                gone.add(place);
            }
        }
    }

    /** Writes what has changed since the last time. */
    public void save() {
        gone.forEach(place -> ledger.delete(kind, place.group(), place.name()));
        gone.clear();
        unwritten.forEach((same, element) -> {
            long number = next++;
            int group = groupOf.applyAsInt(element);
            Place place = new Place(group < 0 ? ledger.groupFor(number) : group, number);
            ledger.put(kind, place.group(), place.name(), CellRows.encode(coder, element));
            places.put(same, place);
        });
        unwritten.clear();
    }

    /** Gives the elements that wait in the last committed epoch, those of a group in the order in which they came. */
    public void restore(Consumer<W> each) {
        ledger.read(kind, (group, rest, value) -> {
            long number = ByteBuffer.wrap(rest).getLong();
            next = Math.max(next, number + 1);
            W element = CellRows.decode(coder, value);
            places.put(new Same<>(element), new Place(group, number));
            each.accept(element);
        });
    }
}
