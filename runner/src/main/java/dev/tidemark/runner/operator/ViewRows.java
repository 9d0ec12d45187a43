package dev.tidemark.runner.operator;

import dev.tidemark.runner.plan.RowKind;
import dev.tidemark.runner.state.CellRows;
import dev.tidemark.runner.state.StepLedger;
import dev.tidemark.runner.state.ViewContent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.IterableCoder;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.PCollectionView;

/**
 * The contents of a step's side inputs in the ledger: a row for each view and window. A view goes by its place among those of the
 * step, because its tag is another in each process. Every task of the step has the same contents: the first of them writes the rows for
 * all, and removes one when all have come past its window, for each of them reads it after a restart. Owned by one task.
 */
@SuppressWarnings({"unchecked", "rawtypes", "deprecation"
}) // a view's types are erased in the plan; deprecated for users, meant for runners
final class ViewRows {
    private record Row(int place, BoundedWindow window) {}

    /** From when on the windows of a view are still needed, by its tag. */
    interface Needed {
        long from(String tag);
    }

    private final StepLedger ledger;
    private final List<PCollectionView<?>> views;
    private final List<String> tags = new ArrayList<>();
    /** Contents that came since the last save. */
    private final Map<Row, DecodedView> changed = new LinkedHashMap<>();
    /** What this task needs no more. */
    private final Set<Row> forgotten = new LinkedHashSet<>();

    /** Makes the rows of the views that come in over these wires. */
    ViewRows(StepLedger ledger, Map<Integer, PCollectionView<?>> byWire) {
        this.ledger = ledger;
        this.views = List.copyOf(new TreeMap<>(byWire).values());
        views.forEach(view -> tags.add(SideInputs.tag(view)));
    }

    /** Notes the content of a view in a window. */
    void came(String tag, ViewContent content) {
        changed.put(new Row(tags.indexOf(tag), content.window()), (DecodedView) content.value());
    }

    /** Notes that this task needs a content no more. */
    void forgotten(String tag, BoundedWindow window) {
        forgotten.add(new Row(tags.indexOf(tag), window));
    }

    /** Whether there is something that may have become needless to all. */
    boolean hasForgotten() {
        return !forgotten.isEmpty();
    }

    /** Removes the rows of what this task needs no more where {@code byAnybody} says that nobody does. */
    void removeForgotten(Needed byAnybody) {
        forgotten.removeIf(row -> {
            boolean needless = row.window().maxTimestamp().getMillis() < byAnybody.from(tags.get(row.place()));
            if (needless) {
                changed.remove(row);
                ledger.delete(RowKind.VIEW, 0, name(row));
            }
            return needless;
        });
    }

    /** Writes what has come since the last time. */
    void save() {
        changed.forEach((row, content) -> {
            Iterable<Object> elements = (Iterable<Object>) content.elements();
            ledger.put(RowKind.VIEW, 0, name(row), CellRows.encode(elementsCoder(views.get(row.place())), elements));
        });
        changed.clear();
    }

    private byte[] name(Row row) {
        byte[] window = CellRows.encode(windowCoder(views.get(row.place())), row.window());
        return ByteBuffer.allocate(Integer.BYTES + window.length)
                .putInt(row.place())
                .put(window)
                .array();
    }

    /** Gives what the views of this step hold in the last committed epoch, to whichever task asks. */
    void restore(BiConsumer<String, ViewContent> each) {
        ledger.readAll(RowKind.VIEW, (group, rest, value) -> {
            ByteBuffer left = ByteBuffer.wrap(rest);
            int place = left.getInt();
            byte[] window = new byte[left.remaining()];
            left.get(window);
            if (place >= views.size()) {
                throw new IllegalStateException("TM-STATE-006: the checkpoint has " + (place + 1)
                        + " side inputs of a step that has " + views.size()
                        + " now. Start without the old state, or with the"
                        + " old pipeline.");
            }
            PCollectionView<?> view = views.get(place);
            DecodedView content = new DecodedView(view, CellRows.decode(elementsCoder(view), value));
            each.accept(tags.get(place), new ViewContent(CellRows.decode(windowCoder(view), window), content));
        });
    }

    private static Coder<BoundedWindow> windowCoder(PCollectionView<?> view) {
        return (Coder) view.getWindowingStrategyInternal().getWindowFn().windowCoder();
    }

    private static Coder<Iterable<Object>> elementsCoder(PCollectionView<?> view) {
        return IterableCoder.of((Coder) view.getCoderInternal());
    }
}
