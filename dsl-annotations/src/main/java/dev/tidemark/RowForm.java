package dev.tidemark;

import java.io.Serializable;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TypeDescriptor;

/**
 * What a record is called as a Beam {@link Row}, generated for the output of each group: so that it can be used with every
 * transform that knows schemas, and with SQL. Times have the precision of milliseconds, as everywhere in Beam; enums, and
 * types of {@code java.time} that a schema does not know, are text. Immutable and thread-safe.
 *
 * @param <T> the record
 */
public interface RowForm<T> extends Serializable {

    /** The record. */
    Class<T> type();

    /** The fields, by the names of the components; primitives are required, all else may be null. */
    Schema schema();

    /** A record as a row. */
    Row toRow(T value);

    /** A row of {@link #schema()} as a record. */
    T fromRow(Row row);

    /** Turns records into rows. */
    default PTransform<PCollection<T>, PCollection<Row>> toRows() {
        RowForm<T> form = this;
        return new PTransform<>("rows of " + type().getSimpleName()) {
            private static final long serialVersionUID = 1L;

            @Override
            public PCollection<Row> expand(PCollection<T> input) {
                return input.apply("row", ParDo.of(new ToRowFn<>(form))).setRowSchema(schema());
            }
        };
    }

    /** Makes a pipeline find the schema of the record, for collections of it that are made elsewhere. */
    default void register(Pipeline pipeline) {
        RowForm<T> form = this;
        pipeline.getSchemaRegistry()
                .registerSchemaForClass(
                        type(), schema(), (SerializableFunction<T, Row>) form::toRow, (SerializableFunction<Row, T>)
                                form::fromRow);
    }

    /** The collection with its schema instead of a coder: it can be given to schema transforms as it is. */
    default PCollection<T> withSchema(PCollection<T> records) {
        RowForm<T> form = this;
        return records.setSchema(
                schema(), TypeDescriptor.of(type()), (SerializableFunction<T, Row>) form::toRow, (SerializableFunction<
                                Row, T>)
                        form::fromRow);
    }

    /** Turns one record into a row. */
    final class ToRowFn<T> extends DoFn<T, Row> {
        private static final long serialVersionUID = 1L;

        private final RowForm<T> form;

        ToRowFn(RowForm<T> form) {
            this.form = form;
        }

        /** Beam calls this. */
        @ProcessElement
        public void process(@Element T element, OutputReceiver<Row> out) {
            out.output(form.toRow(element));
        }
    }
}
