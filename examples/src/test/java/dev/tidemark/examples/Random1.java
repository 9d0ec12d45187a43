package dev.tidemark.examples;

import dev.tidemark.Bag;
import dev.tidemark.Cause;
import dev.tidemark.Group;
import dev.tidemark.GroupState;
import dev.tidemark.Key;
import dev.tidemark.Late;
import dev.tidemark.Members;
import dev.tidemark.OnEvent;
import dev.tidemark.OnTimeout;
import dev.tidemark.Order;
import dev.tidemark.Out;
import dev.tidemark.StatefulGroup;
import dev.tidemark.Table;
import dev.tidemark.Tally;
import dev.tidemark.Timeout;
import dev.tidemark.TimeoutDomain;
import java.io.Serializable;
import java.util.Random;

/** Drawn handlers over a counter, a bag, members and a table, with a timeout that re-arms itself and a longest life. */
@StatefulGroup(
        name = "random-1",
        timeout = @Timeout(value = TimeoutDomain.EVENT_TIME, after = "30ms", maxAge = "200ms"),
        order = Order.EVENT_TIME,
        lateness = "20ms",
        late = Late.EMIT)
final class Random1 implements Serializable {
    private static final long serialVersionUID = 1L;

    private final long seed;

    Random1(long seed) {
        this.seed = seed;
    }

    @GroupState
    static class Memory {
        int count;
        String last = "";
        Bag<Long> numbers;
        Members<String> letters;
        Table<String, Long> sums;
        Tally tally;
    }

    @OnEvent
    void event(Doing doing, Memory memory, Group group, Out<Done> out) {
        Random random = new Random(seed * 31 + doing.number());
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            switch (random.nextInt(8)) {
                case 0 -> memory.count++;
                case 1 -> memory.numbers.add(doing.number());
                case 2 -> memory.letters.add(Character.toString('a' + random.nextInt(5)));
                case 3 -> memory.letters.remove(Character.toString('a' + random.nextInt(5)));
                case 4 -> memory.sums.merge(Integer.toString(random.nextInt(3)), doing.number(), Long::sum);
                case 5 -> memory.tally.add(doing.number());
                case 6 -> out.emit(new Done(doing.key(), "event " + text(memory)));
                default -> {
                    memory.last = "at " + doing.number();
                    if (random.nextInt(4) == 0) {
                        group.close();
                    }
                }
            }
        }
    }

    @OnTimeout
    void timeout(@Key String key, Memory memory, Group group, Cause cause, Out<Done> out) {
        out.emit(new Done(key, cause + " " + text(memory)));
        if (memory.count % 3 != 1) {
            group.close();
        }
    }

    private static String text(Memory memory) {
        return memory.count
                + memory.last
                + memory.numbers.stream().sorted().toList()
                + memory.letters.list()
                + memory.sums.map()
                + memory.tally.value();
    }
}
