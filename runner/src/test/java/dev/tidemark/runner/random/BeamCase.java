package dev.tidemark.runner.random;

import dev.tidemark.runner.random.Case.Change;
import dev.tidemark.runner.random.Case.Clock;
import dev.tidemark.runner.random.Case.Constants;
import dev.tidemark.runner.random.Case.Elements;
import dev.tidemark.runner.random.Case.Event;
import dev.tidemark.runner.random.Case.Filter;
import dev.tidemark.runner.random.Case.Flatten;
import dev.tidemark.runner.random.Case.Group;
import dev.tidemark.runner.random.Case.Lookup;
import dev.tidemark.runner.random.Case.Node;
import dev.tidemark.runner.random.Case.Reshuffle;
import dev.tidemark.runner.random.Case.Split;
import dev.tidemark.runner.random.Case.Stamped;
import dev.tidemark.runner.random.Case.Stateful;
import dev.tidemark.runner.random.Case.Sum;
import dev.tidemark.runner.random.Case.Watermark;
import dev.tidemark.runner.random.Case.Windows;
import dev.tidemark.runner.random.Case.Wire;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.StreamSupport;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Values;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.windowing.AfterAll;
import org.apache.beam.sdk.transforms.windowing.AfterEach;
import org.apache.beam.sdk.transforms.windowing.AfterFirst;
import org.apache.beam.sdk.transforms.windowing.AfterPane;
import org.apache.beam.sdk.transforms.windowing.AfterWatermark;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.DefaultTrigger;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.apache.beam.sdk.transforms.windowing.Repeatedly;
import org.apache.beam.sdk.transforms.windowing.Sessions;
import org.apache.beam.sdk.transforms.windowing.SlidingWindows;
import org.apache.beam.sdk.transforms.windowing.Trigger;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TimestampedValue;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.joda.time.Duration;
import org.joda.time.Instant;

/** A case as a pipeline of Beam's, with an observer on every wire. */
final class BeamCase {
    /** What {@link Constants} looks things up in. */
    static final SortedMap<String, List<Long>> CONSTANTS =
            new TreeMap<>(Map.of("a", List.of(1L), "b", List.of(2L, 3L)));

    /** Where observers put what they see, by the name of the run: the runners copy DoFns, but stay in this JVM. */
    private static final Map<String, Outcome.Gathering> RUNS = new ConcurrentHashMap<>();

    private static final KvCoder<String, Long> CODER = KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of());

    /** Before the wire in the namespace of the counters that observers keep. */
    private static final String OBSERVED = "observed ";

    private BeamCase() {}

    /** Begins to gather what the observers of a run see. */
    static Outcome.Gathering gather(String run) {
        Outcome.Gathering gathering = new Outcome.Gathering();
        RUNS.put(run, gathering);
        return gathering;
    }

    /** Forgets a run; whoever still observes for it fails. */
    static void forget(String run) {
        RUNS.remove(run);
    }

    private static void observe(
            String run, String wire, String key, Object value, Instant time, BoundedWindow window, PaneInfo pane) {
        Outcome.Gathering gathering = RUNS.get(run);
        if (gathering == null) {
            throw new IllegalStateException("the run " + run + " is over");
        }
        String windowText = window instanceof IntervalWindow interval
                ? "[" + interval.start().getMillis() + ".." + interval.end().getMillis() + ")"
                : "global";
        String paneText = pane.equals(PaneInfo.NO_FIRING)
                ? "-"
                : Outcome.pane(
                        pane.getTiming().name(),
                        pane.getIndex(),
                        pane.getNonSpeculativeIndex(),
                        pane.isFirst(),
                        pane.isLast());
        String text = Outcome.element(key, value, time.getMillis(), windowText, paneText);
        gathering.add(wire, text);
        Metrics.counter(OBSERVED + wire, text).inc();
    }

    /** What the observers have seen, as the committed metrics count it. */
    static Outcome committed(PipelineResult result) {
        Outcome.Gathering gathering = new Outcome.Gathering();
        for (MetricResult<Long> each :
                result.metrics().queryMetrics(MetricsFilter.builder().build()).getCounters()) {
            String namespace = each.getName().getNamespace();
            if (namespace.startsWith(OBSERVED)) {
                for (long i = 0; i < each.getCommitted(); i++) {
                    gathering.add(
                            namespace.substring(OBSERVED.length()),
                            each.getName().getName());
                }
            }
        }
        return gathering.outcome();
    }

    /** Adds the case to a pipeline. */
    static void build(Case asked, Pipeline pipeline, String run) {
        TestStream.Builder<KV<String, Long>> stream = TestStream.create(CODER);
        for (Event event : asked.events()) {
            if (event instanceof Elements elements) {
                List<TimestampedValue<KV<String, Long>>> values = new ArrayList<>();
                for (Stamped each : elements.elements()) {
                    values.add(TimestampedValue.of(KV.of(each.key(), each.value()), Instant.ofEpochMilli(each.time())));
                }
                stream = stream.addElements(
                        values.get(0),
                        values.subList(1, values.size()).<TimestampedValue<KV<String, Long>>>toArray(BeamCase::array));
            } else if (event instanceof Watermark rise) {
                stream = stream.advanceWatermarkTo(Instant.ofEpochMilli(rise.time()));
            } else if (event instanceof Clock clock) {
                stream = stream.advanceProcessingTime(Duration.millis(clock.advance()));
            }
        }
        Map<Wire, PCollection<KV<String, Long>>> wires = new HashMap<>();
        PCollection<KV<String, Long>> source = pipeline.apply("n0", stream.advanceWatermarkToInfinity());
        wires.put(Wire.SOURCE, source);
        watch(source, run, Wire.SOURCE);
        for (int i = 0; i < asked.nodes().size(); i++) {
            add(asked, i + 1, pipeline, run, wires);
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of generics
    private static TimestampedValue<KV<String, Long>>[] array(int size) {
        return new TimestampedValue[size];
    }

    private static void watch(PCollection<KV<String, Long>> wire, String run, Wire name) {
        wire.apply("watch " + name, ParDo.of(new Observer(run, name.toString())));
    }

    private static void add(
            Case asked, int number, Pipeline pipeline, String run, Map<Wire, PCollection<KV<String, Long>>> wires) {
        Node node = asked.nodes().get(number - 1);
        Wire wire = new Wire(number, 0);
        String name = wire.toString();
        PCollection<KV<String, Long>> in = wires.get(node.inputs().get(0));
        PCollection<KV<String, Long>> out;
        if (node instanceof Change change) {
            out = in.apply(name, ParDo.of(new ChangeFn(change)));
        } else if (node instanceof Filter filter) {
            out = in.apply(name, ParDo.of(new FilterFn(filter)));
        } else if (node instanceof Split split) {
            SplitFn fn = new SplitFn(split);
            PCollectionTuple both =
                    in.apply(name, ParDo.of(fn).withOutputTags(SplitFn.EVEN, TupleTagList.of(SplitFn.ODD)));
            out = both.get(SplitFn.EVEN);
            Wire second = new Wire(number, 1);
            PCollection<KV<String, Long>> odd = both.get(SplitFn.ODD).setCoder(CODER);
            wires.put(second, odd);
            watch(odd, run, second);
        } else if (node instanceof Flatten flatten) {
            out = PCollectionList.of(flatten.inputs().stream().map(wires::get).toList())
                    .apply(name, org.apache.beam.sdk.transforms.Flatten.pCollections());
        } else if (node instanceof Reshuffle) {
            out = in.apply(name, org.apache.beam.sdk.transforms.Reshuffle.of());
        } else if (node instanceof Windows windows) {
            out = in.apply(name, window(windows.windowing()));
        } else if (node instanceof Group) {
            PCollection<KV<String, Iterable<Long>>> groups = in.apply(name, GroupByKey.create());
            groups.apply("watch " + name, ParDo.of(new GroupObserver(run, name)));
            out = groups.apply("weigh " + name, ParDo.of(new Weigh()));
        } else if (node instanceof Sum) {
            out = in.apply(name, org.apache.beam.sdk.transforms.Sum.longsPerKey());
        } else if (node instanceof Lookup lookup) {
            out = lookUp(name, in, wires.get(lookup.side()), lookup.view());
        } else if (node instanceof Constants constants) {
            List<KV<String, Long>> pairs = new ArrayList<>();
            CONSTANTS.forEach((key, values) -> values.forEach(value -> pairs.add(KV.of(key, value))));
            out = lookUp(
                    name,
                    in,
                    pipeline.apply("constants " + name, Create.of(pairs).withCoder(CODER)),
                    constants.view());
        } else if (node instanceof Stateful stateful) {
            long lateness = asked.windowing(stateful.in()).lateness();
            out = in.apply(name, ParDo.of(StateFns.of(stateful, lateness)));
        } else {
            throw new IllegalStateException("unknown node " + node);
        }
        out.setCoder(CODER);
        wires.put(wire, out);
        if (!(node instanceof Group)) {
            watch(out, run, wire);
        }
    }

    private static PCollection<KV<String, Long>> lookUp(
            String name, PCollection<KV<String, Long>> in, PCollection<KV<String, Long>> side, Case.View view) {
        return switch (view) {
            case LIST -> {
                PCollectionView<List<KV<String, Long>>> list = side.apply("view " + name, View.asList());
                yield in.apply(name, ParDo.of(new InList(list)).withSideInputs(list));
            }
            case MULTIMAP -> {
                PCollectionView<Map<String, Iterable<Long>>> map = side.apply("view " + name, View.asMultimap());
                yield in.apply(name, ParDo.of(new InMultimap(map)).withSideInputs(map));
            }
            case SINGLETON -> {
                PCollectionView<Long> single = side.apply("values " + name, Values.create())
                        .setCoder(VarLongCoder.of())
                        .apply(
                                "view " + name,
                                Combine.globally(org.apache.beam.sdk.transforms.Sum.ofLongs())
                                        .asSingletonView());
                yield in.apply(name, ParDo.of(new InSingleton(single)).withSideInputs(single));
            }
        };
    }

    private static Window<KV<String, Long>> window(Case.Windowing windowing) {
        Duration size = Duration.millis(windowing.size());
        Window<KV<String, Long>> window = switch (windowing.shape()) {
            case GLOBAL -> Window.into(new GlobalWindows());
            case FIXED -> Window.into(FixedWindows.of(size));
            case SLIDING -> Window.into(SlidingWindows.of(size).every(Duration.millis(windowing.period())));
            case SESSIONS -> Window.into(Sessions.withGapDuration(size));
        };
        window = window.triggering(trigger(windowing.trigger()))
                .withAllowedLateness(
                        Duration.millis(windowing.lateness()),
                        windowing.alwaysCloses()
                                ? Window.ClosingBehavior.FIRE_ALWAYS
                                : Window.ClosingBehavior.FIRE_IF_NON_EMPTY);
        return windowing.accumulating() ? window.accumulatingFiredPanes() : window.discardingFiredPanes();
    }

    private static Trigger trigger(Case.Trigger trigger) {
        if (trigger instanceof Case.Default) {
            return DefaultTrigger.of();
        } else if (trigger instanceof Case.Count || trigger instanceof Case.End) {
            return once(trigger);
        } else if (trigger instanceof Case.Ends ends) {
            AfterWatermark.FromEndOfWindow end = AfterWatermark.pastEndOfWindow();
            if (ends.early() == 0) {
                return ends.late() == 0 ? end : end.withLateFirings(AfterPane.elementCountAtLeast(ends.late()));
            }
            AfterWatermark.AfterWatermarkEarlyAndLate early =
                    end.withEarlyFirings(AfterPane.elementCountAtLeast(ends.early()));
            return ends.late() == 0 ? early : early.withLateFirings(AfterPane.elementCountAtLeast(ends.late()));
        } else if (trigger instanceof Case.Repeat repeat) {
            return Repeatedly.forever(trigger(repeat.repeated()));
        } else if (trigger instanceof Case.Each each) {
            return AfterEach.inOrder(
                    each.parts().stream().map(BeamCase::trigger).toList());
        }
        return once(trigger);
    }

    private static Trigger.OnceTrigger once(Case.Trigger trigger) {
        if (trigger instanceof Case.Count count) {
            return AfterPane.elementCountAtLeast(count.elements());
        } else if (trigger instanceof Case.End) {
            return AfterWatermark.pastEndOfWindow();
        } else if (trigger instanceof Case.First first) {
            return AfterFirst.of(first.parts().stream().map(BeamCase::once).toArray(Trigger.OnceTrigger[]::new));
        } else if (trigger instanceof Case.All all) {
            return AfterAll.of(all.parts().stream().map(BeamCase::once).toArray(Trigger.OnceTrigger[]::new));
        }
        throw new IllegalStateException("fires more than once: " + trigger);
    }

    // ----------------------------------------------------------------------------------------------------------- DoFns

    static final class Observer extends DoFn<KV<String, Long>, Void> {
        private final String run;
        private final String wire;

        Observer(String run, String wire) {
            this.run = run;
            this.wire = wire;
        }

        @ProcessElement
        public void process(
                @Element KV<String, Long> element, @Timestamp Instant time, BoundedWindow window, PaneInfo pane) {
            observe(run, wire, element.getKey(), element.getValue(), time, window, pane);
        }
    }

    static final class GroupObserver extends DoFn<KV<String, Iterable<Long>>, Void> {
        private final String run;
        private final String wire;

        GroupObserver(String run, String wire) {
            this.run = run;
            this.wire = wire;
        }

        @ProcessElement
        public void process(
                @Element KV<String, Iterable<Long>> group,
                @Timestamp Instant time,
                BoundedWindow window,
                PaneInfo pane) {
            List<Long> sorted = StreamSupport.stream(group.getValue().spliterator(), false)
                    .sorted()
                    .toList();
            observe(run, wire, group.getKey(), sorted, time, window, pane);
        }
    }

    static final class Weigh extends DoFn<KV<String, Iterable<Long>>, KV<String, Long>> {
        @ProcessElement
        public void process(@Element KV<String, Iterable<Long>> group, OutputReceiver<KV<String, Long>> out) {
            long weight = 0;
            for (long value : group.getValue()) {
                weight += value + 100;
            }
            out.output(KV.of(group.getKey(), weight));
        }
    }

    static final class ChangeFn extends DoFn<KV<String, Long>, KV<String, Long>> {
        private final long plus;
        private final int keys;

        ChangeFn(Change change) {
            this.plus = change.plus();
            this.keys = change.keys();
        }

        @ProcessElement
        public void process(@Element KV<String, Long> element, OutputReceiver<KV<String, Long>> out) {
            long value = element.getValue() + plus;
            out.output(KV.of(keys == 0 ? element.getKey() : "k" + Math.floorMod(value, keys), value));
        }
    }

    static final class FilterFn extends DoFn<KV<String, Long>, KV<String, Long>> {
        private final int modulus;
        private final int rest;

        FilterFn(Filter filter) {
            this.modulus = filter.modulus();
            this.rest = filter.rest();
        }

        @ProcessElement
        public void process(@Element KV<String, Long> element, OutputReceiver<KV<String, Long>> out) {
            if (Math.floorMod(element.getValue(), modulus) == rest) {
                out.output(element);
            }
        }
    }

    static final class SplitFn extends DoFn<KV<String, Long>, KV<String, Long>> {
        static final TupleTag<KV<String, Long>> EVEN = new TupleTag<>("even") {};
        static final TupleTag<KV<String, Long>> ODD = new TupleTag<>("odd") {};
        private final int copies;

        SplitFn(Split split) {
            this.copies = split.copies();
        }

        @ProcessElement
        public void process(@Element KV<String, Long> element, MultiOutputReceiver out) {
            if (element.getValue() % 2 == 0) {
                out.get(EVEN).output(element);
            } else {
                for (int i = 0; i < copies; i++) {
                    out.get(ODD).output(KV.of(element.getKey(), element.getValue() + i));
                }
            }
        }
    }

    static final class InList extends DoFn<KV<String, Long>, KV<String, Long>> {
        private final PCollectionView<List<KV<String, Long>>> view;

        InList(PCollectionView<List<KV<String, Long>>> view) {
            this.view = view;
        }

        @ProcessElement
        public void process(ProcessContext context) {
            long found = 0;
            for (KV<String, Long> each : context.sideInput(view)) {
                found += 1000 + each.getValue();
            }
            context.output(KV.of(context.element().getKey(), context.element().getValue() + found));
        }
    }

    static final class InMultimap extends DoFn<KV<String, Long>, KV<String, Long>> {
        private final PCollectionView<Map<String, Iterable<Long>>> view;

        InMultimap(PCollectionView<Map<String, Iterable<Long>>> view) {
            this.view = view;
        }

        @ProcessElement
        public void process(ProcessContext context) {
            String key = context.element().getKey();
            Iterable<Long> values = context.sideInput(view).get(key);
            long found = -1;
            if (values != null) {
                found = 0;
                for (long value : values) {
                    found += value;
                }
            }
            context.output(KV.of(key, context.element().getValue() + found));
        }
    }

    static final class InSingleton extends DoFn<KV<String, Long>, KV<String, Long>> {
        private final PCollectionView<Long> view;

        InSingleton(PCollectionView<Long> view) {
            this.view = view;
        }

        @ProcessElement
        public void process(ProcessContext context) {
            context.output(KV.of(context.element().getKey(), context.element().getValue() + context.sideInput(view)));
        }
    }
}
