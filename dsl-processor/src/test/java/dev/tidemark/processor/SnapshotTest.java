package dev.tidemark.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.processor.Compilations.Said;
import dev.tidemark.processor.Compilations.Source;
import dev.tidemark.processor.snapshot.Compatibility;
import dev.tidemark.processor.snapshot.Snapshot;
import dev.tidemark.processor.snapshot.Snapshot.StoredField;
import dev.tidemark.processor.snapshot.Snapshot.StoredRecord;
import dev.tidemark.processor.snapshot.SnapshotJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The committed form of a state, and what may become of it: edge cases 55 to 62. */
final class SnapshotTest {
    @TempDir
    Path directory;

    private static String group(String version, String fields, String more) {
        return """
                package shop;
                import dev.tidemark.*;
                import java.time.*;
                import java.util.*;
                @StatefulGroup(name = "visits", order = Order.EVENT_TIME)
                public final class Visits {
                  @GroupInput public record Event(@Key String user, @EventTime Instant time, List<Point> points) {}
                  public record Point(int x, int y) {}
                  @GroupState(version = %s) public static class State { %s }
                  @GroupOutput public record Row(String user) {}
                  @OnEvent Row event(Event e, State s, Group group) { return new Row(e.user()); }
                  %s
                }
                """.formatted(version, fields, more);
    }

    private List<String> said(String fields, String... options) {
        return saidOf("1", fields, "", options);
    }

    private List<String> saidOf(String version, String fields, String more, String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.add("-Atidemark.snapshots=" + directory);
        return Compilations.compile(List.of(new Source("shop.Visits", group(version, fields, more))), all)
                .said()
                .stream()
                .map(Said::message)
                .toList();
    }

    private void accept(String fields) {
        assertThat(said(fields, "-Atidemark.accept=true")).isEmpty();
    }

    /** At most that it is to be accepted, too. */
    private static void assertCanBeRead(List<String> said) {
        assertThat(said).allMatch(message -> message.startsWith("[Tidemark/SnapshotOutdated]"));
    }

    @Test
    void anAcceptedFormIsCommittedFieldByField() throws IOException {
        accept("int count; Bag<Double> xs; @Cell String photo; Table<String, Long> visits;");
        assertThat(Files.readString(directory.resolve("visits.json"))).isEqualTo("""
                        {
                          "name": "visits",
                          "version": 1,
                          "key": "string",
                          "records": {
                            "state": {
                              "fields": [
                                {"number": 1, "name": "count", "cell": "fields", "type": "int"},
                                {"number": 2, "name": "xs", "cell": "bag", "type": "double"},
                                {"number": 3, "name": "photo", "cell": "cell", "type": "string"},
                                {"number": 4, "name": "visits", "cell": "table", "type": "string to long"}
                              ],
                              "removed": []
                            },
                            "visits/input": {
                              "fields": [
                                {"number": 1, "name": "user", "cell": "fields", "type": "string"},
                                {"number": 2, "name": "time", "cell": "fields", "type": "instant"},
                                {"number": 3, "name": "points", "cell": "fields", "type": "list of record visits/input.3.1"}
                              ],
                              "removed": []
                            },
                            "visits/input.3.1": {
                              "fields": [
                                {"number": 1, "name": "x", "cell": "fields", "type": "int"},
                                {"number": 2, "name": "y", "cell": "fields", "type": "int"}
                              ],
                              "removed": []
                            }
                          }
                        }
                        """);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "int count; String last;             | int count; String last; long more;              | ",
                "int count; String last;             | @FieldNumber(2) String last;                    | ",
                "int count; String last;             | @FieldNumber(2) String last; @FieldNumber(1) int count; | ",
                "int count; String last;             | @FieldNumber(1) int sum; String last;           | ",
                "int count; String last;             | long count; String last;                        | ",
                "int count; String last;             | Integer count; Optional<String> last;           | ",
                "long count;                         | int count;                                      | field 1 was count: long, is count: int",
                "int count; String last;             | String last; int count;                         | field 1 was count: int, is last: string",
                "int count; int last;                | int last; int count;                            | field 1 was count: int, is last: int; if it was renamed",
                "int count;                          | int sum;                                        | field 1 was count: int, is sum: int; if it was renamed",
                "Bag<String> xs;                     | Members<String> xs;                             | field 1 was xs: bag of string, is xs: members of string",
                "Bag<Integer> xs;                    | Bag<Long> xs;                                   | ",
                "Tally n;                            | int n;                                          | field 1 was n: tally, is n: int",
                "List<String> all;                   | Set<String> all;                                | field 1 was all: list of string, is all: set of string",
                "String photo;                       | @Cell String photo;                             | field 1 was photo: string, is photo: cell of string",
                "float x;                            | double x;                                       | field 1 was x: float, is x: double",
            })
    void aChangeIsReadOrRefused(String before, String after, String problem) {
        accept(before);
        List<String> said = said(after);
        if (problem == null) {
            assertCanBeRead(said);
        } else {
            assertThat(said)
                    .anySatisfy(message -> assertThat(message)
                            .startsWith("[Tidemark/SnapshotIncompatible] \"visits\" no longer reads what was stored: "
                                    + problem));
        }
    }

    @Test
    void aFormThatCanBeReadIsToBeAcceptedBeforeItChangesAgain() {
        accept("int count;");
        assertThat(said("int count; String page;"))
                .singleElement()
                .asString()
                .startsWith("[Tidemark/SnapshotOutdated] the snapshot of \"visits\" can still be read");
        accept("int count; String page;");
        assertThat(said("int count; String page;")).isEmpty();
        // This is what the warning was about: without the snapshot nobody would know.
        assertThat(said("int count; long page;"))
                .anySatisfy(message -> assertThat(message).contains("field 2 was page: string, is page: long"));
    }

    @Test
    void aFieldThatHasMovedIsToldTheNumberThatItHad() {
        accept("Instant until; int cents;");
        assertThat(said("long cents; Instant until;"))
                .hasSize(2)
                .anySatisfy(message -> assertThat(message)
                        .contains(
                                "field 1 was until: instant, is cents: long; cents had the number 2: write @FieldNumber(2)"
                                        + " on it."))
                .anySatisfy(message -> assertThat(message)
                        .contains("is until: instant; until had the number 1: write @FieldNumber(1) on it."));
        assertCanBeRead(said("@FieldNumber(2) long cents; @FieldNumber(1) Instant until;"));
    }

    @Test
    void aNumberThatWasRemovedStaysReserved() {
        accept("int count; String last;");
        accept("int count;");
        assertThat(said("int count; String other;"))
                .singleElement()
                .asString()
                .contains("field 2 was removed once, and its number is reserved; give other another");
        assertCanBeRead(said("int count; @FieldNumber(3) String other;"));
    }

    @Test
    void aMigrationMakesABreakingChangeOfPlainFieldsAllowed() {
        accept("int count; String last;");
        String migration = "public record V1(int count, String last) {}"
                + " @Migrate(from = 1) static State up(V1 old) { State s = new State(); s.last = old.count(); return s; }";
        assertCanBeRead(saidOf("2", "String count; int last;", migration));
    }

    @Test
    void acceptingAbandonsWhatIsStored() {
        accept("int count;");
        assertThat(said("String count;")).hasSize(1);
        accept("String count;");
        assertThat(said("String count;")).isEmpty();
    }

    @Test
    void whatIsWrittenIsReadBackWhateverIsInIt() throws SnapshotJson.UnreadableException {
        Snapshot snapshot = new Snapshot(
                "a\"b\\c\u00e4",
                7,
                "string",
                Map.of(
                        "state",
                        new StoredRecord(List.of(new StoredField(3, "n\u00e4me", "bag", "int", false)), List.of(1, 2)),
                        "empty",
                        new StoredRecord(List.of(), List.of())));
        String text = SnapshotJson.write(snapshot);
        assertThat(text).isASCII();
        assertThat(SnapshotJson.read(text)).isEqualTo(snapshot);
        assertThat(Compatibility.breaks(snapshot, SnapshotJson.read(text))).isEmpty();
    }

    @Test
    void aTextCutOffAnywhereIsUnreadable() {
        String text = SnapshotJson.write(new Snapshot(
                "a",
                1,
                "string",
                Map.of(
                        "state",
                        new StoredRecord(List.of(new StoredField(1, "n", "fields", "int", false)), List.of(2)))));
        for (int length = 0; length < text.length() - 2; length++) {
            String cut = text.substring(0, length);
            assertThatThrownBy(() -> SnapshotJson.read(cut)).isInstanceOf(SnapshotJson.UnreadableException.class);
        }
    }
}
