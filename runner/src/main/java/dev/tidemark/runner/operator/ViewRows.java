package dev.tidemark.runner.operator;

import dev.tidemark.runner.plan.RowKind;
import dev.tidemark.runner.state.CellRows;
import dev.tidemark.runner.state.StepLedger;
import dev.tidemark.runner.state.ViewContent;
import dev.tidemark.runner.state.Views;
import java.nio.ByteBuffer;
import java.util.ArrayList;
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
 * step, because its tag is another in each process. Owned by one task.
 */
@SuppressWarnings({"unchecked", "rawtypes", "deprecation"
}) // a view's types are erased in the plan; deprecated for users, meant for runners
final class ViewRows {
    private record Changed(int place, BoundedWindow window) {}

    private final StepLedger ledger;
    private final List<PCollectionView<?>> views;
    private final List<String> tags = new ArrayList<>();
    private final Set<Changed> changed = new LinkedHashSet<>();

    /** Makes the rows of the views that come in over these wires. */
    ViewRows(StepLedger ledger, Map<Integer, PCollectionView<?>> byWire) {
        this.ledger = ledger;
        this.views = List.copyOf(new TreeMap<>(byWire).values());
        views.forEach(view -> tags.add(SideInputs.tag(view)));
    }

    /** Notes that a view has another content in a window, or none any more. */
    void changed(String tag, BoundedWindow window) {
        changed.add(new Changed(tags.indexOf(tag), window));
    }

    /** Writes what has changed since the last time. */
    void save(Views contents) {
        for (Changed each : changed) {
            byte[] window = CellRows.encode(windowCoder(views.get(each.place())), each.window());
            byte[] name = ByteBuffer.allocate(Integer.BYTES + window.length)
                    .putInt(each.place())
                    .put(window)
                    .array();
            Object content = contents.get(tags.get(each.place()), each.window());
            if (content == null) {
                ledger.delete(RowKind.VIEW, 0, name);
            } else {
                Iterable<Object> elements = (Iterable<Object>) ((DecodedView) content).elements();
                ledger.put(RowKind.VIEW, 0, name, CellRows.encode(elementsCoder(views.get(each.place())), elements));
            }
        }
        changed.clear();
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
