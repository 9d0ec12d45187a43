package dev.tidemark.runner.state;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows that a cell has left. Read by the cell when it is made, on the thread that owns it. */
public interface StoredRows {
    /** The row of that name, or null when there is none. */
    byte @Nullable [] get(byte[] name);

    /** All rows, in the order of their names. */
    List<CellRows.Row> all();

    /** Whether there are any, of a cell of many rows: to ask costs less than to look for them in vain. */
    boolean isAny();

    /** Rows that have been read already. */
    static StoredRows of(List<CellRows.Row> rows) {
        return new StoredRows() {
            @Override
            public byte @Nullable [] get(byte[] name) {
                for (CellRows.Row row : rows) {
                    if (Arrays.equals(row.name(), name)) {
                        return row.value();
                    }
                }
                return null;
            }

            @Override
            public List<CellRows.Row> all() {
                return rows;
            }

            @Override
            public boolean isAny() {
                return !rows.isEmpty();
            }
        };
    }
}
