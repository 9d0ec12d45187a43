package dev.tidemark.processor.snapshot;

import dev.tidemark.processor.snapshot.Snapshot.StoredField;
import dev.tidemark.processor.snapshot.Snapshot.StoredRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Snapshots as JSON: sorted, one field a line, so that a change is a line in a review. */
public final class SnapshotJson {
    private SnapshotJson() {}

    /** What is not a snapshot. */
    public static final class UnreadableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnreadableException(String message) {
            super(message);
        }
    }

    /** The text of a snapshot, which ends in a line feed. */
    public static String write(Snapshot snapshot) {
        StringBuilder text = new StringBuilder("{\n");
        text.append("  \"name\": ").append(quoted(snapshot.name())).append(",\n");
        text.append("  \"version\": ").append(snapshot.version()).append(",\n");
        text.append("  \"key\": ").append(quoted(snapshot.key())).append(",\n");
        text.append("  \"records\": {");
        String separator = "\n";
        for (Map.Entry<String, StoredRecord> each : new TreeMap<>(snapshot.records()).entrySet()) {
            text.append(separator).append("    ").append(quoted(each.getKey())).append(": {\n      \"fields\": [");
            String between = "\n";
            for (StoredField field : each.getValue().fields()) {
                text.append(between)
                        .append("        {\"number\": ")
                        .append(field.number())
                        .append(", \"name\": ")
                        .append(quoted(field.name()))
                        .append(", \"cell\": ")
                        .append(quoted(field.cell()))
                        .append(", \"type\": ")
                        .append(quoted(field.type()))
                        .append('}');
                between = ",\n";
            }
            text.append(each.getValue().fields().isEmpty() ? "" : "\n      ")
                    .append("],\n      \"removed\": ")
                    .append(each.getValue().removed())
                    .append("\n    }");
            separator = ",\n";
        }
        return text.append("\n  }\n}\n").toString();
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                quoted.append(String.format(java.util.Locale.ROOT, "\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    /** The snapshot that a text is. */
    public static Snapshot read(String text) throws UnreadableException {
        Reader reader = new Reader(text);
        try {
            Map<?, ?> root = (Map<?, ?>) reader.value();
            Map<String, StoredRecord> records = new TreeMap<>();
            for (Map.Entry<?, ?> each : ((Map<?, ?>) of(root, "records")).entrySet()) {
                Map<?, ?> record = (Map<?, ?>) each.getValue();
                List<StoredField> fields = new ArrayList<>();
                for (Object one : (List<?>) of(record, "fields")) {
                    Map<?, ?> field = (Map<?, ?>) one;
                    fields.add(new StoredField(
                            (Integer) of(field, "number"),
                            (String) of(field, "name"),
                            (String) of(field, "cell"),
                            (String) of(field, "type"),
                            false));
                }
                List<Integer> removed = new ArrayList<>();
                for (Object number : (List<?>) of(record, "removed")) {
                    removed.add((Integer) number);
                }
                records.put((String) each.getKey(), new StoredRecord(List.copyOf(fields), List.copyOf(removed)));
            }
            return new Snapshot(
                    (String) of(root, "name"), (Integer) of(root, "version"), (String) of(root, "key"), records);
        } catch (ClassCastException e) {
            throw new UnreadableException("it has a value of another kind than it should have");
        }
    }

    private static Object of(Map<?, ?> object, String name) throws UnreadableException {
        Object value = object.get(name);
        if (value == null) {
            throw new UnreadableException("it has no \"" + name + "\"");
        }
        return value;
    }

    /** As much of JSON as there is in a snapshot: objects, arrays, strings and whole numbers. */
    private static final class Reader {
        private final String text;
        private int next;

        Reader(String text) {
            this.text = text;
        }

        private char peek() throws UnreadableException {
            while (next < text.length() && Character.isWhitespace(text.charAt(next))) {
                next++;
            }
            if (next >= text.length()) {
                throw new UnreadableException("it ends too early");
            }
            return text.charAt(next);
        }

        private void take(char expected) throws UnreadableException {
            if (peek() != expected) {
                throw new UnreadableException("'" + expected + "' is missing at character " + next);
            }
            next++;
        }

        Object value() throws UnreadableException {
            char first = peek();
            return first == '{' ? object() : first == '[' ? array() : first == '"' ? string() : number();
        }

        private Map<String, Object> object() throws UnreadableException {
            Map<String, Object> members = new TreeMap<>();
            take('{');
            while (peek() != '}') {
                String name = string();
                take(':');
                members.put(name, value());
                if (peek() == ',') {
                    next++;
                }
            }
            next++;
            return members;
        }

        private List<Object> array() throws UnreadableException {
            List<Object> elements = new ArrayList<>();
            take('[');
            while (peek() != ']') {
                elements.add(value());
                if (peek() == ',') {
                    next++;
                }
            }
            next++;
            return elements;
        }

        private String string() throws UnreadableException {
            take('"');
            StringBuilder string = new StringBuilder();
            while (next < text.length() && text.charAt(next) != '"') {
                char c = text.charAt(next++);
                if (c == '\\' && next < text.length()) {
                    c = text.charAt(next++);
                    if (c == 'u' && next + 4 <= text.length()) {
                        c = (char) Integer.parseInt(text.substring(next, next + 4), 16);
                        next += 4;
                    }
                }
                string.append(c);
            }
            take('"');
            return string.toString();
        }

        private Integer number() throws UnreadableException {
            int start = next;
            while (next < text.length() && (Character.isDigit(text.charAt(next)) || text.charAt(next) == '-')) {
                next++;
            }
            try {
                return Integer.valueOf(text.substring(start, next));
            } catch (NumberFormatException e) {
                throw new UnreadableException("no value begins at character " + start);
            }
        }
    }
}
