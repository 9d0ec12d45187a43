package dev.tidemark.runtime;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.jspecify.annotations.Nullable;

/**
 * What groups have stored, without their classes: coders of this library made anew from what they say of themselves. They give
 * records as maps from the names of their fields. Thread-safe.
 */
public final class StoredForms {
    /** Stands for the fields of an enum. */
    static final String ENUM = "enum";

    private static final String RECORD = "RecordCoder(";
    private static final String WIRE = "WireCoder(";
    private static final String BETWEEN = "; ";

    private final Map<String, String> layouts;

    private StoredForms(Map<String, String> layouts) {
        this.layouts = layouts;
    }

    /** The layout of a record: for each field its number, its name and its encoding. */
    static String layout(List<RecordCoder.StoredField> fields) {
        return fields.stream()
                .map(field ->
                        field.number() + " " + field.name() + " " + field.wire().id())
                .collect(Collectors.joining(BETWEEN));
    }

    /** Says the layouts of what an encoding is made of, as display data. */
    static void display(Wire<?> wire, DisplayData.Builder builder) {
        Map<String, String> all = new TreeMap<>();
        wire.describe(all);
        all.forEach((id, layout) -> builder.add(DisplayData.item(id, layout)));
    }

    /**
     * The coder that says of itself what {@code words} are; null where it is none of this library's, or its layout is not known.
     *
     * @param layouts of records, by their ids, as the display data of coders has them
     */
    public static @Nullable Coder<?> coder(String words, Map<String, String> layouts) {
        StoredForms forms = new StoredForms(Map.copyOf(layouts));
        if (words.startsWith(RECORD) && words.endsWith(")")) {
            return forms.record(words.substring(RECORD.length(), words.length() - 1));
        }
        if (words.startsWith(WIRE) && words.endsWith(")")) {
            Wire<?> wire = forms.wire(words.substring(WIRE.length(), words.length() - 1));
            return wire == null ? null : WireCoder.of(wire);
        }
        return null;
    }

    private @Nullable RecordCoder<?> record(String id) {
        String layout = layouts.get(id);
        return layout == null || layout.equals(ENUM) ? null : new LooseRecord(id, layout, layouts);
    }

    private @Nullable Wire<?> wire(String id) {
        Wire<?> scalar = Wires.byId(id);
        if (scalar != null) {
            return scalar;
        }
        if (ENUM.equals(layouts.get(id))) {
            return Wires.STRING;
        }
        if (layouts.containsKey(id)) {
            return record(id);
        }
        List<Wire<?>> parts = new ArrayList<>();
        int open = id.indexOf('(');
        if (open < 0 || !id.endsWith(")")) {
            return null;
        }
        for (String part : parts(id.substring(open + 1, id.length() - 1))) {
            Wire<?> wire = wire(part);
            if (wire == null) {
                return null;
            }
            parts.add(wire);
        }
        return switch (id.substring(0, open)) {
            case "list" -> Wires.list(parts.get(0));
            case "set" -> Wires.set(parts.get(0));
            case "map" -> Wires.map(parts.get(0), parts.get(1));
            default -> null;
        };
    }

    /** Splits at commas that are within no brackets. */
    private static List<String> parts(String text) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '(') {
                depth++;
            } else if (c == ')') {
                depth--;
            } else if (c == ',' && depth == 0) {
                parts.add(text.substring(from, i));
                from = i + 1;
            }
        }
        parts.add(text.substring(from));
        return parts;
    }

    /** A record by its layout alone. A field whose encoding is not known is passed over. */
    private static final class LooseRecord extends RecordCoder<Map<String, @Nullable Object>> {
        private static final long serialVersionUID = 1L;

        private final String layout;
        private final Map<String, String> layouts;

        LooseRecord(String id, String layout, Map<String, String> layouts) {
            super(id, false);
            this.layout = layout;
            this.layouts = layouts;
        }

        @Override
        protected void writeFields(Map<String, @Nullable Object> value, WireWriter out) {
            throw new UnsupportedOperationException("what is known by its layout alone is only read");
        }

        @Override
        protected Map<String, @Nullable Object> readFields(WireReader in) throws IOException {
            Map<Integer, String[]> fields = new LinkedHashMap<>();
            for (String field : layout.split(BETWEEN, -1)) {
                String[] parts = field.split(" ", 3);
                fields.put(Integer.valueOf(parts[0]), parts);
            }
            StoredForms forms = new StoredForms(layouts);
            Map<String, @Nullable Object> value = new LinkedHashMap<>();
            while (in.next()) {
                String[] parts = fields.get(in.field());
                Wire<?> wire = parts == null ? null : forms.wire(parts[2]);
                if (parts == null || wire == null) {
                    in.skip();
                } else {
                    value.put(parts[1], in.nullable(wire));
                }
            }
            return value;
        }
    }
}
