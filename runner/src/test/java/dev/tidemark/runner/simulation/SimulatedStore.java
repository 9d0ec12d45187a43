package dev.tidemark.runner.simulation;

import dev.tidemark.runner.store.Changes;
import dev.tidemark.runner.store.MemoryStore;
import dev.tidemark.runner.store.Store;
import dev.tidemark.runner.store.StoreException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A store on a simulated disk: a log of epochs, each with a checksum. What a start finds is what the newest epoch that is whole says.
 * After a write that failed the log is not written to any more, and the next begins with all rows.
 *
 * <p>One epoch is committed at a time; any thread reads.
 */
final class SimulatedStore implements Store {
    private static final byte[] FIRST = {};
    private static final byte[] LAST = {-1};
    private static final int PUT = 0;
    private static final int DELETE = 1;
    private static final int DELETE_RANGE = 2;

    private final SimulatedDisk disk;
    private final Machine machine;
    private final MemoryStore rows = new MemoryStore();
    private long promised;
    private int logs;
    private @Nullable String log;
    /** What was to be committed when that failed, and what readers may see of it: nothing, or all. */
    private @Nullable Failed failed;

    /** @param isFound whether the rows have it by now */
    private record Failed(long epoch, List<Changes> changes, boolean isFound) {}

    SimulatedStore(SimulatedDisk disk, Machine machine) {
        this.disk = disk;
        this.machine = machine;
        for (String name : disk.names()) {
            logs = Math.max(logs, Integer.parseInt(name.substring("log-".length())));
            readLog(disk.read(name));
        }
        promised = rows.epoch();
    }

    /** The newest epoch of which somebody has been told that it lasts: where the machine dies, the next finds it, or a newer one. */
    long promised() {
        return promised;
    }

    // ---------------------------------------------------------------- what a start finds

    /** Logs overlap: one begins with what the one before had. */
    private void readLog(byte[] content) {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(content));
        try {
            while (in.available() > 2 * Integer.BYTES) {
                int length = in.readInt();
                int crc = in.readInt();
                if (length <= 0 || length > in.available()) {
                    return;
                }
                byte[] record = in.readNBytes(length);
                if (crc(record) != crc) {
                    return;
                }
                apply(record);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void apply(byte[] record) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(record));
        long epoch = in.readLong();
        Changes changes = new Changes();
        while (in.available() > 0) {
            int kind = in.read();
            byte[] key = bytes(in);
            switch (kind) {
                case PUT -> changes.put(key, bytes(in));
                case DELETE -> changes.delete(key);
                case DELETE_RANGE -> changes.deleteRange(key, bytes(in));
                default -> throw new IOException("a change of kind " + kind);
            }
        }
        // One that is older was left by a log that failed, and is part of what came after.
        if (epoch >= rows.epoch()) {
            rows.commit(epoch, List.of(changes));
        }
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        return in.readNBytes(in.readInt());
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    // ---------------------------------------------------------------- a commit

    @Override
    public void commit(long epoch, List<Changes> changes) throws StoreException {
        if (epoch <= rows.epoch()) {
            throw new IllegalStateException("epoch " + epoch + " after " + rows.epoch());
        }
        settle();
        try {
            if (log == null) {
                beginLog();
            }
            disk.append(log, record(epoch, changes));
            disk.sync(log);
        } catch (IOException e) {
            log = null;
            failed = new Failed(epoch, changes, false);
            throw new StoreException("TM-TEST: " + e.getMessage(), e);
        }
        rows.commit(epoch, changes);
        promised = epoch;
    }

    /**
     * As a store does that is opened anew after a failure, and finds that all had been written, or nothing. What it finds it writes anew:
     * that the disk has it is not known before.
     */
    @Override
    public void settle() throws StoreException {
        Failed before = failed;
        if (before == null) {
            return;
        }
        if (before.isFound() || machine.drawOnceIn(2)) {
            if (!before.isFound()) {
                rows.commit(before.epoch(), before.changes());
                failed = new Failed(before.epoch(), List.of(), true);
            }
            try {
                beginLog();
            } catch (IOException e) {
                throw new StoreException("TM-TEST: " + e.getMessage(), e);
            }
            promised = rows.epoch();
        }
        failed = null;
    }

    private void beginLog() throws IOException {
        SortedSet<String> old = disk.names();
        logs++;
        // In the order of their numbers, also as text: a start reads them one after the other.
        String name = String.format(Locale.ROOT, "log-%06d", logs);
        disk.create(name);
        Changes all = new Changes();
        // All the rows, and nothing of what another log has left.
        all.deleteRange(FIRST, LAST);
        rows.scan(FIRST, LAST, all::put);
        disk.append(name, record(rows.epoch(), List.of(all)));
        disk.sync(name);
        disk.syncNames();
        log = name;
        old.forEach(disk::delete);
    }

    private static byte[] record(long epoch, List<Changes> changes) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(body);
        out.writeLong(epoch);
        for (Changes each : changes) {
            each.forEach(new Writing(out));
        }
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        DataOutputStream framed = new DataOutputStream(record);
        framed.writeInt(body.size());
        framed.writeInt(crc(body.toByteArray()));
        body.writeTo(framed);
        return record.toByteArray();
    }

    private record Writing(DataOutputStream out) implements Changes.Visitor {
        @Override
        public void change(byte[] key, byte @Nullable [] value) {
            if (value == null) {
                write(DELETE, key);
            } else {
                write(PUT, key, value);
            }
        }

        @Override
        public void deleteRange(byte[] from, byte[] until) {
            write(DELETE_RANGE, from, until);
        }

        private void write(int kind, byte[]... parts) {
            try {
                out.write(kind);
                for (byte[] part : parts) {
                    out.writeInt(part.length);
                    out.write(part);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    // ---------------------------------------------------------------- readers

    @Override
    public long epoch() {
        return rows.epoch();
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        machine.step("a row");
        return rows.get(key);
    }

    @Override
    public byte @Nullable [] first(byte[] from, byte[] until) {
        machine.step("the first row of many");
        return rows.first(from, until);
    }

    @Override
    public void scanWhile(byte[] from, byte[] until, Taker taker) {
        machine.step("rows");
        rows.scanWhile(from, until, taker);
    }

    @Override
    public void close() {}
}
