package dev.tidemark.processor.groups;

import dev.tidemark.RowForm;
import dev.tidemark.runtime.RowValues;
import javax.annotation.processing.Generated;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.values.Row;

/**
 * What {@link BurstAlert} emits, as rows of Beam.
 */
@Generated("dev.tidemark.processor.StatefulGroupProcessor")
@SuppressWarnings("NullAway")
final class BurstAlertRows {
  private BurstAlertRows() {
  }

  /**
   * {@link BurstAlert.Alert}.
   */
  static final class AlertRows implements RowForm<BurstAlert.Alert> {
    private static final long serialVersionUID = 1L;

    private static final Schema SCHEMA = Schema.builder()
    .addNullableField("user", Schema.FieldType.STRING)
    .addField("count", Schema.FieldType.INT64)
    .addNullableField("at", Schema.FieldType.DATETIME)
    .build();

    static final AlertRows INSTANCE = new AlertRows();

    private AlertRows() {
    }

    @Override
    public Class<BurstAlert.Alert> type() {
      return BurstAlert.Alert.class;
    }

    @Override
    public Schema schema() {
      return SCHEMA;
    }

    @Override
    public Row toRow(BurstAlert.Alert value) {
      return Row.withSchema(SCHEMA)
          .addValue(value.user())
          .addValue(value.count())
          .addValue(RowValues.joda(value.at()))
          .build();
    }

    @Override
    public BurstAlert.Alert fromRow(Row row) {
      return new BurstAlert.Alert(
            (String) row.getValue(0),
            (Long) row.getValue(1),
            RowValues.instant(row.getValue(2)));
    }

    private Object readResolve() {
      return INSTANCE;
    }
  }

  /**
   * {@link BurstAlert.AllClear}.
   */
  static final class AllClearRows implements RowForm<BurstAlert.AllClear> {
    private static final long serialVersionUID = 1L;

    private static final Schema SCHEMA = Schema.builder()
    .addNullableField("user", Schema.FieldType.STRING)
    .addNullableField("at", Schema.FieldType.DATETIME)
    .build();

    static final AllClearRows INSTANCE = new AllClearRows();

    private AllClearRows() {
    }

    @Override
    public Class<BurstAlert.AllClear> type() {
      return BurstAlert.AllClear.class;
    }

    @Override
    public Schema schema() {
      return SCHEMA;
    }

    @Override
    public Row toRow(BurstAlert.AllClear value) {
      return Row.withSchema(SCHEMA)
          .addValue(value.user())
          .addValue(RowValues.joda(value.at()))
          .build();
    }

    @Override
    public BurstAlert.AllClear fromRow(Row row) {
      return new BurstAlert.AllClear(
            (String) row.getValue(0),
            RowValues.instant(row.getValue(1)));
    }

    private Object readResolve() {
      return INSTANCE;
    }
  }
}
