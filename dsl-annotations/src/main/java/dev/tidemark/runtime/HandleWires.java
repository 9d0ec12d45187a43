package dev.tidemark.runtime;

import dev.tidemark.Bag;
import dev.tidemark.Members;
import dev.tidemark.Table;
import dev.tidemark.Tally;
import dev.tidemark.Timeline;
import java.io.IOException;
import java.io.Serializable;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The encodings of handles, for states that travel as a whole: initial states, and those that a tester shows. */
public final class HandleWires {
    private HandleWires() {}

    /** A bag. */
    public static <E> Wire<Bag<E>> bag(Wire<E> element) {
        return new Converted<>("bag", Wires.list(element), (Convert<Bag<E>, List<E>>) Bag::list, all -> {
            Bag<E> bag = new LooseBag<>();
            all.forEach(bag::add);
            return bag;
        });
    }

    /** Members. */
    public static <E> Wire<Members<E>> members(Wire<E> element) {
        return new Converted<>(
                "members",
                Wires.set(element),
                (Convert<Members<E>, Set<E>>) members -> new LinkedHashSet<>(members.list()),
                all -> {
                    Members<E> members = new LooseMembers<>();
                    all.forEach(members::add);
                    return members;
                });
    }

    /** A table. */
    public static <K, V> Wire<Table<K, V>> table(Wire<K> key, Wire<V> value) {
        return new Converted<>("table", Wires.map(key, value), (Convert<Table<K, V>, Map<K, V>>) Table::map, all -> {
            Table<K, V> table = new LooseTable<>();
            all.forEach(table::put);
            return table;
        });
    }

    /** A tally. */
    public static Wire<Tally> tally() {
        return new Converted<>("tally", Wires.LONG, (Convert<Tally, Long>) Tally::value, sum -> {
            Tally tally = new LooseTally();
            tally.add(sum);
            return tally;
        });
    }

    /** A timeline. */
    public static <E> Wire<Timeline<E>> timeline(Wire<E> element) {
        return new Converted<>(
                "timeline",
                Wires.list(new EntryWire<>(element)),
                (Convert<Timeline<E>, List<Timeline.Entry<E>>>) Timeline::list,
                all -> {
                    Timeline<E> timeline = new LooseTimeline<>();
                    all.forEach(entry -> timeline.add(entry.time(), entry.value()));
                    return timeline;
                });
    }

    private interface Convert<A, B> extends Function<A, B>, Serializable {}

    /** An encoding by way of another type. */
    private static final class Converted<A, B> implements Wire<A> {
        private static final long serialVersionUID = 1L;

        private final String name;
        private final Wire<B> by;
        private final Convert<A, B> to;
        private final Convert<B, A> from;

        Converted(String name, Wire<B> by, Convert<A, B> to, Convert<B, A> from) {
            this.name = name;
            this.by = by;
            this.to = to;
            this.from = from;
        }

        @Override
        public String id() {
            return name + "(" + by.id() + ")";
        }

        @Override
        public void describe(Map<String, String> layouts) {
            by.describe(layouts);
        }

        @Override
        public int wireType() {
            return by.wireType();
        }

        @Override
        public boolean deterministic() {
            return by.deterministic();
        }

        @Override
        public void write(A value, WireWriter out) throws IOException {
            by.write(to.apply(value), out);
        }

        @Override
        public A read(WireReader in) throws IOException {
            return from.apply(by.read(in));
        }
    }

    /** The encoding of one entry of a timeline. */
    private static final class EntryWire<E> extends RecordCoder<Timeline.Entry<E>> {
        private static final long serialVersionUID = 1L;

        private final Wire<E> element;

        EntryWire(Wire<E> element) {
            super("~entry(" + element.family() + ")", element.deterministic());
            this.element = element;
        }

        @Override
        protected void writeFields(Timeline.Entry<E> entry, WireWriter out) throws IOException {
            out.value(1, entry.time(), Wires.INSTANT);
            out.value(2, entry.value(), element);
        }

        @Override
        protected Timeline.Entry<E> readFields(WireReader in) throws IOException {
            Instant time = Instant.EPOCH;
            E value = null;
            while (in.next()) {
                switch (in.field()) {
                    case 1 -> time = in.value(Wires.INSTANT);
                    case 2 -> value = in.value(element);
                    default -> in.skip();
                }
            }
            if (value == null) {
                throw in.corrupt("an entry without a value");
            }
            return new Timeline.Entry<>(time, value);
        }
    }
}
