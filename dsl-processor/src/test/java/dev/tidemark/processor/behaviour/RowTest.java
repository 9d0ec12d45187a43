package dev.tidemark.processor.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.RowForm;
import java.util.Optional;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.transforms.Filter;
import org.apache.beam.sdk.schemas.transforms.Group;
import org.apache.beam.sdk.schemas.transforms.Select;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.Sum;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a group emits, as rows of Beam. */
final class RowTest {
    @Test
    void aRecordComesBackFromItsRowAsItWas() {
        RowForm<Ledger.Whole> form = LedgerGroup.wholeRows();
        Ledger.Whole whole = Ledger.whole("text");
        Row row = form.toRow(whole);
        assertThat(row.getSchema().getFieldNames())
                .startsWith("text", "flag", "tiny")
                .endsWith("kinds", "times");
        assertThat(form.fromRow(row)).usingRecursiveComparison().isEqualTo(whole);
    }

    @Test
    void aRecordWithoutItsOptionalPartsComesBackToo() {
        RowForm<Ledger.Whole> form = LedgerGroup.wholeRows();
        Ledger.Whole empty = new Ledger.Whole(
                null,
                false,
                (byte) 0,
                (short) 0,
                'x',
                0,
                0,
                0,
                0,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                Optional.empty(),
                null,
                null,
                null,
                null,
                null);
        assertThat(form.fromRow(form.toRow(empty))).isEqualTo(empty);
    }

    @Test
    void aSchemaSaysWhatMayBeNullAndOfWhatTypeItIs() {
        Schema schema = LedgerGroup.wholeRows().schema();
        assertThat(schema.getField("number").getType()).isEqualTo(Schema.FieldType.INT32);
        assertThat(schema.getField("boxed").getType().getNullable()).isTrue();
        assertThat(schema.getField("time").getType().getTypeName()).isEqualTo(Schema.TypeName.DATETIME);
        assertThat(schema.getField("place").getType().getTypeName()).isEqualTo(Schema.TypeName.ROW);
    }

    @ParameterizedTest
    @EnumSource
    void anOutputCanBeGivenToSchemaTransforms(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event("a", 0, "whole")
                .event("b", 1, "small")
                .event("c", 2, "whole");
        LedgerGroup.Result result = scenario.into(LedgerGroup.create());
        PCollection<String> texts = result.wholes()
                .apply(LedgerGroup.wholeRows().toRows())
                .apply(Filter.<Row>create().whereFieldName("number", (Integer number) -> number == 4))
                .apply(Select.fieldNames("text", "place.town"))
                .apply(MapElements.into(TypeDescriptors.strings())
                        .via(row -> row.getString("text") + " " + row.getString("town")));
        scenario.expectTexts(texts, "a here", "c here").run();
    }

    @ParameterizedTest
    @EnumSource
    void anOutputCanBeGroupedAndAddedUpByTheNamesOfItsFields(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event("a", 0, "whole")
                .event("b", 1, "small")
                .event("c", 2, "whole");
        PCollection<String> sums = scenario.into(LedgerGroup.create())
                .wholes()
                .apply(LedgerGroup.wholeRows().toRows())
                .apply(Window.into(FixedWindows.of(Duration.standardMinutes(1))))
                .apply(Group.<Row>byFieldNames("place.town").aggregateField("number", Sum.ofIntegers(), "sum"))
                .apply(MapElements.into(TypeDescriptors.strings())
                        .via(row -> row.getRow("key").getString("town") + " "
                                + row.getRow("value").getInt32("sum")));
        scenario.expectTexts(sums, "here 8").run();
    }

    @ParameterizedTest
    @EnumSource
    void aCollectionMayCarryItsSchema(OnRunner runner) {
        Scenario scenario = new Scenario(runner).event("b", 1, "small");
        PCollection<Ledger.Small> smalls = LedgerGroup.smallRows()
                .withSchema(scenario.into(LedgerGroup.create()).smalls());
        scenario.expectTexts(
                        smalls.apply(Select.fieldNames("key"))
                                .apply(MapElements.into(TypeDescriptors.strings())
                                        .via(row -> row.getString(0))),
                        "b")
                .run();
    }
}
