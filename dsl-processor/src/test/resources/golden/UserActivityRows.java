package dev.tidemark.processor.groups;

import dev.tidemark.RowForm;
import dev.tidemark.runtime.RowValues;
import javax.annotation.processing.Generated;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.values.Row;

/**
 * What {@link UserActivity} emits, as rows of Beam.
 */
@Generated("dev.tidemark.processor.StatefulGroupProcessor")
@SuppressWarnings("NullAway")
final class UserActivityRows {
  private UserActivityRows() {
  }

  /**
   * {@link UserActivity.Now}.
   */
  static final class NowRows implements RowForm<UserActivity.Now> {
    private static final long serialVersionUID = 1L;

    private static final Schema SCHEMA = Schema.builder()
    .addNullableField("user", Schema.FieldType.STRING)
    .addNullableField("activity", Schema.FieldType.STRING)
    .addNullableField("start", Schema.FieldType.DATETIME)
    .addNullableField("end", Schema.FieldType.DATETIME)
    .build();

    static final NowRows INSTANCE = new NowRows();

    private NowRows() {
    }

    @Override
    public Class<UserActivity.Now> type() {
      return UserActivity.Now.class;
    }

    @Override
    public Schema schema() {
      return SCHEMA;
    }

    @Override
    public Row toRow(UserActivity.Now value) {
      return Row.withSchema(SCHEMA)
          .addValue(value.user())
          .addValue(value.activity())
          .addValue(RowValues.joda(value.start()))
          .addValue(RowValues.joda(value.end()))
          .build();
    }

    @Override
    public UserActivity.Now fromRow(Row row) {
      return new UserActivity.Now(
            (String) row.getValue(0),
            (String) row.getValue(1),
            RowValues.instant(row.getValue(2)),
            RowValues.instant(row.getValue(3)));
    }

    private Object readResolve() {
      return INSTANCE;
    }
  }
}
