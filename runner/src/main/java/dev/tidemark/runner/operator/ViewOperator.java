package dev.tidemark.runner.operator;

import dev.tidemark.runner.flow.Receiver;
import dev.tidemark.runner.state.ViewContent;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.WindowedValue;
import org.apache.beam.sdk.values.WindowedValues;

/** Turns each pane of the grouped elements into the content of a side input, one object for all who read it. */
final class ViewOperator extends Operator {
    private final PCollectionView<?> view;
    private final Receiver output;

    ViewOperator(PCollectionView<?> view, Receiver output) {
        this.view = view;
        this.output = output;
    }

    @Override
    public void accept(WindowedValue<?> pane) {
        KV<?, ?> grouped = (KV<?, ?>) pane.getValue();
        DecodedView decoded = new DecodedView(view, (Iterable<?>) grouped.getValue());
        for (BoundedWindow window : pane.getWindows()) {
            output.accept(WindowedValues.of(
                    new ViewContent(window, decoded), pane.getTimestamp(), window, pane.getPaneInfo()));
        }
    }
}
