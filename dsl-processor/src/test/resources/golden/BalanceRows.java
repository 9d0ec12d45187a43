package dev.tidemark.processor.groups;

import dev.tidemark.RowForm;
import javax.annotation.processing.Generated;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.values.Row;

/**
 * What {@link Balance} emits, as rows of Beam.
 */
@Generated("dev.tidemark.processor.StatefulGroupProcessor")
@SuppressWarnings("NullAway")
final class BalanceRows {
  private BalanceRows() {
  }

  /**
   * {@link Balance.Total}.
   */
  static final class TotalRows implements RowForm<Balance.Total> {
    private static final long serialVersionUID = 1L;

    private static final Schema SCHEMA = Schema.builder()
    .addNullableField("account", Schema.FieldType.STRING)
    .addField("cents", Schema.FieldType.INT64)
    .build();

    static final TotalRows INSTANCE = new TotalRows();

    private TotalRows() {
    }

    @Override
    public Class<Balance.Total> type() {
      return Balance.Total.class;
    }

    @Override
    public Schema schema() {
      return SCHEMA;
    }

    @Override
    public Row toRow(Balance.Total value) {
      return Row.withSchema(SCHEMA)
          .addValue(value.account())
          .addValue(value.cents())
          .build();
    }

    @Override
    public Balance.Total fromRow(Row row) {
      return new Balance.Total(
            (String) row.getValue(0),
            (Long) row.getValue(1));
    }

    private Object readResolve() {
      return INSTANCE;
    }
  }
}
