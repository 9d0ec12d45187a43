package dev.tidemark.examples;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns a line of text into a reading, or into a malformed row that says why it is none. */
abstract class RowParser {
    private static final String X = "x";
    private static final String Y = "y";
    private static final String Z = "z";
    private static final String USER = "User";
    private static final String DEVICE = "Device";
    private static final String ACTIVITY = "gt";

    private final EventTimeColumn eventTime;
    private final List<String> columns;

    private RowParser(EventTimeColumn eventTime) {
        this.eventTime = eventTime;
        this.columns = List.of(eventTime.header(), X, Y, Z, USER, DEVICE, ACTIVITY);
    }

    /** A parser of comma-separated values whose columns stand in the order of {@code header}. */
    static RowParser csv(String header, EventTimeColumn eventTime) throws MalformedRowException {
        return new Csv(header, eventTime);
    }

    /** A parser of one JSON object per line. */
    static RowParser json(EventTimeColumn eventTime) {
        return new Json(eventTime);
    }

    /** Never fails: what cannot be parsed is {@link Malformed}. */
    final Row parse(long line, String text) {
        try {
            @Nullable String[] values = values(text);
            return new Reading(
                    line,
                    eventTime.millis(required(values, 0)),
                    finite(values, 1),
                    finite(values, 2),
                    finite(values, 3),
                    required(values, 4),
                    required(values, 5),
                    required(values, 6));
        } catch (MalformedRowException e) {
            return new Malformed(line, e.reason());
        }
    }

    /** The texts of the columns that are needed, in the order of {@link #columns}; null where there is none. */
    abstract @Nullable String[] values(String text) throws MalformedRowException;

    private String required(@Nullable String[] values, int column) throws MalformedRowException {
        String value = values[column];
        if (value == null || value.isBlank()) {
            throw new MalformedRowException(columns.get(column) + " is missing");
        }
        return value;
    }

    private double finite(@Nullable String[] values, int column) throws MalformedRowException {
        String text = required(values, column).strip();
        double number;
        try {
            number = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new MalformedRowException(columns.get(column) + " is not a number", e);
        }
        // Java reads "1f" and "0x1p3" too.
        if (!Double.isFinite(number)) {
            throw new MalformedRowException(columns.get(column) + " is not a finite number");
        }
        if (!isDecimal(text)) {
            throw new MalformedRowException(columns.get(column) + " is not a number");
        }
        return number;
    }

    private static boolean isDecimal(String text) {
        for (int i = 0; i < text.length(); i++) {
            if ("0123456789+-.eE".indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }

    private static final class Csv extends RowParser {
        /** Where each needed column stands in a line. */
        private final int[] places;

        private final int width;

        Csv(String header, EventTimeColumn eventTime) throws MalformedRowException {
            super(eventTime);
            List<String> names = split(header);
            width = names.size();
            places = new int[super.columns.size()];
            List<String> absent = new ArrayList<>();
            for (int i = 0; i < places.length; i++) {
                places[i] = place(names, super.columns.get(i));
                if (places[i] < 0) {
                    absent.add(super.columns.get(i));
                }
            }
            if (!absent.isEmpty()) {
                throw new MalformedRowException("its first line has no column " + String.join(", ", absent));
            }
        }

        private static int place(List<String> names, String column) {
            for (int i = 0; i < names.size(); i++) {
                if (names.get(i).strip().equalsIgnoreCase(column)) {
                    return i;
                }
            }
            return -1;
        }

        @Override
        @Nullable
        String[] values(String text) throws MalformedRowException {
            List<String> fields = split(text);
            if (fields.size() != width) {
                throw new MalformedRowException("it has " + fields.size()
                        + (fields.size() == 1 ? " column" : " columns") + " where the header has " + width);
            }
            @Nullable String[] values = new String[places.length];
            for (int i = 0; i < places.length; i++) {
                values[i] = fields.get(places[i]);
            }
            return values;
        }

        private static List<String> split(String line) throws MalformedRowException {
            List<String> fields = new ArrayList<>(10);
            int from = 0;
            while (true) {
                if (from < line.length() && line.charAt(from) == '"') {
                    StringBuilder field = new StringBuilder();
                    from = quoted(line, from + 1, field);
                    fields.add(field.toString());
                } else {
                    int comma = line.indexOf(',', from);
                    int to = comma < 0 ? line.length() : comma;
                    fields.add(line.substring(from, to));
                    from = to;
                }
                if (from == line.length()) {
                    return fields;
                }
                from++;
            }
        }

        /** Appends the quoted field that begins at {@code from}; returns the place of the comma or of the end after it. */
        private static int quoted(String line, int from, StringBuilder field) throws MalformedRowException {
            for (int at = from; at < line.length(); at++) {
                char c = line.charAt(at);
                if (c != '"') {
                    field.append(c);
                } else if (at + 1 < line.length() && line.charAt(at + 1) == '"') {
                    field.append(c);
                    at++;
                } else if (at + 1 == line.length() || line.charAt(at + 1) == ',') {
                    return at + 1;
                } else {
                    throw new MalformedRowException("something follows the end of a quoted field");
                }
            }
            throw new MalformedRowException("a quoted field does not end on its line");
        }
    }

    private static final class Json extends RowParser {
        private final JsonFactory factory = new JsonFactory();

        Json(EventTimeColumn eventTime) {
            super(eventTime);
        }

        @Override
        @Nullable
        String[] values(String text) throws MalformedRowException {
            @Nullable String[] values = new String[super.columns.size()];
            try (JsonParser parser = factory.createParser(text)) {
                if (parser.nextToken() != JsonToken.START_OBJECT) {
                    throw new MalformedRowException("it is not a JSON object");
                }
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    int column = super.columns.indexOf(parser.currentName());
                    JsonToken value = parser.nextToken();
                    if (value.isStructStart()) {
                        parser.skipChildren();
                        if (column >= 0) {
                            throw new MalformedRowException(super.columns.get(column) + " is not a plain value");
                        }
                    } else if (column >= 0) {
                        // A JSON null stays missing, but for the label, where the data set itself writes "null".
                        values[column] = value != JsonToken.VALUE_NULL || column == super.columns.size() - 1
                                ? parser.getText()
                                : null;
                    }
                }
                if (parser.currentToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
                    throw new MalformedRowException("something follows the end of the JSON object");
                }
                return values;
            } catch (JsonProcessingException e) {
                throw new MalformedRowException("it is not JSON", e);
            } catch (IOException e) {
                throw new IllegalStateException("reading a string cannot fail", e);
            }
        }
    }
}
