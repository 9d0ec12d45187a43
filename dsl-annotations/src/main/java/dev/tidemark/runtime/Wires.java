package dev.tidemark.runtime;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The encodings of the types that are not records. */
public final class Wires {
    private Wires() {}

    /** What is written alike, whatever its size. */
    private static final Set<String> WHOLE_NUMBERS = Set.of("byte", "short", "int", "long");

    /** How a scalar is written. */
    private interface Write<T> {
        void write(T value, WireWriter out) throws IOException;
    }

    /** How a scalar is read. */
    private interface Read<T> {
        T read(WireReader in) throws IOException;
    }

    /** A scalar. Known by its name alone, so that its serialized form holds no function. */
    private static final class Scalar<T> implements Wire<T> {
        private static final long serialVersionUID = 1L;

        private final String id;
        private final transient int wireType;
        private final transient boolean deterministic;
        private final transient Write<T> write;
        private final transient Read<T> read;

        Scalar(String id, int wireType, boolean deterministic, Write<T> write, Read<T> read) {
            this.id = id;
            this.wireType = wireType;
            this.deterministic = deterministic;
            this.write = write;
            this.read = read;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public String family() {
            return WHOLE_NUMBERS.contains(id) ? "whole number" : id;
        }

        @Override
        public int wireType() {
            return wireType;
        }

        @Override
        public boolean deterministic() {
            return deterministic;
        }

        @Override
        public void write(T value, WireWriter out) throws IOException {
            write.write(value, out);
        }

        @Override
        public T read(WireReader in) throws IOException {
            try {
                return read.read(in);
            } catch (DateTimeException | ArithmeticException e) {
                throw in.corrupt("not a " + id + ": " + e.getMessage());
            }
        }

        private Object readResolve() {
            Wire<?> known = BY_ID.get(id);
            if (known == null) {
                throw new IllegalStateException("no encoding is called " + id);
            }
            return known;
        }
    }

    private static <T> Wire<T> number(String id, Write<T> write, Read<T> read) {
        return new Scalar<>(id, WireWriter.VARINT, true, write, read);
    }

    private static <T> Wire<T> composite(String id, Write<T> write, Read<T> read) {
        return new Scalar<>(
                id,
                WireWriter.LENGTH,
                true,
                (value, out) -> {
                    int start = out.begin();
                    write.write(value, out);
                    out.end(start);
                },
                in -> {
                    int outer = in.enter();
                    T value = read.read(in);
                    in.leave(outer);
                    return value;
                });
    }

    private static int int32(WireReader in) throws IOException {
        return Math.toIntExact(in.zigzag());
    }

    /** {@code Boolean}. */
    public static final Wire<Boolean> BOOLEAN = number("boolean", (v, out) -> out.varint(v ? 2 : 0), in -> in.bool());

    /** {@code Byte}. */
    public static final Wire<Byte> BYTE = number("byte", (v, out) -> out.zigzag(v), in -> in.int8());

    /** {@code Short}. */
    public static final Wire<Short> SHORT = number("short", (v, out) -> out.zigzag(v), in -> in.int16());

    /** {@code Character}. */
    public static final Wire<Character> CHARACTER = number("char", (v, out) -> out.zigzag(v), in -> in.char16());

    /** {@code Integer}. */
    public static final Wire<Integer> INTEGER = number("int", (v, out) -> out.zigzag(v), in -> in.int32());

    /** {@code Long}. */
    public static final Wire<Long> LONG = number("long", (v, out) -> out.zigzag(v), in -> in.int64());

    /** {@code String}. */
    public static final Wire<String> STRING =
            new Scalar<>("string", WireWriter.LENGTH, true, (v, out) -> out.string(v), in -> in.string());

    /** {@code byte[]}. */
    public static final Wire<byte[]> BYTES =
            new Scalar<>("bytes", WireWriter.LENGTH, true, (v, out) -> out.delimited(v), in -> in.byteArray());

    /** {@code Duration}. */
    public static final Wire<Duration> DURATION = composite(
            "Duration",
            (v, out) -> {
                out.zigzag(v.getSeconds());
                out.zigzag(v.getNano());
            },
            in -> Duration.ofSeconds(in.zigzag(), in.zigzag()));

    /** {@code Instant}. */
    public static final Wire<Instant> INSTANT = composite(
            "Instant",
            (v, out) -> {
                out.zigzag(v.getEpochSecond());
                out.zigzag(v.getNano());
            },
            in -> Instant.ofEpochSecond(in.zigzag(), in.zigzag()));

    /** {@code LocalDate}. */
    public static final Wire<LocalDate> LOCAL_DATE =
            number("LocalDate", (v, out) -> out.zigzag(v.toEpochDay()), in -> LocalDate.ofEpochDay(in.zigzag()));

    /** {@code LocalTime}. */
    public static final Wire<LocalTime> LOCAL_TIME =
            number("LocalTime", (v, out) -> out.zigzag(v.toNanoOfDay()), in -> LocalTime.ofNanoOfDay(in.zigzag()));

    /** {@code LocalDateTime}. */
    public static final Wire<LocalDateTime> LOCAL_DATE_TIME = composite(
            "LocalDateTime",
            (v, out) -> {
                LOCAL_DATE.write(v.toLocalDate(), out);
                LOCAL_TIME.write(v.toLocalTime(), out);
            },
            in -> LocalDateTime.of(LOCAL_DATE.read(in), LOCAL_TIME.read(in)));

    /** {@code ZoneOffset}. */
    public static final Wire<ZoneOffset> ZONE_OFFSET = number(
            "ZoneOffset", (v, out) -> out.zigzag(v.getTotalSeconds()), in -> ZoneOffset.ofTotalSeconds(int32(in)));

    /** {@code ZoneId}. */
    public static final Wire<ZoneId> ZONE_ID = new Scalar<>(
            "ZoneId", WireWriter.LENGTH, true, (v, out) -> out.string(v.getId()), in -> ZoneId.of(in.string()));

    /** {@code OffsetTime}. */
    public static final Wire<OffsetTime> OFFSET_TIME = composite(
            "OffsetTime",
            (v, out) -> {
                LOCAL_TIME.write(v.toLocalTime(), out);
                ZONE_OFFSET.write(v.getOffset(), out);
            },
            in -> OffsetTime.of(LOCAL_TIME.read(in), ZONE_OFFSET.read(in)));

    /** {@code OffsetDateTime}. */
    public static final Wire<OffsetDateTime> OFFSET_DATE_TIME = composite(
            "OffsetDateTime",
            (v, out) -> {
                LOCAL_DATE_TIME.write(v.toLocalDateTime(), out);
                ZONE_OFFSET.write(v.getOffset(), out);
            },
            in -> OffsetDateTime.of(LOCAL_DATE_TIME.read(in), ZONE_OFFSET.read(in)));

    /** {@code ZonedDateTime}. */
    public static final Wire<ZonedDateTime> ZONED_DATE_TIME = composite(
            "ZonedDateTime",
            (v, out) -> {
                LOCAL_DATE_TIME.write(v.toLocalDateTime(), out);
                ZONE_OFFSET.write(v.getOffset(), out);
                ZONE_ID.write(v.getZone(), out);
            },
            in -> {
                LocalDateTime local = LOCAL_DATE_TIME.read(in);
                ZoneOffset offset = ZONE_OFFSET.read(in);
                return ZonedDateTime.ofLocal(local, ZONE_ID.read(in), offset);
            });

    /** {@code Year}. */
    public static final Wire<Year> YEAR =
            number("Year", (v, out) -> out.zigzag(v.getValue()), in -> Year.of(int32(in)));

    /** {@code YearMonth}. */
    public static final Wire<YearMonth> YEAR_MONTH = composite(
            "YearMonth",
            (v, out) -> {
                out.zigzag(v.getYear());
                out.zigzag(v.getMonthValue());
            },
            in -> YearMonth.of(int32(in), int32(in)));

    /** {@code MonthDay}. */
    public static final Wire<MonthDay> MONTH_DAY = composite(
            "MonthDay",
            (v, out) -> {
                out.zigzag(v.getMonthValue());
                out.zigzag(v.getDayOfMonth());
            },
            in -> MonthDay.of(int32(in), int32(in)));

    /** {@code Period}. */
    public static final Wire<Period> PERIOD = composite(
            "Period",
            (v, out) -> {
                out.zigzag(v.getYears());
                out.zigzag(v.getMonths());
                out.zigzag(v.getDays());
            },
            in -> Period.of(int32(in), int32(in), int32(in)));

    /** {@code org.joda.time.Instant}. */
    public static final Wire<org.joda.time.Instant> JODA_INSTANT = number(
            "joda Instant",
            (v, out) -> out.zigzag(v.getMillis()),
            in -> org.joda.time.Instant.ofEpochMilli(in.zigzag()));

    /** {@code org.joda.time.Duration}. */
    public static final Wire<org.joda.time.Duration> JODA_DURATION = number(
            "joda Duration", (v, out) -> out.zigzag(v.getMillis()), in -> org.joda.time.Duration.millis(in.zigzag()));

    /** {@code Float}. */
    public static final Wire<Float> FLOAT = new Scalar<>(
            "float",
            WireWriter.FIXED32,
            false,
            (v, out) -> out.fixed32(Float.floatToRawIntBits(v)),
            in -> Float.intBitsToFloat(in.fixed32()));

    /** {@code Double}; reads what was a float, too. */
    public static final Wire<Double> DOUBLE = new Scalar<>(
            "double",
            WireWriter.FIXED64,
            false,
            (v, out) -> out.fixed64(Double.doubleToRawLongBits(v)),
            WireReader::float64);

    private static final Map<String, Wire<?>> BY_ID = Map.ofEntries(
            Map.entry(BOOLEAN.id(), BOOLEAN),
            Map.entry(BYTE.id(), BYTE),
            Map.entry(SHORT.id(), SHORT),
            Map.entry(CHARACTER.id(), CHARACTER),
            Map.entry(INTEGER.id(), INTEGER),
            Map.entry(LONG.id(), LONG),
            Map.entry(STRING.id(), STRING),
            Map.entry(BYTES.id(), BYTES),
            Map.entry(DURATION.id(), DURATION),
            Map.entry(INSTANT.id(), INSTANT),
            Map.entry(LOCAL_DATE.id(), LOCAL_DATE),
            Map.entry(LOCAL_TIME.id(), LOCAL_TIME),
            Map.entry(LOCAL_DATE_TIME.id(), LOCAL_DATE_TIME),
            Map.entry(ZONE_OFFSET.id(), ZONE_OFFSET),
            Map.entry(ZONE_ID.id(), ZONE_ID),
            Map.entry(OFFSET_TIME.id(), OFFSET_TIME),
            Map.entry(OFFSET_DATE_TIME.id(), OFFSET_DATE_TIME),
            Map.entry(ZONED_DATE_TIME.id(), ZONED_DATE_TIME),
            Map.entry(YEAR.id(), YEAR),
            Map.entry(YEAR_MONTH.id(), YEAR_MONTH),
            Map.entry(MONTH_DAY.id(), MONTH_DAY),
            Map.entry(PERIOD.id(), PERIOD),
            Map.entry(JODA_INSTANT.id(), JODA_INSTANT),
            Map.entry(JODA_DURATION.id(), JODA_DURATION),
            Map.entry(FLOAT.id(), FLOAT),
            Map.entry(DOUBLE.id(), DOUBLE));

    /** The scalar of this id, or of this family; null where there is none. */
    static @Nullable Wire<?> byId(String id) {
        return id.equals(LONG.family()) ? LONG : BY_ID.get(id);
    }

    /** The value, or null. */
    @SuppressWarnings("NullableOptional") // a field of a user may hold null where it promises an Optional
    public static <T> @Nullable T orNull(@Nullable Optional<T> value) {
        return value == null || value.isEmpty() ? null : value.get();
    }

    /** An enum, by name. The id must tell it from every other enum: Beam takes coders that are equal for one another. */
    public static <E extends Enum<E>> Wire<E> enumOf(String id, Class<E> type) {
        return new EnumWire<>(id, type);
    }

    /** A list, in its order. */
    public static <T> Wire<List<T>> list(Wire<T> element) {
        return new ContainerWires.OfList<>(element);
    }

    /** A set, in the order of the encoded bytes, so that its hash order never reaches the encoding. */
    public static <T> Wire<Set<T>> set(Wire<T> element) {
        return new ContainerWires.OfSet<>(element);
    }

    /** A map, in the order of the encoded keys, so that its hash order never reaches the encoding. */
    public static <K, V> Wire<Map<K, V>> map(Wire<K> key, Wire<V> value) {
        return new ContainerWires.OfMap<>(key, value);
    }
}
