package dev.tidemark.examples;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows with named columns, as people read them or as programs do. They go to standard output when it ends. */
final class Listing {
    /** How a listing is written. */
    enum Style {
        /** Columns under their names, in the width that they need. */
        table,
        /** One JSON object per row. */
        json
    }

    private static final int WIDEST = 120;

    private final Style style;
    private final List<String> columns;
    private final List<@Nullable Object[]> rows = new ArrayList<>();

    Listing(Style style, String... columns) {
        this.style = style;
        this.columns = List.of(columns);
    }

    /** Adds a row: as many values as there are columns. */
    void add(@Nullable Object... values) {
        if (values.length != columns.size()) {
            throw new IllegalArgumentException(values.length + " values for " + columns);
        }
        rows.add(values);
    }

    /** Writes all rows. */
    void print() {
        if (style == Style.json) {
            rows.forEach(row -> Console.row(json(row)));
            return;
        }
        int[] widths = columns.stream().mapToInt(String::length).toArray();
        List<String[]> cells = new ArrayList<>();
        for (@Nullable Object[] row : rows) {
            String[] texts = Arrays.stream(row).map(Listing::text).toArray(String[]::new);
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], texts[i].length());
            }
            cells.add(texts);
        }
        Console.row(line(
                columns.stream()
                        .map(name -> name.toUpperCase(java.util.Locale.ROOT))
                        .toArray(String[]::new),
                widths));
        cells.forEach(texts -> Console.row(line(texts, widths)));
    }

    private static String text(@Nullable Object value) {
        String text = String.valueOf(value).replaceAll("\\p{Cntrl}", " ");
        return text.length() <= WIDEST ? text : text.substring(0, WIDEST - 1) + "…";
    }

    /** The last column is as wide as it is. */
    private static String line(String[] texts, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < texts.length; i++) {
            line.append(texts[i]);
            if (i < texts.length - 1) {
                line.append(" ".repeat(widths[i] - texts[i].length() + 2));
            }
        }
        return line.toString();
    }

    private String json(@Nullable Object[] row) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            for (int i = 0; i < row.length; i++) {
                json.writeFieldName(columns.get(i));
                write(json, row[i]);
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("text takes everything", e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, @Nullable Object value) throws IOException {
        if (value == null) {
            json.writeNull();
        } else if (value instanceof Long
                || value instanceof Integer
                || value instanceof Short
                || value instanceof Byte) {
            json.writeNumber(((Number) value).longValue());
        } else if (value instanceof Double number) {
            json.writeNumber(number);
        } else if (value instanceof Float number) {
            json.writeNumber(number);
        } else if (value instanceof Boolean truth) {
            json.writeBoolean(truth);
        } else if (value instanceof Map<?, ?> map) {
            json.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                json.writeFieldName(String.valueOf(entry.getKey()));
                write(json, entry.getValue());
            }
            json.writeEndObject();
        } else if (value instanceof Iterable<?> list) {
            json.writeStartArray();
            for (Object each : list) {
                write(json, each);
            }
            json.writeEndArray();
        } else {
            json.writeString(String.valueOf(value));
        }
    }
}
