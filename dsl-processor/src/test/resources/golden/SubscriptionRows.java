package dev.tidemark.processor.groups;

import dev.tidemark.RowForm;
import javax.annotation.processing.Generated;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.values.Row;

/**
 * What {@link Subscription} emits, as rows of Beam.
 */
@Generated("dev.tidemark.processor.StatefulGroupProcessor")
@SuppressWarnings("NullAway")
final class SubscriptionRows {
  private SubscriptionRows() {
  }

  /**
   * {@link Subscription.Notice}.
   */
  static final class NoticeRows implements RowForm<Subscription.Notice> {
    private static final long serialVersionUID = 1L;

    private static final Schema SCHEMA = Schema.builder()
    .addNullableField("subscriber", Schema.FieldType.STRING)
    .addNullableField("text", Schema.FieldType.STRING)
    .addField("payments", Schema.FieldType.INT64)
    .build();

    static final NoticeRows INSTANCE = new NoticeRows();

    private NoticeRows() {
    }

    @Override
    public Class<Subscription.Notice> type() {
      return Subscription.Notice.class;
    }

    @Override
    public Schema schema() {
      return SCHEMA;
    }

    @Override
    public Row toRow(Subscription.Notice value) {
      return Row.withSchema(SCHEMA)
          .addValue(value.subscriber())
          .addValue(value.text())
          .addValue(value.payments())
          .build();
    }

    @Override
    public Subscription.Notice fromRow(Row row) {
      return new Subscription.Notice(
            (String) row.getValue(0),
            (String) row.getValue(1),
            (Long) row.getValue(2));
    }

    private Object readResolve() {
      return INSTANCE;
    }
  }
}
