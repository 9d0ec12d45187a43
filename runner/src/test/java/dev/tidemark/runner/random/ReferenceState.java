package dev.tidemark.runner.random;

import dev.tidemark.runner.random.Case.Act;
import dev.tidemark.runner.random.Case.Add;
import dev.tidemark.runner.random.Case.Alarm;
import dev.tidemark.runner.random.Case.Arm;
import dev.tidemark.runner.random.Case.ArmRelative;
import dev.tidemark.runner.random.Case.Cell;
import dev.tidemark.runner.random.Case.Disarm;
import dev.tidemark.runner.random.Case.Emit;
import dev.tidemark.runner.random.Case.Forget;
import dev.tidemark.runner.random.Case.Stateful;
import dev.tidemark.runner.random.Case.Tell;
import dev.tidemark.runner.random.Case.When;
import dev.tidemark.runner.random.Reference.Item;
import dev.tidemark.runner.random.Reference.Span;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** A DoFn with state and timers: what it remembers for each key and window. */
final class ReferenceState extends Reference.Station {
    private record Pending(long time, long outputTime) {}

    private record Place(String key, Span window) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int byKey = key.compareTo(other.key);
            return byKey != 0 ? byKey : window.compareTo(other.window);
        }
    }

    private static final class Memory {
        long value;
        final List<Long> bag = new ArrayList<>();
        long sum;
        final Set<Long> set = new HashSet<>();
        final Map<Long, Long> map = new TreeMap<>();
        final EnumMap<Alarm, Pending> timers = new EnumMap<>(Alarm.class);

        void add(Cell cell, long number) {
            switch (cell) {
                case VALUE -> value += number;
                case BAG -> bag.add(number);
                case SUM -> sum += number;
                case SET -> set.add(number);
                case MAP -> map.merge(Math.floorMod(number, 3L), 1L, Long::sum);
            }
        }

        long told(Cell cell) {
            return switch (cell) {
                case VALUE -> value;
                case BAG -> 1000L * bag.size() + total(bag);
                case SUM -> sum;
                case SET -> 1000L * set.size() + total(set);
                case MAP ->
                    map.entrySet().stream()
                            .mapToLong(entry -> (entry.getKey() * 50 + 1) * entry.getValue())
                            .sum();
            };
        }

        private static long total(Iterable<Long> numbers) {
            long total = 0;
            for (long number : numbers) {
                total += number;
            }
            return total;
        }

        void forget(Cell cell) {
            switch (cell) {
                case VALUE -> value = 0;
                case BAG -> bag.clear();
                case SUM -> sum = 0;
                case SET -> set.clear();
                case MAP -> map.clear();
            }
        }
    }

    private final Reference machine;
    private final Stateful fn;
    private final Map<Place, Memory> memories = new TreeMap<>();

    ReferenceState(Reference machine, int number, Case.Windowing windowing, Stateful fn) {
        machine.super(number, windowing);
        this.machine = machine;
        this.fn = fn;
    }

    private long expiry(Span window) {
        return window.expiry(windowing.lateness());
    }

    @Override
    void take(int port, List<Item> bundle) {
        for (Item item : bundle) {
            if (expiry(item.window()) >= inputWatermark) {
                Place place = new Place(item.key(), item.window());
                memories.computeIfAbsent(place, any -> new Memory());
                for (Act act : fn.onElement()) {
                    perform(act, place, item, item.value(), Long.MIN_VALUE, false);
                }
                // A timer that was set for a time that is over is due at once, or a little later.
                if (machine.random.nextBoolean()) {
                    fireDue(place);
                }
            }
        }
        memories.keySet().forEach(this::fireDue);
    }

    @Override
    void rose(long before, int shard) {
        for (Place place : places(shard)) {
            fireDue(place);
            if (expiry(place.window()) < inputWatermark) {
                Item end = new Item(place.key(), 1, place.window().last(), place.window(), "-");
                fn.onExpiry().forEach(act -> perform(act, place, end, 1, Long.MIN_VALUE, true));
                memories.remove(place);
            }
        }
    }

    private List<Place> places(int shard) {
        return machine.shuffled(memories.keySet().stream()
                .filter(place -> shard(place.key()) == shard)
                .toList());
    }

    private void fireDue(Place place) {
        fireWhile(place, alarm -> alarm != Alarm.WALL, inputWatermark);
    }

    @Override
    void clockMoved(int shard) {
        for (Place place : places(shard)) {
            fireWhile(place, alarm -> alarm == Alarm.WALL, machine.clock);
            fireDue(place);
        }
    }

    /** Fires the earliest that is due, one of them if there are several, until nothing is due: callbacks may set and clear. */
    private void fireWhile(Place place, Predicate<Alarm> kind, long now) {
        Memory memory = memories.get(place);
        while (true) {
            long earliest = memory.timers.entrySet().stream()
                    .filter(entry -> kind.test(entry.getKey()))
                    .mapToLong(entry -> entry.getValue().time())
                    .min()
                    .orElse(Long.MAX_VALUE);
            if (earliest >= now) {
                return;
            }
            List<Alarm> first = machine.shuffled(memory.timers.keySet().stream()
                    .filter(alarm ->
                            kind.test(alarm) && memory.timers.get(alarm).time() == earliest)
                    .toList());
            Alarm alarm = first.get(0);
            Pending due = memory.timers.remove(alarm);
            List<Act> acts = switch (alarm) {
                case FIRST -> fn.onFirst();
                case SECOND -> fn.onSecond();
                case WALL -> fn.onWall();
            };
            Item at = new Item(place.key(), 1, due.outputTime(), place.window(), "-");
            long firing = alarm == Alarm.WALL ? Long.MIN_VALUE : due.time();
            acts.forEach(act -> perform(act, place, at, 1, firing, true));
        }
    }

    /**
     * Does what the act says.
     *
     * @param at the element, or what stands for it in a callback
     * @param firing the time of the event-time timer whose callback this is
     */
    private void perform(Act act, Place place, Item at, long number, long firing, boolean inCallback) {
        Memory memory = memories.get(place);
        if (act instanceof Emit) {
            emit(at.withValue(inCallback ? -1 : number));
        } else if (act instanceof Tell tell) {
            emit(at.withValue(memory.told(tell.cell())));
        } else if (act instanceof Add add) {
            memory.add(add.cell(), number);
        } else if (act instanceof Forget forget) {
            memory.forget(forget.cell());
        } else if (act instanceof Disarm disarm) {
            memory.timers.remove(disarm.alarm());
        } else if (act instanceof When when) {
            if (Math.floorMod(number, when.divisor()) == 0) {
                perform(when.act(), place, at, number, firing, inCallback);
            }
        } else if (act instanceof Arm arm) {
            long wanted = (arm.fromEnd() ? place.window().last() : at.time()) + arm.offset();
            long target = Math.min(wanted, expiry(place.window()));
            boolean ends = wanted > firing
                    && wanted >= Case.FIRST_LOOP
                    && wanted <= Math.min(place.window().last(), Case.LAST_LOOP);
            if (!inCallback || ends) {
                memory.timers.put(arm.alarm(), new Pending(target, arm.held() ? at.time() : target));
            }
        } else if (act instanceof ArmRelative arm) {
            if (arm.alarm() == Alarm.WALL) {
                memory.timers.put(Alarm.WALL, new Pending(machine.clock + arm.offset(), at.time()));
            } else {
                long target = Math.min(inputWatermark + arm.offset(), expiry(place.window()));
                memory.timers.put(arm.alarm(), new Pending(target, target));
            }
        } else {
            throw new IllegalStateException("unknown act " + act);
        }
    }

    @Override
    long hold(int shard) {
        return memories.entrySet().stream()
                .filter(entry -> shard(entry.getKey().key()) == shard)
                .flatMap(entry -> entry.getValue().timers.values().stream())
                .mapToLong(Pending::outputTime)
                .min()
                .orElse(Reference.END);
    }
}
