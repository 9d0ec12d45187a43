package dev.tidemark.runner.state;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.ReadableState;
import org.apache.beam.sdk.util.VarInt;

/**
 * Values in the order they were added. What {@link #read()} gave stays as it was: the list only grows, a reader sees its
 * first elements, and clearing begins a new list.
 */
public final class BagCell<T> implements Cell, BagState<T> {
    /** Values in one row: to add to a bag rewrites its last row only. */
    private static final int PAGE = 64;

    private final Coder<T> coder;
    private List<T> values = new ArrayList<>(4);
    /** How many values, from the first on, are stored as they are here. */
    private int saved;
    /** How many rows are stored. */
    private int pages;
    /** How long those rows are together, and the last of them alone, which is rewritten when something is added. */
    private long bytes;

    private int lastBytes;

    public BagCell(Coder<T> coder) {
        this.coder = coder;
    }

    @Override
    public Kind kind() {
        return Kind.BAG;
    }

    @Override
    public void add(T value) {
        values.add(value);
    }

    @Override
    public Iterable<T> read() {
        List<T> whole = values;
        int size = whole.size();
        return () -> Collections.unmodifiableList(whole.subList(0, size)).iterator();
    }

    @Override
    public void clear() {
        if (!values.isEmpty()) {
            values = new ArrayList<>(4);
            saved = 0;
            bytes = 0;
            lastBytes = 0;
        }
    }

    @Override
    public ReadableState<Boolean> isEmpty() {
        return new MapCell.LazyRead<>(() -> values.isEmpty());
    }

    @Override
    public boolean isVacant() {
        return values.isEmpty();
    }

    @Override
    public BagState<T> readLater() {
        return this;
    }

    @Override
    public void save(CellRows rows) {
        int needed = (values.size() + PAGE - 1) / PAGE;
        if (saved < values.size()) {
            int first = saved / PAGE;
            if (first < pages && saved % PAGE > 0) {
                bytes -= lastBytes;
            }
            for (int page = first; page < needed; page++) {
                byte[] encoded = encode(values.subList(page * PAGE, Math.min(values.size(), (page + 1) * PAGE)));
                rows.put(name(page), encoded);
                lastBytes = encoded.length;
                bytes += lastBytes;
            }
        }
        for (int page = needed; page < pages; page++) {
            rows.delete(name(page));
        }
        pages = needed;
        saved = values.size();
    }

    private static byte[] name(int page) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(page).array();
    }

    private byte[] encode(List<T> page) {
        return encodeAll(coder, page);
    }

    @Override
    public long storedBytes() {
        return bytes;
    }

    @Override
    public void restore(StoredRows rows) {
        byte[] first = rows.get(name(0));
        if (first == null) {
            return;
        }
        restorePage(first);
        if (values.size() == PAGE) {
            List<CellRows.Row> all = rows.all();
            all.subList(1, all.size()).forEach(row -> restorePage(row.value()));
        }
    }

    private void restorePage(byte[] page) {
        lastBytes = page.length;
        bytes += lastBytes;
        values.addAll(decodeAll(coder, page));
        pages++;
        saved = values.size();
    }

    /** Several values: how many, and each as its coder writes it where others follow. */
    static <T> byte[] encodeAll(Coder<T> coder, List<T> values) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            VarInt.encode(values.size(), bytes);
            for (T value : values) {
                coder.encode(value, bytes);
            }
        } catch (IOException e) {
            throw CellRows.cannotEncode(coder, e);
        }
        return bytes.toByteArray();
    }

    static <T> List<T> decodeAll(Coder<T> coder, byte[] bytes) {
        ByteArrayInputStream left = new ByteArrayInputStream(bytes);
        List<T> values = new ArrayList<>();
        try {
            for (int count = VarInt.decodeInt(left); count > 0; count--) {
                values.add(coder.decode(left));
            }
        } catch (IOException e) {
            throw CellRows.cannotDecode(coder, e);
        }
        return values;
    }
}
