package dev.tidemark.runner.translate;

import dev.tidemark.runner.plan.RowKind;
import dev.tidemark.runner.plan.Step;
import dev.tidemark.runner.plan.StepFormat;
import dev.tidemark.runner.plan.StepFormat.Aspect;
import dev.tidemark.runner.plan.Wire;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.display.HasDisplayData;
import org.apache.beam.sdk.transforms.reflect.DoFnSignature;
import org.apache.beam.sdk.transforms.reflect.DoFnSignatures;
import org.apache.beam.sdk.transforms.windowing.WindowFn;
import org.apache.beam.sdk.values.WindowingStrategy;

/** Finds out in what form each step keeps what it keeps. */
final class StepFormats {
    private static final Set<RowKind> KEYED = Set.of(RowKind.CELL, RowKind.TIMER);
    private static final Set<RowKind> WAITING =
            Set.of(RowKind.PUSHED_BACK, RowKind.UNSORTED, RowKind.UNSTABLE, RowKind.RESTRICTION);

    private final Map<Integer, Wire> wires;
    /** What the coders of the step at hand say of what they write. */
    private final SortedMap<String, String> layouts = new TreeMap<>();

    StepFormats(Map<Integer, Wire> wires) {
        this.wires = wires;
    }

    /** The forms of the steps that keep anything, by the steps' numbers. */
    Map<Integer, StepFormat> of(List<Step> steps) {
        Map<Integer, StepFormat> formats = new HashMap<>();
        for (Step step : steps) {
            List<Aspect> aspects = aspects(step);
            layouts.forEach((id, layout) -> aspects.add(new Aspect(StepFormat.LAYOUT + id, layout, Set.of())));
            layouts.clear();
            if (!aspects.isEmpty()) {
                formats.put(step.id(), new StepFormat(aspects));
            }
        }
        return formats;
    }

    private List<Aspect> aspects(Step step) {
        List<Aspect> aspects = new ArrayList<>();
        if (step instanceof Step.UnboundedRead read) {
            aspects.add(aspect(
                    "position", read.source().getCheckpointMarkCoder(), Set.of(RowKind.SPLIT, RowKind.SPLITTING)));
        } else if (step instanceof Step.StatefulParDo parDo) {
            Wire input = wire(parDo.input());
            aspects.add(aspect(StepFormat.KEY, parDo.keyCoder(), KEYED));
            aspects.add(aspect(StepFormat.WINDOW, windowCoder(input), KEYED));
            addStates(aspects, parDo.function().fn());
            aspects.add(aspect("element", input.coder(), WAITING));
        } else if (step instanceof Step.Call call) {
            aspects.add(aspect("element", wire(call.input()).coder(), WAITING));
        } else if (step instanceof Step.GroupByKey group) {
            addGrouping(aspects, group);
        } else if (step instanceof Step.View view) {
            aspects.add(aspect("element", wire(view.input()).coder(), Set.of(RowKind.VIEW)));
        }
        return aspects;
    }

    private void addGrouping(List<Aspect> aspects, Step.GroupByKey group) {
        WindowingStrategy<?, ?> windowing = wire(group.input()).windowing();
        if (group.keyCoder() != null) {
            aspects.add(aspect(StepFormat.KEY, group.keyCoder(), KEYED));
        }
        aspects.add(aspect(StepFormat.WINDOW, windowCoder(wire(group.input())), KEYED));
        aspects.add(new Aspect("windows", text(windowing.getWindowFn()), KEYED));
        aspects.add(new Aspect("trigger", String.valueOf(windowing.getTrigger()), KEYED));
        aspects.add(new Aspect("panes", String.valueOf(windowing.getMode()), KEYED));
        aspects.add(
                group.combine() == null
                        ? aspect("value", group.valueCoder(), KEYED)
                        : aspect("accumulator", group.combine().getAccumulatorCoder(), KEYED));
    }

    /** A window function is its class and its settings; what it says of itself may be an address in memory. */
    private static String text(WindowFn<?, ?> windowFn) {
        Map<String, Object> settings = new TreeMap<>();
        for (DisplayData.Item item : DisplayData.from(windowFn).items()) {
            settings.put(item.getKey(), item.getValue());
        }
        return windowFn.getClass().getName() + settings;
    }

    private void addStates(List<Aspect> aspects, DoFn<?, ?> fn) {
        DoFnSignature signature = DoFnSignatures.signatureForDoFn(fn);
        new TreeMap<>(signature.stateDeclarations()).forEach((id, declaration) -> {
            StateSpec<?> spec = DoFnSignatures.getStateSpecOrThrow(declaration, fn);
            aspects.add(new Aspect(StepFormat.STATE + id, spec.match(new Words()), Set.of(RowKind.CELL)));
        });
        new TreeMap<>(signature.timerDeclarations()).forEach((id, declaration) -> {
            TimerSpec spec = DoFnSignatures.getTimerSpecOrThrow(declaration, fn);
            aspects.add(new Aspect(
                    StepFormat.TIMER + id.replaceFirst("^ts-", ""),
                    spec.getTimeDomain().toString(),
                    Set.of(RowKind.TIMER)));
        });
        new TreeMap<>(signature.timerFamilyDeclarations()).forEach((id, declaration) -> {
            TimerSpec spec = DoFnSignatures.getTimerFamilySpecOrThrow(declaration, fn);
            aspects.add(new Aspect(
                    StepFormat.TIMER + "family " + id.replaceFirst("^tfs-", ""),
                    spec.getTimeDomain().toString(),
                    Set.of(RowKind.TIMER)));
        });
    }

    private Wire wire(int id) {
        Wire wire = wires.get(id);
        if (wire == null) {
            throw new IllegalStateException("no wire " + id);
        }
        return wire;
    }

    private static Coder<?> windowCoder(Wire wire) {
        return wire.windowing().getWindowFn().windowCoder();
    }

    private Aspect aspect(String name, Coder<?> coder, Set<RowKind> rows) {
        return new Aspect(name, words(coder), rows);
    }

    private String words(Coder<?> coder) {
        addLayouts(coder);
        return CoderText.of(coder);
    }

    /** Coders say no more of themselves than their name, as a rule; those that say more help whoever shows what is stored. */
    private void addLayouts(Coder<?> coder) {
        if (coder instanceof HasDisplayData saying) {
            for (DisplayData.Item item : DisplayData.from(saying).items()) {
                layouts.put(item.getKey(), String.valueOf(item.getValue()));
            }
        }
        coder.getCoderArguments().forEach(this::addLayouts);
    }

    /** A state in words: its kind, as checkpoints number them, and its coders. */
    private final class Words implements StateSpec.Cases<String> {
        @Override
        public String dispatchValue(Coder<?> valueCoder) {
            return "VALUE " + words(valueCoder);
        }

        @Override
        public String dispatchBag(Coder<?> elementCoder) {
            return "BAG " + words(elementCoder);
        }

        @Override
        public String dispatchOrderedList(Coder<?> elementCoder) {
            return "ORDERED_LIST " + words(elementCoder);
        }

        @Override
        public String dispatchCombining(CombineFn<?, ?, ?> combineFn, Coder<?> accumCoder) {
            return "COMBINING " + words(accumCoder);
        }

        @Override
        public String dispatchMap(Coder<?> keyCoder, Coder<?> valueCoder) {
            return "MAP " + words(keyCoder) + " to " + words(valueCoder);
        }

        @Override
        public String dispatchSet(Coder<?> elementCoder) {
            return "SET " + words(elementCoder);
        }

        @Override
        public String dispatchMultimap(Coder<?> keyCoder, Coder<?> valueCoder) {
            return "MULTIMAP " + words(keyCoder) + " to " + words(valueCoder);
        }
    }
}
