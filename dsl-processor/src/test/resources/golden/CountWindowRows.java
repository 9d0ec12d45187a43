package dev.tidemark.processor.groups;

import dev.tidemark.RowForm;
import javax.annotation.processing.Generated;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.values.Row;

/**
 * What {@link CountWindow} emits, as rows of Beam.
 */
@Generated("dev.tidemark.processor.StatefulGroupProcessor")
@SuppressWarnings("NullAway")
final class CountWindowRows {
  private CountWindowRows() {
  }

  /**
   * {@link CountWindow.Average}.
   */
  static final class AverageRows implements RowForm<CountWindow.Average> {
    private static final long serialVersionUID = 1L;

    private static final Schema SCHEMA = Schema.builder()
    .addNullableField("device", Schema.FieldType.STRING)
    .addField("average", Schema.FieldType.DOUBLE)
    .build();

    static final AverageRows INSTANCE = new AverageRows();

    private AverageRows() {
    }

    @Override
    public Class<CountWindow.Average> type() {
      return CountWindow.Average.class;
    }

    @Override
    public Schema schema() {
      return SCHEMA;
    }

    @Override
    public Row toRow(CountWindow.Average value) {
      return Row.withSchema(SCHEMA)
          .addValue(value.device())
          .addValue(value.average())
          .build();
    }

    @Override
    public CountWindow.Average fromRow(Row row) {
      return new CountWindow.Average(
            (String) row.getValue(0),
            (Double) row.getValue(1));
    }

    private Object readResolve() {
      return INSTANCE;
    }
  }
}
