package dev.tidemark.runtime;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.jspecify.annotations.Nullable;

/**
 * The coder of {@link Kept}. The plain fields are a field of it, under a number that changes with each migration: what an
 * earlier version has stored is known by its number, and brought to this version when it is read.
 *
 * @param <S> the type of the state
 */
public final class KeptCoder<S> extends RecordCoder<Kept<S>> {
    private static final long serialVersionUID = 1L;

    /** The number of the plain fields before any migration; each migration adds the version that it leads to. */
    private static final int FIELDS = 12;

    private static final Wire<Map<String, Long>> NAMED = Wires.map(Wires.STRING, Wires.LONG);

    private record Former(
            String group, int number, Wire<Object> wire, int version, SerializableFunction<Object, Object> next)
            implements Serializable {
        Object migrate(Object value) throws CoderException {
            try {
                return LiveGroup.notNull(next.apply(value), "the migration to version " + version);
            } catch (RuntimeException e) {
                throw new CoderException(group + "/~meta: the migration to version " + version + " failed: " + e, e);
            }
        }
    }

    private final String group;
    private final int number;
    private final @Nullable RecordCoder<S> fields;
    private final List<Former> formers;
    private final boolean deferred;

    private KeptCoder(
            String group, int number, @Nullable RecordCoder<S> fields, List<Former> formers, boolean deferred) {
        super(group + "/~meta", true);
        this.group = group;
        this.number = number;
        this.fields = fields;
        this.formers = formers;
        this.deferred = deferred;
    }

    /** For a group without plain fields. */
    public static <S> KeptCoder<S> of(String group) {
        return new KeptCoder<>(group, FIELDS, null, List.of(), false);
    }

    /** For a group with plain fields of this encoding. */
    public static <S> KeptCoder<S> of(String group, RecordCoder<S> fields) {
        return new KeptCoder<>(group, FIELDS, fields, List.of(), false);
    }

    /** The same after a migration to this version, which has this encoding. */
    @SuppressWarnings("unchecked") // a value that this wire has read is of the type that the migration takes
    public <T> KeptCoder<T> migrated(int version, SerializableFunction<S, T> migration, RecordCoder<T> wire) {
        if (fields == null) {
            throw new IllegalStateException(group + ": there is nothing to migrate");
        }
        List<Former> longer = new ArrayList<>(formers);
        longer.add(new Former(group, number, (Wire<Object>) fields, version, (SerializableFunction<Object, Object>)
                (SerializableFunction<?, ?>) migration));
        return new KeptCoder<>(group, FIELDS + version, wire, longer, deferred);
    }

    /** The same for a group whose events wait: its plain fields are read when a handler needs them. */
    public KeptCoder<S> deferred() {
        return new KeptCoder<>(group, number, fields, formers, true);
    }

    @Override
    protected List<StoredField> fields() {
        List<StoredField> all = new ArrayList<>(List.of(
                new StoredField(1, "~version", Wires.LONG),
                new StoredField(2, "~exists", Wires.BOOLEAN),
                new StoredField(3, "~ending", Wires.BOOLEAN),
                new StoredField(4, "~deadline", Wires.LONG),
                new StoredField(5, "~armed", Wires.LONG),
                new StoredField(6, "~held", Wires.LONG),
                new StoredField(7, "~frontier", Wires.LONG),
                new StoredField(8, "~created", Wires.LONG),
                new StoredField(9, "~minBuffered", Wires.LONG),
                new StoredField(10, "~touched", Wires.LONG),
                new StoredField(11, "~named", NAMED)));
        if (fields != null) {
            all.add(new StoredField(number, "fields", fields));
        }
        return all;
    }

    @Override
    protected void writeFields(Kept<S> kept, WireWriter out) throws IOException {
        if (kept.version() != 1) {
            out.int64(1, kept.version());
        }
        Kept.Rest rest = kept.rest();
        if (!rest.exists()) {
            out.bool(2, false);
        }
        if (rest.ending()) {
            out.bool(3, true);
        }
        time(4, kept.deadline(), out);
        time(5, kept.armed(), out);
        time(6, rest.held(), out);
        time(7, rest.frontier(), out);
        time(8, rest.created(), out);
        time(9, rest.minBuffered(), out);
        time(10, kept.touched(), out);
        if (!rest.named().isEmpty()) {
            out.value(11, rest.named(), NAMED);
        }
        if (fields != null) {
            if (kept.content() instanceof Unread<?> unread && unread.isOf(fields, number)) {
                unread.writeTo(out);
            } else {
                out.record(number, kept.fields(), fields);
            }
        }
    }

    private static void time(int field, long millis, WireWriter out) throws IOException {
        if (millis != Kept.NONE) {
            out.int64(field, millis);
        }
    }

    @Override
    protected Kept<S> readFields(WireReader in) throws IOException {
        Object plain = null;
        int version = 1;
        boolean exists = true;
        boolean ending = false;
        long deadline = Kept.NONE;
        long armed = Kept.NONE;
        long held = Kept.NONE;
        long frontier = Kept.NONE;
        long created = Kept.NONE;
        long minBuffered = Kept.NONE;
        long touched = Kept.NONE;
        Map<String, Long> named = Map.of();
        while (in.next()) {
            switch (in.field()) {
                case 1 -> version = in.int32();
                case 2 -> exists = in.bool();
                case 3 -> ending = in.bool();
                case 4 -> deadline = in.int64();
                case 5 -> armed = in.int64();
                case 6 -> held = in.int64();
                case 7 -> frontier = in.int64();
                case 8 -> created = in.int64();
                case 9 -> minBuffered = in.int64();
                case 10 -> touched = in.int64();
                case 11 -> named = in.value(NAMED);
                default -> {
                    if (in.field() == number && fields != null) {
                        plain = deferred ? in.unread(fields) : in.record(fields);
                    } else {
                        plain = former(in, plain);
                    }
                }
            }
        }
        return Kept.of(
                plain,
                version,
                touched,
                armed,
                deadline,
                Kept.Rest.of(exists, ending, held, frontier, created, minBuffered, named));
    }

    /** The state of an earlier version, through all the migrations since. */
    private @Nullable Object former(WireReader in, @Nullable Object otherwise) throws IOException {
        Object value = null;
        for (Former former : formers) {
            if (value != null) {
                value = former.migrate(value);
            } else if (in.field() == former.number()) {
                value = former.migrate(in.value(former.wire()));
            }
        }
        if (value == null) {
            in.skip();
            return otherwise;
        }
        return value;
    }
}
