package dev.tidemark.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RowParserTest {
    private static final String HEADER = "Index,Arrival_Time,Creation_Time,x,y,z,User,Model,Device,gt";

    private static RowParser csv() {
        try {
            return RowParser.csv(HEADER, EventTimeColumn.CREATION);
        } catch (MalformedRowException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aRowOfThePhoneHasItsDateWrittenAsADouble() {
        assertThat(
                        csv().parse(
                                        2,
                                        "0,1424696633908,1.42469663191325E+018,-5.958191,0.6880646,8.135345,a,nexus4,nexus4_1,stand"))
                .isEqualTo(new Reading(2, 1424696631913L, -5.958191, 0.6880646, 8.135345, "a", "nexus4_1", "stand"));
    }

    @Test
    void aRowOfTheWatchHasItsUptime() {
        assertThat(csv().parse(2, "0,1424696638740,27920678471000,-0.5,-9.5,-0.6,a,gear,gear_1,stand"))
                .isEqualTo(new Reading(2, 27920678L, -0.5, -9.5, -0.6, "a", "gear_1", "stand"));
    }

    @Test
    void theLabelNullIsALabel() {
        assertThat(csv().parse(2, "0,1,1000000,1,2,3,a,gear,gear_1,null"))
                .isEqualTo(new Reading(2, 1, 1, 2, 3, "a", "gear_1", "null"));
    }

    @Test
    void timesBeforeTheEpochAreRoundedDownToo() {
        assertThat(csv().parse(2, "0,1,-1500000,1,2,3,a,gear,gear_1,sit"))
                .isEqualTo(new Reading(2, -2, 1, 2, 3, "a", "gear_1", "sit"));
    }

    @Test
    void quotedFieldsMayHaveCommasAndQuotes() {
        assertThat(csv().parse(2, "0,1,1000000,1,2,3,\"a, the \"\"first\"\"\",gear,\"\"\"\",sit"))
                .isEqualTo(new Reading(2, 1, 1, 2, 3, "a, the \"first\"", "\"", "sit"));
    }

    @Test
    void theHeaderSaysWhereTheColumnsAreAndMayHaveOthers() throws MalformedRowException {
        RowParser parser = RowParser.csv("gt,device,USER,note,z,y,x,arrival_time", EventTimeColumn.ARRIVAL);
        assertThat(parser.parse(7, "sit,d,u,hello,3,2,1,1000"))
                .isEqualTo(new Reading(7, 1000, 1, 2, 3, "u", "d", "sit"));
    }

    @Test
    void aHeaderWithoutANeededColumnIsRefusedByName() {
        assertThatExceptionOfType(MalformedRowException.class)
                .isThrownBy(() -> RowParser.csv("Index,Arrival_Time,x,y,z,User", EventTimeColumn.CREATION))
                .withMessage("its first line has no column Creation_Time, Device, gt");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0,1,1000000,1,2,3,a,gear                       | it has 8 columns where the header has 10",
                "0,1,1000000,1,2,3,a,gear,gear_1,sit,more       | it has 11 columns where the header has 10",
                "0,1,,1,2,3,a,gear,gear_1,sit                   | Creation_Time is missing",
                "0,1,null,1,2,3,a,gear,gear_1,sit               | Creation_Time is missing",
                "0,1,NaN,1,2,3,a,gear,gear_1,sit                | Creation_Time is not a finite number",
                "0,1,-Infinity,1,2,3,a,gear,gear_1,sit          | Creation_Time is not a finite number",
                "0,1,inf,1,2,3,a,gear,gear_1,sit                | Creation_Time is not a finite number",
                "0,1,yesterday,1,2,3,a,gear,gear_1,sit          | Creation_Time is not a number",
                "0,1,0x10,1,2,3,a,gear,gear_1,sit               | Creation_Time is not a number",
                "0,1,9.3E+018,1,2,3,a,gear,gear_1,sit           | Creation_Time is out of range (the years 1677 to 2262)",
                "0,1,-9.3E+018,1,2,3,a,gear,gear_1,sit          | Creation_Time is out of range (the years 1677 to 2262)",
                "0,1,1E+400,1,2,3,a,gear,gear_1,sit             | Creation_Time is out of range (the years 1677 to 2262)",
                "0,1,1E+999999999,1,2,3,a,gear,gear_1,sit       | Creation_Time is out of range (the years 1677 to 2262)",
                "0,1,1E-999999999,1,2,3,a,gear,gear_1,sit       | Creation_Time has more digits than a time has",
                "0,1,1000000,NaN,2,3,a,gear,gear_1,sit          | x is not a finite number",
                "0,1,1000000,1e999,2,3,a,gear,gear_1,sit        | x is not a finite number",
                "0,1,1000000,1f,2,3,a,gear,gear_1,sit           | x is not a number",
                "0,1,1000000,1,two,3,a,gear,gear_1,sit          | y is not a number",
                "0,1,1000000,1,2,,a,gear,gear_1,sit             | z is missing",
                "0,1,1000000,1,2,3,,gear,gear_1,sit             | User is missing",
                "0,1,1000000,1,2,3,a,gear,,sit                  | Device is missing",
                "0,1,1000000,1,2,3,a,gear,gear_1,               | gt is missing",
                "0,1,1000000,1,2,3,\"a,gear,gear_1,sit          | a quoted field does not end on its line",
                "0,1,1000000,1,2,3,\"a\"b,gear,gear_1,sit       | something follows the end of a quoted field",
            },
            quoteCharacter = '`')
    void aBadRowSaysWhereAndWhyAndNotWhat(String text, String reason) {
        assertThat(csv().parse(41, text)).isEqualTo(new Malformed(41, reason));
    }

    @Test
    void zeroWithAnExponentOfABillionIsZero() {
        assertThat(csv().parse(2, "0,1,0E-999999999,1,2,3,a,gear,gear_1,sit"))
                .isEqualTo(new Reading(2, 0, 1, 2, 3, "a", "gear_1", "sit"));
    }

    @Test
    void aTimeOfAMillionDigitsIsRefusedAtOnce() {
        assertThat(csv().parse(2, "0,1," + "7".repeat(1_000_000) + ",1,2,3,a,gear,gear_1,sit"))
                .isEqualTo(new Malformed(2, "Creation_Time has more digits than a time has"));
    }

    @Test
    void anObjectOfJsonIsARowToo() {
        RowParser json = RowParser.json(EventTimeColumn.CREATION);
        String object = "{\"Arrival_Time\":1424686735090,\"Creation_Time\":1424686733090638193,\"Device\":\"nexus4_1\","
                + "\"Index\":18,\"Model\":\"nexus4\",\"User\":\"g\",\"gt\":\"stand\",\"x\":3.356934E-4,\"y\":-0.5,"
                + "\"z\":-0.0}";
        assertThat(json.parse(1, object))
                .isEqualTo(new Reading(1, 1424686733090L, 3.356934E-4, -0.5, -0.0, "g", "nexus4_1", "stand"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"Creation_Time\":1,\"x\":1                        | it is not JSON",
                "[1,2]                                               | it is not a JSON object",
                "7                                                   | it is not a JSON object",
                "{\"x\":1,\"y\":1,\"z\":1,\"User\":\"a\"}            | Creation_Time is missing",
                "{\"Creation_Time\":null,\"x\":1}                    | Creation_Time is missing",
                "{\"Creation_Time\":\"NaN\",\"x\":1}                 | Creation_Time is not a finite number",
                "{\"Creation_Time\":{\"s\":1}}                       | Creation_Time is not a plain value",
                "{\"Creation_Time\":1} {}                            | something follows the end of the JSON object",
            },
            quoteCharacter = '`')
    void badJsonSaysWhereAndWhyAndNotWhat(String text, String reason) {
        assertThat(RowParser.json(EventTimeColumn.CREATION).parse(3, text)).isEqualTo(new Malformed(3, reason));
    }
}
