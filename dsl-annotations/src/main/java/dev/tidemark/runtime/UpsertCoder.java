package dev.tidemark.runtime;

import dev.tidemark.Upsert;
import java.io.IOException;

/**
 * The coder of {@link Upsert}.
 *
 * @param <K> the key of the group
 * @param <O> its output
 */
public final class UpsertCoder<K, O> extends RecordCoder<Upsert<K, O>> {
    private static final long serialVersionUID = 1L;

    private final Wire<K> key;
    private final Wire<O> row;

    private UpsertCoder(Wire<K> key, Wire<O> row) {
        super("~upsert(" + key.id() + "," + row.id() + ")", key.deterministic() && row.deterministic());
        this.key = key;
        this.row = row;
    }

    /** For keys and rows of these encodings. */
    public static <K, O> UpsertCoder<K, O> of(Wire<K> key, Wire<O> row) {
        return new UpsertCoder<>(key, row);
    }

    @Override
    protected void writeFields(Upsert<K, O> value, WireWriter out) throws IOException {
        out.value(1, value.key(), key);
        out.value(2, value.row(), row);
    }

    @Override
    protected Upsert<K, O> readFields(WireReader in) throws IOException {
        K readKey = null;
        O readRow = null;
        while (in.next()) {
            switch (in.field()) {
                case 1 -> readKey = in.value(key);
                case 2 -> readRow = in.value(row);
                default -> in.skip();
            }
        }
        if (readKey == null) {
            throw in.corrupt("an upsert without a key");
        }
        return new Upsert<>(readKey, readRow);
    }
}
