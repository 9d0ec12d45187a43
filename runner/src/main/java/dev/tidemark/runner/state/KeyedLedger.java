package dev.tidemark.runner.state;

import static java.util.Objects.requireNonNull;

import dev.tidemark.runner.plan.KeyGroups;
import dev.tidemark.runner.plan.RowKind;
import dev.tidemark.runner.state.StepLedger.Place;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.jspecify.annotations.Nullable;

/**
 * The ledger of a step whose rows belong to keys: puts a window and a key into the names of rows, and takes them out again. Owned by
 * one task.
 */
public final class KeyedLedger {
    /** Before the bytes of a window. */
    private static final byte WINDOW = 0;

    /** Before the name of what is no window: where Beam's runtime keeps what is common to all windows of a key. */
    private static final byte NO_WINDOW = 1;

    /** Also what stands for the key where everything is under one. */
    private static final byte[] NOTHING = new byte[0];

    private final StepLedger ledger;
    private final Coder<BoundedWindow> windowCoder;
    private final @Nullable Coder<Object> keyCoder;

    /** Makes a ledger of keyed rows; {@code keyCoder} is null where everything is under one key. */
    public KeyedLedger(StepLedger ledger, Coder<BoundedWindow> windowCoder, @Nullable Coder<Object> keyCoder) {
        this.ledger = ledger;
        this.windowCoder = windowCoder;
        this.keyCoder = keyCoder;
    }

    boolean isKept() {
        return ledger.isKept();
    }

    /** The group of a key. */
    public int groupOf(@Nullable Object key) {
        return keyCoder == null ? 0 : KeyGroups.groupOf(key, keyCoder);
    }

    private @Nullable Object structural(@Nullable Object key) {
        return StateTable.structural(key, keyCoder);
    }

    /** What all rows of a window begin with. */
    private byte[] windowPrefix(Object window) {
        byte[] windowBytes = window instanceof BoundedWindow real
                ? CellRows.encode(windowCoder, real)
                : window.toString().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(1 + Integer.BYTES + windowBytes.length)
                .put(window instanceof BoundedWindow ? WINDOW : NO_WINDOW)
                .putInt(windowBytes.length)
                .put(windowBytes)
                .array();
    }

    /** What all rows of a key in a window begin with. */
    private byte[] address(Object window, @Nullable Object key) {
        byte[] windowBytes = windowPrefix(window);
        byte[] keyBytes = keyCoder == null ? NOTHING : CellRows.encode(keyCoder, key);
        return ByteBuffer.allocate(windowBytes.length + Integer.BYTES + keyBytes.length)
                .put(windowBytes)
                .putInt(keyBytes.length)
                .put(keyBytes)
                .array();
    }

    /** A key in a window, read back. */
    private record Address(Object window, @Nullable Object key) {}

    private Address address(ByteBuffer left) {
        Object window = window(left);
        byte[] keyBytes = bytes(left);
        return new Address(window, keyCoder == null ? null : CellRows.decode(keyCoder, keyBytes));
    }

    private Object window(ByteBuffer left) {
        boolean real = left.get() == WINDOW;
        byte[] windowBytes = bytes(left);
        return real
                ? CellRows.decode(windowCoder, windowBytes)
                : new String(windowBytes, StandardCharsets.UTF_8).intern();
    }

    private static void skipAddress(ByteBuffer left) {
        left.get();
        int windowBytes = left.getInt();
        left.position(left.position() + windowBytes);
        int keyBytes = left.getInt();
        left.position(left.position() + keyBytes);
    }

    private static byte[] bytes(ByteBuffer left) {
        byte[] bytes = new byte[left.getInt()];
        left.get(bytes);
        return bytes;
    }

    private static byte[] rest(ByteBuffer left) {
        byte[] bytes = new byte[left.remaining()];
        left.get(bytes);
        return bytes;
    }

    /**
     * The name of a row of keyed state, taken apart as far as that goes without coders.
     *
     * @param window the window's bytes; null for what is common to all windows of a key
     * @param kind of a cell; of a timer its time domain
     * @param trigger of a cell, or {@link Cells#NO_TRIGGER}
     * @param family of a timer; of a cell it is empty
     * @param name of the state, or of the timer
     * @param row of a cell that has several
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    public record Name(
            byte @Nullable [] window, byte[] key, byte kind, int trigger, String family, String name, byte[] row) {
        /** Of the name of a row of kind {@link RowKind#CELL}, without what the ledger puts before it. */
        public static Name ofCell(byte[] rest) {
            ByteBuffer left = ByteBuffer.wrap(rest);
            byte[] window = windowBytes(left);
            byte[] key = bytes(left);
            byte kind = left.get();
            int trigger = left.getInt();
            return new Name(window, key, kind, trigger, "", text(left), KeyedLedger.rest(left));
        }

        /** Of the name of a row of kind {@link RowKind#TIMER}, without what the ledger puts before it. */
        public static Name ofTimer(byte[] rest) {
            ByteBuffer left = ByteBuffer.wrap(rest);
            byte[] window = windowBytes(left);
            byte[] key = bytes(left);
            byte kind = left.get();
            String family = text(left);
            return new Name(window, key, kind, Cells.NO_TRIGGER, family, text(left), new byte[0]);
        }

        private static byte @Nullable [] windowBytes(ByteBuffer left) {
            boolean real = left.get() == WINDOW;
            byte[] window = bytes(left);
            return real ? window : null;
        }
    }

    // ---------------------------------------------------------------- cells

    /** Writes what has changed in the cells of a key in a window, into the checkpoint whose barrier has passed. */
    void saveFrozen(Cells cells) {
        ledger.writeFrozen(() -> save(cells));
    }

    private void save(Cells cells) {
        byte[] address = address(cells.window(), cells.key());
        cells.addressBytes = address.length;
        int group = groupOf(cells.key());
        cells.save((kind, trigger, name) -> {
            byte[] prefix = cellPrefix(address, kind, trigger, name);
            return new CellRows() {
                @Override
                public void put(byte[] row, byte[] value) {
                    ledger.put(RowKind.CELL, group, appended(prefix, row), value);
                }

                @Override
                public void delete(byte[] row) {
                    ledger.delete(RowKind.CELL, group, appended(prefix, row));
                }

                @Override
                public void areAny(boolean any) {
                    byte[] row = cellPrefix(address, Cells.ANY, trigger, name);
                    if (any) {
                        ledger.put(RowKind.CELL, group, row, ONLY);
                    } else {
                        ledger.delete(RowKind.CELL, group, row);
                    }
                }
            };
        });
    }

    private static byte[] appended(byte[] prefix, byte[] row) {
        return ByteBuffer.allocate(prefix.length + row.length)
                .put(prefix)
                .put(row)
                .array();
    }

    private interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    private static byte[] joined(byte[] first, Writing then) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(first.length + 32);
        try {
            bytes.write(first);
            then.to(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException("a name does not fit into the name of a row", e);
        }
        return bytes.toByteArray();
    }

    /**
     * Learns what cannot wait of the committed rows: which windows there are, where they must expire, or else what holds the watermark. The
     * rest is there for {@link #load}, or for who asks for it.
     *
     * @return whether there is anything
     */
    boolean restore(StateTable table, Holds holds) {
        if (!table.expires()) {
            return restoreHolds(holds);
        }
        // From window to window, without looking at each key.
        Place place = ledger.first(RowKind.CELL, ledger.beginning());
        boolean any = place != null;
        while (place != null) {
            ByteBuffer left = ByteBuffer.wrap(place.rest());
            table.isPartly(window(left));
            byte[] behindWindow = requireNonNull(Bytes.afterAllWith(Arrays.copyOf(place.rest(), left.position())));
            place = ledger.first(RowKind.CELL, new Place(place.group(), behindWindow));
        }
        return any;
    }

    private boolean restoreHolds(Holds holds) {
        boolean[] any = {false};
        ledger.read(RowKind.CELL, (group, rest, value) -> {
            any[0] = true;
            ByteBuffer left = ByteBuffer.wrap(rest);
            skipAddress(left);
            if (left.get() == Cell.Kind.HOLD.number) {
                holds.add(HoldCell.millis(value));
            }
        });
        return any[0];
    }

    /** Before the rows of all keys of this task. */
    Place beginning() {
        return ledger.beginning();
    }

    /** How many of this task's groups are before a place, of how many. */
    double partBefore(Place place) {
        int first = ledger.firstGroup();
        return Math.max(1.0, place.group() - first) / (ledger.groupsEnd() - first);
    }

    /**
     * Gives the committed rows of at most so many keys to their cells in the table, where that wants them. What they hold is among the holds
     * already.
     *
     * @return where the next key begins, or null where there is none
     */
    @Nullable
    Place load(StateTable table, Place from, int keys) {
        Load load = new Load(table, keys);
        ledger.readWhile(RowKind.CELL, from, load);
        load.finishKey();
        return load.next;
    }

    /** Puts rows that follow each other into the cells of their keys. */
    private final class Load implements StepLedger.Taker {
        private final StateTable table;
        private int keysLeft;
        /** What the rows of the current key begin with, and its cells; null where they are not wanted. */
        private byte[] address = NOTHING;

        private @Nullable Cells cells;
        private @Nullable Place next;

        Load(StateTable table, int keys) {
            this.table = table;
            this.keysLeft = keys;
        }

        @Override
        public boolean row(int group, byte[] rest, byte[] value) {
            ByteBuffer left = ByteBuffer.wrap(rest);
            skipAddress(left);
            int end = left.position();
            if (!Arrays.equals(address, 0, address.length, rest, 0, end)) {
                finishKey();
                if (keysLeft == 0) {
                    next = new Place(group, rest);
                    return false;
                }
                keysLeft--;
                address = Arrays.copyOf(rest, end);
                Address of = address(ByteBuffer.wrap(rest));
                cells = table.toLoad(of.window(), structural(of.key()), of.key());
            }
            Cells wanted = cells;
            if (wanted != null) {
                wanted.addressBytes = end;
                giveRow(wanted, left, value);
            }
            return true;
        }

        void finishKey() {
            Cells finished = cells;
            if (finished != null) {
                table.loaded(finished);
            }
            cells = null;
        }
    }

    /** Gives the cells a row of theirs, whose name is left from where the cell begins. */
    private static void giveRow(Cells cells, ByteBuffer left, byte[] value) {
        byte kind = left.get();
        int trigger = left.getInt();
        cells.restored(kind, trigger, text(left), new CellRows.Row(rest(left), value));
    }

    /** What the store has of one cell of a key. What it holds is among the holds already. */
    StoredRows rows(Cells cells, byte kind, int trigger, String name) {
        byte[] address = address(cells.window(), cells.key());
        int group = groupOf(cells.key());
        byte[] prefix = cellPrefix(address, kind, trigger, name);
        return new StoredRows() {
            @Override
            public byte @Nullable [] get(byte[] row) {
                return ledger.get(RowKind.CELL, group, appended(prefix, row));
            }

            @Override
            public List<CellRows.Row> all() {
                List<CellRows.Row> rows = new ArrayList<>();
                ledger.read(
                        RowKind.CELL,
                        group,
                        prefix,
                        (ofGroup, rest, value) -> rows.add(
                                new CellRows.Row(Arrays.copyOfRange(rest, prefix.length, rest.length), value)));
                return rows;
            }

            @Override
            public boolean isAny() {
                return ledger.get(RowKind.CELL, group, cellPrefix(address, Cells.ANY, trigger, name)) != null;
            }
        };
    }

    private static byte[] cellPrefix(byte[] address, byte kind, int trigger, String name) {
        return joined(address, out -> {
            out.writeByte(kind);
            out.writeInt(trigger);
            writeText(out, name);
        });
    }

    /** Gives every key that the store has in the window to {@code visitor}, once. */
    void keysOf(Object window, StateTable.KeyVisitor visitor) {
        byte[] prefix = windowPrefix(window);
        for (int ofGroup = ledger.firstGroup(); ofGroup < ledger.groupsEnd(); ofGroup++) {
            byte[][] last = {NOTHING};
            ledger.read(RowKind.CELL, ofGroup, prefix, (group, rest, value) -> {
                ByteBuffer left = ByteBuffer.wrap(rest);
                skipAddress(left);
                int end = left.position();
                if (!Arrays.equals(last[0], 0, last[0].length, rest, 0, end)) {
                    last[0] = Arrays.copyOf(rest, end);
                    Object key = address(ByteBuffer.wrap(rest)).key();
                    visitor.key(structural(key), key);
                }
            });
        }
    }

    /** Removes every row of the window's cells with the next epoch. */
    void erase(Object window) {
        byte[] prefix = windowPrefix(window);
        for (int group = ledger.firstGroup(); group < ledger.groupsEnd(); group++) {
            ledger.deleteAll(RowKind.CELL, group, prefix);
        }
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /** A name as {@link #writeText} writes it; the same object each time. */
    private static String text(ByteBuffer left) {
        return new String(bytes(left), StandardCharsets.UTF_8).intern();
    }

    // ---------------------------------------------------------------- timers

    /** Writes a timer that is pending. */
    void put(TimerEntry timer) {
        byte[] value = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(timer.time())
                .putLong(timer.outputTime())
                .array();
        ledger.put(RowKind.TIMER, groupOf(timer.key()), name(timer), value);
    }

    /** Removes a timer that is not pending any more. */
    void delete(TimerEntry timer) {
        ledger.delete(RowKind.TIMER, groupOf(timer.key()), name(timer));
    }

    private byte[] name(TimerEntry timer) {
        return joined(address(timer.id().window(), timer.key()), out -> {
            out.writeByte(number(timer.id().domain()));
            writeText(out, timer.id().family());
            writeText(out, timer.id().name());
        });
    }

    private static int number(TimeDomain domain) {
        return switch (domain) {
            case EVENT_TIME -> 0;
            case PROCESSING_TIME -> 1;
            case SYNCHRONIZED_PROCESSING_TIME -> 2;
        };
    }

    /** The time domain that {@link Name#kind} of a timer stands for. */
    public static TimeDomain domain(int number) {
        return switch (number) {
            case 0 -> TimeDomain.EVENT_TIME;
            case 1 -> TimeDomain.PROCESSING_TIME;
            case 2 -> TimeDomain.SYNCHRONIZED_PROCESSING_TIME;
            default -> throw new IllegalStateException("there is no time domain " + number);
        };
    }

    /** Takes a timer that is pending. */
    interface PendingTimer {
        void restored(TimerEntry.Id id, @Nullable Object key, long time, long outputTime);
    }

    /** Hands over the timers of this task's keys that the last committed epoch has pending. */
    void restore(PendingTimer timers) {
        ledger.read(RowKind.TIMER, (group, rest, value) -> {
            ByteBuffer left = ByteBuffer.wrap(rest);
            Address address = address(left);
            TimeDomain domain = domain(left.get());
            String family = text(left);
            String name = text(left);
            ByteBuffer times = ByteBuffer.wrap(value);
            timers.restored(
                    new TimerEntry.Id(structural(address.key()), address.window(), domain, family, name),
                    address.key(),
                    times.getLong(),
                    times.getLong());
        });
    }
}
