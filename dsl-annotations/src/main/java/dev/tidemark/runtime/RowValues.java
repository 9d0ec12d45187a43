package dev.tidemark.runtime;

import dev.tidemark.RowForm;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.beam.sdk.values.Row;
import org.joda.time.ReadableInstant;
import org.jspecify.annotations.Nullable;

/** Converts the values of a record into those of a {@link Row} and back. Null stays null. */
public final class RowValues {
    private RowValues() {}

    /** Applies a conversion to a value that may be null. */
    public static <A, B> @Nullable B convert(@Nullable A value, Function<? super A, ? extends B> conversion) {
        return value == null ? null : conversion.apply(value);
    }

    /** A time of Beam. */
    public static org.joda.time.@Nullable Instant joda(@Nullable Instant time) {
        return time == null ? null : org.joda.time.Instant.ofEpochMilli(time.toEpochMilli());
    }

    /** A time of the JDK. */
    public static @Nullable Instant instant(@Nullable Object time) {
        return time == null ? null : Instant.ofEpochMilli(((ReadableInstant) time).getMillis());
    }

    /** A time of Joda, of whatever class the row holds. */
    public static org.joda.time.@Nullable Instant jodaInstant(@Nullable Object time) {
        return time == null ? null : org.joda.time.Instant.ofEpochMilli(((ReadableInstant) time).getMillis());
    }

    /** The text of a value. */
    public static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    /** A value from its text. */
    public static <A> @Nullable A parse(@Nullable Object text, Function<String, A> parse) {
        return text == null ? null : parse.apply((String) text);
    }

    /** A record as a row. */
    public static <T> @Nullable Row row(@Nullable T value, RowForm<T> form) {
        return value == null ? null : form.toRow(value);
    }

    /** A row as a record. */
    public static <T> @Nullable T record(@Nullable Object row, RowForm<T> form) {
        return row == null ? null : form.fromRow((Row) row);
    }

    /** A collection as a list. */
    public static <B> @Nullable List<B> list(@Nullable Object values, Function<Object, B> conversion) {
        if (values == null) {
            return null;
        }
        List<B> converted = new ArrayList<>();
        for (Object each : (Iterable<?>) values) {
            converted.add(conversion.apply(each));
        }
        return converted;
    }

    /** A collection as a set. */
    public static <B> @Nullable Set<B> set(@Nullable Object values, Function<Object, B> conversion) {
        List<B> list = list(values, conversion);
        return list == null ? null : new LinkedHashSet<>(list);
    }

    /** A map with other keys and values. */
    public static <C, D> @Nullable Map<C, D> map(
            @Nullable Object values, Function<Object, C> keys, Function<Object, D> conversion) {
        if (values == null) {
            return null;
        }
        Map<C, D> converted = new LinkedHashMap<>();
        ((Map<?, ?>) values).forEach((key, value) -> converted.put(keys.apply(key), conversion.apply(value)));
        return converted;
    }
}
