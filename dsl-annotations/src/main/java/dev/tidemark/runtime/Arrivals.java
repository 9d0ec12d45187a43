package dev.tidemark.runtime;

import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.jspecify.annotations.Nullable;

/** Brings the events of a group and its initial state together. */
public final class Arrivals {
    private Arrivals() {}

    /** Both as one collection; there need not be an initial state. */
    public static <K, I, S> PCollection<KV<K, Arrival<I, S>>> of(
            String name,
            PCollection<KV<K, I>> events,
            @Nullable PCollection<KV<K, S>> initial,
            Coder<K> key,
            ArrivalCoder<I, S> arrival) {
        KvCoder<K, Arrival<I, S>> coder = KvCoder.of(key, arrival);
        PCollection<KV<K, Arrival<I, S>>> arriving =
                events.apply("events", ParDo.of(new EventFn<K, I, S>())).setCoder(coder);
        if (initial == null) {
            return arriving;
        }
        if (!(events.getWindowingStrategy().getWindowFn() instanceof GlobalWindows)) {
            throw new IllegalArgumentException(
                    name
                            + ": the events are in windows, whose state begins empty; an initial state needs the global window");
        }
        PCollection<KV<K, Arrival<I, S>>> seeds = initial.apply("global", Window.into(new GlobalWindows()))
                .apply("initial", ParDo.of(new InitialFn<K, I, S>()))
                .setCoder(coder);
        return PCollectionList.of(arriving).and(seeds).apply("arrivals", Flatten.pCollections());
    }

    private static final class EventFn<K, I, S> extends DoFn<KV<K, I>, KV<K, Arrival<I, S>>> {
        private static final long serialVersionUID = 1L;

        @ProcessElement
        public void process(@Element KV<K, I> element, OutputReceiver<KV<K, Arrival<I, S>>> out) {
            out.output(KV.of(element.getKey(), new Arrival<>(null, element.getValue())));
        }
    }

    private static final class InitialFn<K, I, S> extends DoFn<KV<K, S>, KV<K, Arrival<I, S>>> {
        private static final long serialVersionUID = 1L;

        @ProcessElement
        public void process(@Element KV<K, S> element, OutputReceiver<KV<K, Arrival<I, S>>> out) {
            out.output(KV.of(element.getKey(), new Arrival<>(element.getValue(), null)));
        }
    }
}
