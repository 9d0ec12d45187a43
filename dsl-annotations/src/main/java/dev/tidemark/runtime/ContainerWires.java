package dev.tidemark.runtime;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Lists, sets and maps: their length in bytes, then their elements without tags. Null elements are refused by name. */
final class ContainerWires {
    private ContainerWires() {}

    private abstract static class Container<C> implements Wire<C> {
        private static final long serialVersionUID = 1L;

        @Override
        public final int wireType() {
            return WireWriter.LENGTH;
        }

        @Override
        public final void write(C value, WireWriter out) throws IOException {
            int start = out.begin();
            writeElements(value, out);
            out.end(start);
        }

        @Override
        public final C read(WireReader in) throws IOException {
            int outer = in.enter();
            C value = readElements(in);
            in.leave(outer);
            return value;
        }

        abstract void writeElements(C value, WireWriter out) throws IOException;

        abstract C readElements(WireReader in) throws IOException;

        static <T> void element(T value, Wire<T> wire, String container, WireWriter out) throws IOException {
            wire.write(WireWriter.required(value, "element of a " + container), out);
        }

        static <T> T element(Wire<T> wire, WireReader in) throws IOException {
            in.untagged(wire.wireType());
            return wire.read(in);
        }

        /** Sorts the slices that begin at {@code starts} and end at the end of what is written. */
        static void sortSlices(int[] starts, WireWriter out) {
            if (starts.length < 2) {
                return;
            }
            int end = out.size();
            byte[][] slices = new byte[starts.length][];
            for (int i = 0; i < starts.length; i++) {
                slices[i] = out.copyOfRange(starts[i], i + 1 < starts.length ? starts[i + 1] : end);
            }
            Arrays.sort(slices, Arrays::compareUnsigned);
            out.truncate(starts[0]);
            for (byte[] slice : slices) {
                out.raw(slice, 0, slice.length);
            }
        }
    }

    static final class OfList<T> extends Container<List<T>> {
        private static final long serialVersionUID = 1L;

        private final Wire<T> element;

        OfList(Wire<T> element) {
            this.element = element;
        }

        @Override
        public String id() {
            return "list(" + element.id() + ")";
        }

        @Override
        public void describe(Map<String, String> layouts) {
            element.describe(layouts);
        }

        @Override
        public boolean deterministic() {
            return element.deterministic();
        }

        @Override
        void writeElements(List<T> value, WireWriter out) throws IOException {
            for (T each : value) {
                element(each, element, "list", out);
            }
        }

        @Override
        List<T> readElements(WireReader in) throws IOException {
            List<T> result = new ArrayList<>();
            while (!in.atEnd()) {
                result.add(element(element, in));
            }
            return result;
        }
    }

    static final class OfSet<T> extends Container<Set<T>> {
        private static final long serialVersionUID = 1L;

        private final Wire<T> element;

        OfSet(Wire<T> element) {
            this.element = element;
        }

        @Override
        public String id() {
            return "set(" + element.id() + ")";
        }

        @Override
        public void describe(Map<String, String> layouts) {
            element.describe(layouts);
        }

        @Override
        public boolean deterministic() {
            return element.deterministic();
        }

        @Override
        void writeElements(Set<T> value, WireWriter out) throws IOException {
            int[] starts = new int[value.size()];
            int i = 0;
            for (T each : value) {
                starts[i++] = out.size();
                element(each, element, "set", out);
            }
            sortSlices(starts, out);
        }

        @Override
        Set<T> readElements(WireReader in) throws IOException {
            Set<T> result = new LinkedHashSet<>();
            while (!in.atEnd()) {
                result.add(element(element, in));
            }
            return result;
        }
    }

    static final class OfMap<K, V> extends Container<Map<K, V>> {
        private static final long serialVersionUID = 1L;

        private final Wire<K> key;
        private final Wire<V> value;

        OfMap(Wire<K> key, Wire<V> value) {
            this.key = key;
            this.value = value;
        }

        @Override
        public String id() {
            return "map(" + key.id() + "," + value.id() + ")";
        }

        @Override
        public void describe(Map<String, String> layouts) {
            key.describe(layouts);
            value.describe(layouts);
        }

        @Override
        public boolean deterministic() {
            return key.deterministic() && value.deterministic();
        }

        @Override
        void writeElements(Map<K, V> map, WireWriter out) throws IOException {
            int[] starts = new int[map.size()];
            int i = 0;
            for (Map.Entry<K, V> each : map.entrySet()) {
                starts[i++] = out.size();
                element(each.getKey(), key, "map", out);
                element(each.getValue(), value, "map", out);
            }
            sortSlices(starts, out);
        }

        @Override
        Map<K, V> readElements(WireReader in) throws IOException {
            Map<K, V> result = new LinkedHashMap<>();
            while (!in.atEnd()) {
                K nextKey = element(key, in);
                if (in.atEnd()) {
                    throw in.corrupt("a map ends after a key");
                }
                result.put(nextKey, element(value, in));
            }
            return result;
        }
    }
}
