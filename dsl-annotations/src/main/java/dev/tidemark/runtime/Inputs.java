package dev.tidemark.runtime;

import dev.tidemark.runtime.KeyingFn.EventTimes;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.StreamingOptions;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollection;

/** What can be known about the input of a group only when the pipeline is built. */
public final class Inputs {
    private Inputs() {}

    /** Refuses windows that merge: a runner cannot tell whose state to take. */
    public static void requireUnmerged(String name, PCollection<?> input) {
        if (!input.getWindowingStrategy().getWindowFn().isNonMerging()) {
            throw new IllegalArgumentException(name
                    + ": the windows of the input merge, which state cannot; use the global window, and for sessions"
                    + " @Timeout(value = EVENT_TIME, after = ...)");
        }
    }

    /** Refuses a runner that rejects event-time timers, in words and before it does so by a stack trace. */
    public static void requireEventTimers(String name, PCollection<?> input) {
        PipelineOptions options = input.getPipeline().getOptions();
        boolean spark = options.getRunner().getSimpleName().startsWith("Spark");
        boolean streaming = input.isBounded() == PCollection.IsBounded.UNBOUNDED
                || options.as(StreamingOptions.class).isStreaming();
        if (spark && streaming) {
            throw new IllegalArgumentException(name
                    + ": the group needs event-time timers, which Spark rejects in streaming; run it in batch, or on another"
                    + " runner. The compiler says so with -Atidemark.targets=spark-streaming");
        }
    }

    /** A collection of one kind of input as one of the sealed interface that permits it. */
    public static <I, T extends I> PCollection<I> widened(PCollection<T> input, String name, Coder<I> coder) {
        return input.apply(name, ParDo.of(new WidenFn<I, T>())).setCoder(coder);
    }

    private static final class WidenFn<I, T extends I> extends DoFn<T, I> {
        private static final long serialVersionUID = 1L;

        @ProcessElement
        public void process(@Element T element, OutputReceiver<I> out) {
            out.output(element);
        }
    }

    /** Whether the group may give the elements their time. */
    public static EventTimes eventTimes(PCollection<?> input, boolean assign) {
        return assign || input.isBounded() == PCollection.IsBounded.BOUNDED ? EventTimes.ASSIGNED : EventTimes.VERIFIED;
    }

    /** Puts elements whose timestamps were assigned into the windows of their new time. */
    public static <T> PCollection<T> inWindows(PCollection<T> keyed, EventTimes times) {
        if (times != EventTimes.ASSIGNED || keyed.getWindowingStrategy().getWindowFn() instanceof GlobalWindows) {
            return keyed;
        }
        return rewindowed(keyed);
    }

    @SuppressWarnings("unchecked") // a window function of a collection takes the elements of that collection
    private static <T> PCollection<T> rewindowed(PCollection<T> keyed) {
        return keyed.apply("windows", Window.into((org.apache.beam.sdk.transforms.windowing.WindowFn<? super T, ?>)
                keyed.getWindowingStrategy().getWindowFn()));
    }
}
