package dev.tidemark.runner.operator;

import dev.tidemark.runner.flow.Receiver;
import java.util.Collection;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.WindowFn;
import org.apache.beam.sdk.util.UserCodeException;
import org.apache.beam.sdk.values.WindowedValue;
import org.apache.beam.sdk.values.WindowedValues;
import org.joda.time.Instant;

/** Puts each element into the windows that its window function gives it; timestamp and pane stay. */
final class AssignWindowsOperator extends Operator {
    private final WindowFn<Object, ?> windowFn;
    private final Receiver output;

    @SuppressWarnings("unchecked") // the pipeline checked that the function takes what the wire carries
    AssignWindowsOperator(WindowFn<?, ?> windowFn, Receiver output) {
        this.windowFn = (WindowFn<Object, ?>) windowFn;
        this.output = output;
    }

    @Override
    public void accept(WindowedValue<?> element) {
        // A function that looks at the old window sees one at a time, as Beam defines it.
        for (WindowedValue<?> each : element.explodeWindows()) {
            output.accept(WindowedValues.of(each.getValue(), each.getTimestamp(), windowsOf(each), each.getPaneInfo()));
        }
    }

    private Collection<? extends BoundedWindow> windowsOf(WindowedValue<?> element) {
        try {
            return assign(windowFn, element);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw UserCodeException.wrap(e);
        }
    }

    private static <W extends BoundedWindow> Collection<W> assign(
            WindowFn<Object, W> windowFn, WindowedValue<?> element) throws Exception {
        return windowFn.assignWindows(windowFn.new AssignContext() {
            @Override
            public Object element() {
                return element.getValue();
            }

            @Override
            public Instant timestamp() {
                return element.getTimestamp();
            }

            @Override
            public BoundedWindow window() {
                return element.getWindows().iterator().next();
            }
        });
    }
}
