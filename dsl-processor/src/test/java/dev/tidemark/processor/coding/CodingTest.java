package dev.tidemark.processor.coding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.processor.coding.Everything.Circle;
import dev.tidemark.processor.coding.Everything.Color;
import dev.tidemark.processor.coding.Everything.Dot;
import dev.tidemark.processor.coding.Everything.Kept;
import dev.tidemark.processor.coding.Everything.Numbers;
import dev.tidemark.processor.coding.Everything.Point;
import dev.tidemark.processor.coding.Everything.Things;
import dev.tidemark.processor.coding.Everything.Times;
import dev.tidemark.runtime.HeldCoder;
import dev.tidemark.runtime.RecordCoder;
import dev.tidemark.runtime.StoredForms;
import dev.tidemark.runtime.WireCoder;
import dev.tidemark.runtime.WireReader;
import dev.tidemark.runtime.WireWriter;
import dev.tidemark.runtime.Wires;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.display.HasDisplayData;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;

/** What the generated coders write, and what they make of bytes that others have written. */
final class CodingTest {
    private static final Coder<Numbers> NUMBERS = EverythingGroup.inputCoder();
    private static final Coder<Things> THINGS = EverythingGroup.outputCoder();
    private static final Coder<Kept> KEPT = EverythingCoders.KeptCoder.INSTANCE;

    private static Numbers numbers(long any, double real) {
        return new Numbers(
                "n",
                any,
                Color.GREEN,
                any < 0,
                (byte) any,
                (short) any,
                (char) any,
                (int) any,
                (float) real,
                real,
                any < 0,
                (byte) any,
                (short) any,
                (char) any,
                (int) any,
                any,
                (float) real,
                real);
    }

    private static final Times TIMES = new Times(
            Instant.parse("2024-02-29T23:59:59.999999999Z"),
            Duration.ofSeconds(-5, 1),
            LocalDate.of(-44, 3, 15),
            LocalTime.of(23, 59, 59, 1),
            LocalDateTime.of(2024, 2, 29, 0, 0),
            ZoneOffset.ofHoursMinutes(-9, -30),
            ZoneId.of("Europe/Berlin"),
            OffsetTime.of(1, 2, 3, 4, ZoneOffset.UTC),
            OffsetDateTime.of(2024, 2, 29, 1, 2, 3, 4, ZoneOffset.ofHours(14)),
            // In the hour that comes twice, the later one.
            ZonedDateTime.ofLocal(
                    LocalDateTime.of(2024, 10, 27, 2, 30), ZoneId.of("Europe/Berlin"), ZoneOffset.ofHours(1)),
            Year.of(-1),
            YearMonth.of(2024, 2),
            MonthDay.of(2, 29),
            Period.of(1, -2, 3),
            org.joda.time.Instant.ofEpochMilli(-1),
            org.joda.time.Duration.millis(Long.MIN_VALUE));

    private static final Things FULL = new Things(
            "naïve ☕ \uD83D\uDE00",
            Color.RED,
            new Point(-1, "p"),
            new Circle(new Point(2, null), -0.0),
            TIMES,
            Optional.of(""),
            Optional.of(new Point(0, "")),
            Optional.of(Color.GREEN),
            List.of(1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE),
            List.of(List.of(), List.of("a", "b")),
            Set.of("x", "y", "z"),
            Map.of("one", 1L, "most", Long.MAX_VALUE),
            Map.of(Color.RED, Set.of(new Point(1, "a"), new Point(2, "b")), Color.GREEN, Set.of()),
            List.of(new Dot(), new Circle(new Point(1, "c"), Double.NaN)));

    private static final Things EMPTY = new Things(
            null,
            null,
            null,
            null,
            null,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            null,
            List.of(),
            null,
            Map.of(),
            null,
            null);

    private static <T> byte[] encode(Coder<T> coder, T value) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        coder.encode(value, out);
        return out.toByteArray();
    }

    private static <T> T decode(Coder<T> coder, byte[] bytes) throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(bytes);
        T value = coder.decode(in);
        assertThat(in.available()).as("bytes left unread").isZero();
        return value;
    }

    private static <T> String hex(Coder<T> coder, T value) throws IOException {
        return HexFormat.of().formatHex(encode(coder, value));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    // ------------------------------------------------------------------ round trips

    @Test
    void numbersOfEverySizeComeBackAsTheyWere() throws IOException {
        double[] reals = {0, -0.0, 1.5, Double.MIN_VALUE, Double.MAX_VALUE, Double.NaN, Double.NEGATIVE_INFINITY};
        for (int shift = 0; shift < 64; shift++) {
            for (long any : new long[] {1L << shift, (1L << shift) - 1, -(1L << shift), ~(1L << shift)}) {
                Numbers value = numbers(any, reals[shift % reals.length]);
                assertThat(decode(NUMBERS, encode(NUMBERS, value))).isEqualTo(value);
            }
        }
    }

    @Test
    void everyTypeComesBackAsItWas() throws IOException {
        assertThat(decode(THINGS, encode(THINGS, FULL))).isEqualTo(FULL);
    }

    @Test
    void whatIsAbsentComesBackAbsent() throws IOException {
        assertThat(hex(THINGS, EMPTY)).isEqualTo("04" + "5200" + "6200");
        assertThat(decode(THINGS, encode(THINGS, EMPTY))).isEqualTo(EMPTY);
    }

    @Test
    void aFieldOfTheStateThatIsNullComesBackNullAndNotAsItsDefault() throws IOException {
        Kept kept = new Kept();
        kept.raw = null;
        kept.text = null;
        kept.boxed = null;
        kept.maybe = Optional.empty();
        kept.points = null;
        kept.map = null;
        kept.color = null;
        kept.number = 0;
        assertThat(decode(KEPT, encode(KEPT, kept))).usingRecursiveComparison().isEqualTo(kept);
        assertThat(decode(KEPT, encode(KEPT, new Kept())))
                .usingRecursiveComparison()
                .isEqualTo(new Kept());
    }

    /** As a tool decodes it that has only what the coder says of itself. */
    private static Object byLayout(Coder<?> coder, byte[] bytes) throws IOException {
        Map<String, String> layouts = new LinkedHashMap<>();
        DisplayData.from((HasDisplayData) coder)
                .items()
                .forEach(item -> layouts.put(item.getKey(), String.valueOf(item.getValue())));
        Coder<?> loose = StoredForms.coder(coder.toString(), layouts);
        assertThat(loose).as("%s with %s", coder, layouts).isNotNull();
        return loose.decode(new ByteArrayInputStream(bytes));
    }

    @SuppressWarnings("unchecked") // a record is shown as one
    private static Map<Object, Object> map(Object value) {
        return (Map<Object, Object>) value;
    }

    @Test
    void whatIsStoredCanBeShownWithoutTheClassesThatStoredIt() throws IOException {
        assertThat(map(byLayout(THINGS, encode(THINGS, FULL))))
                .hasSize(14)
                .containsEntry("text", FULL.text())
                .containsEntry("color", "RED")
                .containsEntry("point", Map.of("x", -1, "label", "p"))
                .containsEntry("maybeColor", "GREEN")
                .containsEntry("numbers", FULL.numbers())
                .containsEntry("lists", FULL.lists())
                .containsEntry("map", FULL.map())
                .hasEntrySatisfying(
                        "times",
                        times -> assertThat(map(times))
                                .hasSize(16)
                                .containsEntry("instant", TIMES.instant())
                                .containsEntry("jodaDuration", TIMES.jodaDuration()))
                // Of a sealed interface, which alternative it is.
                .hasEntrySatisfying(
                        "shape", shape -> assertThat(shape.toString()).startsWith("{Circle={center={x=2"));
        assertThat(map(byLayout(NUMBERS, encode(NUMBERS, numbers(-3, 0.5)))))
                .containsEntry("name", "n")
                .containsEntry("int32", -3)
                .containsEntry("truth", true)
                .containsEntry("float64", 0.5);
    }

    @Test
    void aValueThatIsNoRecordIsShownByItsEncoding() throws IOException {
        Coder<List<Point>> coder = WireCoder.of(Wires.list(EverythingCoders.PointCoder.INSTANCE));
        assertThat(byLayout(coder, encode(coder, List.of(new Point(1, "one")))))
                .isEqualTo(List.of(Map.of("x", 1, "label", "one")));
        assertThat(StoredForms.coder("WireCoder(something/unknown)", Map.of())).isNull();
        assertThat(StoredForms.coder("VarLongCoder", Map.of())).isNull();
    }

    @Test
    void aMutableValueThatWasReadCanBeChanged() throws IOException {
        Kept kept = decode(KEPT, encode(KEPT, new Kept()));
        kept.points.add(new Point(2, "new"));
        kept.map.put("new", new ArrayList<>());
        assertThat(kept.points).hasSize(2);
        assertThat(kept.map).containsOnlyKeys("new");
    }

    @Test
    void severalValuesFollowOneAnotherInAStream() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        THINGS.encode(FULL, out);
        THINGS.encode(EMPTY, out);
        THINGS.encode(FULL, out);
        ByteArrayInputStream in = new ByteArrayInputStream(out.toByteArray());
        assertThat(List.of(THINGS.decode(in), THINGS.decode(in), THINGS.decode(in)))
                .containsExactly(FULL, EMPTY, FULL);
        assertThatThrownBy(() -> THINGS.decode(in)).isInstanceOf(IOException.class);
    }

    @Test
    void aLongTextKeepsTheFieldsAroundItInPlace() throws IOException {
        for (int length : new int[] {0, 1, 127, 128, 16_383, 16_384, 3_000_000}) {
            Things value = new Things(
                    "x".repeat(length),
                    Color.RED,
                    new Point(1, "y".repeat(length)),
                    null,
                    null,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of(5),
                    null,
                    null,
                    null,
                    null,
                    null);
            assertThat(decode(THINGS, encode(THINGS, value))).isEqualTo(value);
        }
    }

    // ------------------------------------------------------------------ the stored form

    @Test
    void theStoredFormOfNumbersIsFrozen() throws IOException {
        assertThat(hex(NUMBERS, numbers(-2, 1.5)))
                .isEqualTo("45" + "0a016e" + "1003" + "1a05475245454e" + "2002" + "2803" + "3003" + "38fcff07"
                        + "4003" + "4d0000c03f" + "51000000000000f83f" + "5802" + "6003" + "6803" + "70fcff07"
                        + "7803" + "800103" + "8d010000c03f" + "9101000000000000f83f");
    }

    @Test
    void theStoredFormOfTimesIsFrozen() throws IOException {
        assertThat(hex(EverythingCoders.TimesCoder.INSTANCE, TIMES)).isEqualTo(FrozenBytes.TIMES);
    }

    @Test
    void theStoredFormOfContainersIsFrozen() throws IOException {
        assertThat(hex(THINGS, FULL)).isEqualTo(FrozenBytes.FULL);
    }

    @Test
    void theStoredFormOfTheStateIsFrozen() throws IOException {
        assertThat(hex(KEPT, new Kept())).isEqualTo(FrozenBytes.KEPT);
    }

    @Test
    void theOrderOfAHashNeverReachesTheBytes() throws IOException {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            names.add("name" + i * 31);
        }
        byte[] first = null;
        for (int seed = 0; seed < 5; seed++) {
            Collections.shuffle(names, new Random(seed));
            Map<String, Long> map = new LinkedHashMap<>();
            names.forEach(name -> map.put(name, (long) name.hashCode()));
            byte[] now = encode(
                    THINGS,
                    new Things(
                            null,
                            null,
                            null,
                            null,
                            null,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            null,
                            null,
                            new LinkedHashSet<>(names),
                            map,
                            null,
                            null));
            assertThat(now).isEqualTo(first == null ? now : first);
            first = now;
        }
    }

    // ------------------------------------------------------------------ other versions

    private static Before.Row before() {
        return new Before.Row("k", -7, "name", 0.5f, "gone");
    }

    @Test
    void fieldsMayBeMovedRenamedWidenedRemovedAndAdded() throws IOException {
        byte[] stored = encode(BeforeGroup.outputCoder(), before());
        assertThat(decode(AfterGroup.outputCoder(), stored))
                .isEqualTo(new After.Row("name", 0.5, Optional.empty(), 0, -7L, "k"));
    }

    @Test
    void anOlderVersionPassesOverWhatItDoesNotKnow() throws IOException {
        byte[] stored = encode(AfterGroup.outputCoder(), new After.Row("name", 0.5, Optional.of("new"), 9, -7L, "k"));
        assertThatThrownBy(() -> decode(BeforeGroup.outputCoder(), stored))
                .as("a double is no float")
                .isInstanceOf(CoderException.class)
                .hasMessage("before/output, field 3: wire type 1 where 5 was expected");
        byte[] withoutRatio = bytes("0e" + "0a016b" + "100d" + "3a046e616d65" + "4a0178");
        assertThat(decode(BeforeGroup.outputCoder(), withoutRatio)).isEqualTo(new Before.Row("k", -7, "name", 0, null));
    }

    @Test
    void aFieldOfTheStateThatWasNotStoredHasItsDefault() throws IOException {
        Before.State stored = new Before.State();
        stored.count = 5;
        stored.name = null;
        After.State read = decode(AfterCoders.StateCoder.INSTANCE, encode(BeforeCoders.StateCoder.INSTANCE, stored));
        assertThat(read.count).isEqualTo(5L);
        assertThat(read.title).isNull();
        assertThat(read.ratio).isEqualTo(0.5);
        assertThat(read.added).containsExactly("default");
    }

    @Test
    void aNumberThatNoLongerFitsIsAnErrorThatNamesTheField() throws IOException {
        byte[] stored = encode(
                AfterGroup.outputCoder(), new After.Row("name", 0, Optional.empty(), 0, Integer.MAX_VALUE + 1L, "k"));
        assertThatThrownBy(() -> decode(BeforeGroup.outputCoder(), stored))
                .isInstanceOf(CoderException.class)
                .hasMessageContaining("before/output, field");
    }

    @Test
    void anUnknownFieldMayBeNestedHoweverDeep() throws IOException {
        byte[] nested = {};
        for (int depth = 0; depth < 5_000; depth++) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(0x7a); // field 15, with a length
            org.apache.beam.sdk.util.VarInt.encode(nested.length, out);
            out.write(nested);
            nested = out.toByteArray();
        }
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        org.apache.beam.sdk.util.VarInt.encode(nested.length, record);
        record.write(nested);
        assertThat(decode(BeforeGroup.outputCoder(), record.toByteArray()))
                .isEqualTo(new Before.Row(null, 0, null, 0, null));
    }

    @Test
    void aConstantThatIsGoneIsAnErrorThatNamesIt() {
        assertThatThrownBy(() -> decode(THINGS, bytes("06" + "1204" + "424c5545")))
                .isInstanceOf(CoderException.class)
                .hasMessage("everything/output, field 2: Color has no constant \"BLUE\"");
    }

    @Test
    void anAlternativeThatIsUnknownIsAnError() {
        assertThatThrownBy(() -> decode(THINGS, bytes("04" + "2202" + "1a00")))
                .isInstanceOf(CoderException.class)
                .hasMessageContaining("none of the alternatives that this version knows");
    }

    // ------------------------------------------------------------------ hostile bytes

    @Test
    void bytesCutOffAnywhereAreAnError() throws IOException {
        byte[] all = encode(THINGS, FULL);
        for (int length = 0; length < all.length; length++) {
            byte[] cut = Arrays.copyOf(all, length);
            assertThatThrownBy(() -> decode(THINGS, cut)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void anyByteMayBeWrongWithoutAnythingButAnErrorOrAnotherValue() throws IOException {
        for (Coder<?> coder : List.of(NUMBERS, THINGS, KEPT)) {
            byte[] all = coder == NUMBERS
                    ? encode(NUMBERS, numbers(-2, 1.5))
                    : coder == THINGS ? encode(THINGS, FULL) : encode(KEPT, new Kept());
            for (int position = 0; position < all.length; position++) {
                for (int wrong : new int[] {0, 1, 0x7F, 0x80, 0xFF, all[position] ^ 0x10, all[position] + 1}) {
                    byte[] broken = all.clone();
                    broken[position] = (byte) wrong;
                    decodeOrRefuse(coder, broken);
                }
            }
        }
    }

    @Test
    void randomBytesAreAnErrorOrAValue() {
        Random random = new Random(20_240_229);
        for (int i = 0; i < 50_000; i++) {
            byte[] noise = new byte[1 + random.nextInt(40)];
            random.nextBytes(noise);
            noise[0] = (byte) (noise.length - 1);
            for (Coder<?> coder : List.of(NUMBERS, THINGS, KEPT)) {
                decodeOrRefuse(coder, noise);
            }
        }
    }

    private static void decodeOrRefuse(Coder<?> coder, byte[] bytes) {
        try {
            coder.decode(new ByteArrayInputStream(bytes));
        } catch (IOException refused) {
            assertThat(refused.getMessage()).isNotBlank().doesNotContain("refused by its constructor");
        } catch (RuntimeException e) {
            throw new AssertionError(coder + " of " + HexFormat.of().formatHex(bytes), e);
        }
    }

    @Test
    void aLengthThatCannotBeIsAnErrorAndTakesNoMemory() {
        for (String length :
                List.of("feffffff07", "ffffffff07", "ffffffff0f", "ffffffffffffffffff01", "ffffffffffffffffffff01")) {
            assertThatThrownBy(() -> decode(THINGS, bytes(length)))
                    .isInstanceOf(CoderException.class)
                    .hasMessageStartingWith("everything/output: ");
            assertThatThrownBy(() -> decode(
                            THINGS,
                            bytes("0b" + "0a" + length
                                    + "00".repeat(10 - length.length() / 2 > 0 ? 10 - length.length() / 2 : 0))))
                    .isInstanceOf(IOException.class);
        }
    }

    /** The coder of a record whose constructor checks what it is given. */
    static final class Strict extends RecordCoder<String> {
        private static final long serialVersionUID = 1L;

        Strict() {
            super("shop/strict", true);
        }

        @Override
        protected void writeFields(String value, WireWriter out) {}

        @Override
        protected String readFields(WireReader in) {
            throw new IllegalArgumentException("too short");
        }
    }

    @Test
    void aRecordThatRefusesWhatIsStoredIsAnErrorThatNamesIt() {
        assertThatThrownBy(() -> decode(new Strict(), bytes("00")))
                .isInstanceOf(CoderException.class)
                .hasMessage("shop/strict: refused by its constructor: java.lang.IllegalArgumentException: too short")
                .hasCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFieldNumberThatCannotBeIsAnError() {
        assertThatThrownBy(() -> decode(THINGS, bytes("01" + "00")))
                .isInstanceOf(CoderException.class)
                .hasMessage("everything/output: impossible field number 0");
    }

    @Test
    void nullIsRefused() {
        assertThatThrownBy(() -> encode(THINGS, null))
                .isInstanceOf(CoderException.class)
                .hasMessage("cannot encode null everything/output");
        assertThatThrownBy(() -> encode(THINGS, with(Arrays.asList(1, null))))
                .isInstanceOf(CoderException.class)
                .hasMessage("cannot encode null element of a list");
    }

    private static Things with(List<Integer> numbers) {
        return new Things(
                null,
                null,
                null,
                null,
                null,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                numbers,
                null,
                null,
                null,
                null,
                null);
    }

    // ------------------------------------------------------------------ what Beam asks of a coder

    @Test
    void theCoderOfTheKeyIsDeterministicAndThoseWithFractionsAreNot() {
        assertThatCode(() -> EverythingGroup.keyCoder().verifyDeterministic()).doesNotThrowAnyException();
        assertThatCode(() -> AfterGroup.keyCoder().verifyDeterministic()).doesNotThrowAnyException();
        assertThatThrownBy(NUMBERS::verifyDeterministic)
                .isInstanceOf(Coder.NonDeterministicException.class)
                .hasMessageContaining("everything/input holds floating point numbers");
        assertThatThrownBy(() -> WireCoder.of(Wires.list(Wires.DOUBLE)).verifyDeterministic())
                .isInstanceOf(Coder.NonDeterministicException.class);
    }

    @Test
    void equalKeysHaveEqualBytesAndOthersDoNot() throws IOException {
        Coder<EverythingGroup.CompositeKey> coder = EverythingGroup.keyCoder();
        byte[] key = encode(coder, new EverythingGroup.CompositeKey("a", 1, Color.RED));
        assertThat(key).isEqualTo(bytes("0a" + "0a0161" + "1002" + "1a03524544"));
        assertThat(encode(coder, new EverythingGroup.CompositeKey(new String("a"), 1, Color.RED)))
                .isEqualTo(key);
        assertThat(encode(coder, new EverythingGroup.CompositeKey("a", -1, Color.RED)))
                .isNotEqualTo(key);
        assertThat(encode(coder, new EverythingGroup.CompositeKey("b", 1, Color.RED)))
                .isNotEqualTo(key);
        assertThat(encode(coder, new EverythingGroup.CompositeKey("a", 1, Color.GREEN)))
                .isNotEqualTo(key);
    }

    /** As after the class was renamed. */
    static final class Renamed extends RecordCoder<String> {
        private static final long serialVersionUID = 1L;

        Renamed() {
            super("everything/output", true);
        }

        @Override
        protected void writeFields(String value, WireWriter out) {}

        @Override
        protected String readFields(WireReader in) {
            return "";
        }
    }

    @Test
    void codersAreEqualByTheNameOfTheirEncodingAlone() {
        assertThat(new Renamed()).isEqualTo(THINGS).hasSameHashCodeAs(THINGS);
        assertThat(THINGS).isEqualTo(new Renamed()).isNotEqualTo(NUMBERS).isNotEqualTo(BeforeGroup.outputCoder());
        assertThat(WireCoder.of(Wires.LONG))
                .isEqualTo(WireCoder.of(Wires.LONG))
                .hasSameHashCodeAs(WireCoder.of(Wires.LONG))
                .isNotEqualTo(WireCoder.of(Wires.STRING))
                .isNotEqualTo(WireCoder.of(Wires.CHARACTER));
        assertThat(WireCoder.of(Wires.list(Wires.LONG)))
                .isEqualTo(WireCoder.of(Wires.list(Wires.LONG)))
                .isNotEqualTo(WireCoder.of(Wires.set(Wires.LONG)));
    }

    @Test
    void aCellOfANumberThatIsWidenedKeepsItsCoder() throws IOException {
        for (Coder<?> wide :
                List.of(WireCoder.of(Wires.SHORT), WireCoder.of(Wires.INTEGER), WireCoder.of(Wires.LONG))) {
            assertThat(wide).isEqualTo(WireCoder.of(Wires.BYTE)).hasSameHashCodeAs(WireCoder.of(Wires.BYTE));
        }
        assertThat(HeldCoder.of(Wires.LONG)).isEqualTo(HeldCoder.of(Wires.INTEGER));
        assertThat(decode(WireCoder.of(Wires.LONG), encode(WireCoder.of(Wires.INTEGER), -7)))
                .isEqualTo(-7L);
        assertThatThrownBy(() -> decode(WireCoder.of(Wires.INTEGER), encode(WireCoder.of(Wires.LONG), 1L << 40)))
                .isInstanceOf(CoderException.class)
                .hasMessageContaining("int");
    }

    @Test
    void codersSurviveJavaSerialization() throws IOException {
        for (Coder<?> coder : List.of(NUMBERS, THINGS, KEPT, EverythingGroup.keyCoder(), WireCoder.of(Wires.INSTANT))) {
            assertThat(SerializableUtils.<Coder<?>>clone(coder)).isEqualTo(coder);
        }
        assertThat(hex(SerializableUtils.clone(THINGS), FULL)).isEqualTo(FrozenBytes.FULL);
        Coder<Map<String, List<Instant>>> nested =
                SerializableUtils.clone(WireCoder.of(Wires.map(Wires.STRING, Wires.list(Wires.INSTANT))));
        Map<String, List<Instant>> value = Map.of("a", List.of(Instant.EPOCH, Instant.MAX));
        assertThat(decode(nested, encode(nested, value))).isEqualTo(value);
    }

    @Test
    void valuesOfEqualContentHaveEqualStructuralValues() {
        Kept one = new Kept();
        Kept other = new Kept();
        assertThat(KEPT.structuralValue(one)).isEqualTo(KEPT.structuralValue(other));
        other.raw[0]++;
        assertThat(KEPT.structuralValue(one)).isNotEqualTo(KEPT.structuralValue(other));
    }

    @Test
    void aKeyThatIsAStringHasTheCoderThatOtherProgramsKnow() {
        assertThat(AfterGroup.keyCoder()).isEqualTo(StringUtf8Coder.of());
    }
}
