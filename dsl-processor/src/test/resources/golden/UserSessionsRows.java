package dev.tidemark.processor.groups;

import dev.tidemark.RowForm;
import dev.tidemark.runtime.RowValues;
import javax.annotation.processing.Generated;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.values.Row;

/**
 * What {@link UserSessions} emits, as rows of Beam.
 */
@Generated("dev.tidemark.processor.StatefulGroupProcessor")
@SuppressWarnings("NullAway")
final class UserSessionsRows {
  private UserSessionsRows() {
  }

  /**
   * {@link UserSessions.Closed}.
   */
  static final class ClosedRows implements RowForm<UserSessions.Closed> {
    private static final long serialVersionUID = 1L;

    private static final Schema SCHEMA = Schema.builder()
    .addNullableField("uid", Schema.FieldType.STRING)
    .addNullableField("activities", Schema.FieldType.array(Schema.FieldType.STRING))
    .addField("xAvg", Schema.FieldType.DOUBLE)
    .build();

    static final ClosedRows INSTANCE = new ClosedRows();

    private ClosedRows() {
    }

    @Override
    public Class<UserSessions.Closed> type() {
      return UserSessions.Closed.class;
    }

    @Override
    public Schema schema() {
      return SCHEMA;
    }

    @Override
    public Row toRow(UserSessions.Closed value) {
      return Row.withSchema(SCHEMA)
          .addValue(value.uid())
          .addValue(RowValues.list(value.activities(), each -> each))
          .addValue(value.xAvg())
          .build();
    }

    @Override
    public UserSessions.Closed fromRow(Row row) {
      return new UserSessions.Closed(
            (String) row.getValue(0),
            RowValues.list(row.getValue(1), each -> (String) each),
            (Double) row.getValue(2));
    }

    private Object readResolve() {
      return INSTANCE;
    }
  }
}
