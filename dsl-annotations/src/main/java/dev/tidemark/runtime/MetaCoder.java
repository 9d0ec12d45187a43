package dev.tidemark.runtime;

import java.io.IOException;
import java.util.Map;

/** The coder of {@link Meta}. */
public final class MetaCoder extends RecordCoder<Meta> {
    private static final long serialVersionUID = 1L;

    /** The only one: it is the same for every group. */
    public static final MetaCoder INSTANCE = new MetaCoder();

    private static final Wire<Map<String, Long>> NAMED = Wires.map(Wires.STRING, Wires.LONG);

    private MetaCoder() {
        super("~meta", true);
    }

    @Override
    protected void writeFields(Meta meta, WireWriter out) throws IOException {
        out.int64(1, meta.version());
        out.bool(2, meta.exists());
        if (meta.ending()) {
            out.bool(3, true);
        }
        time(4, meta.deadline(), out);
        time(5, meta.armed(), out);
        time(6, meta.held(), out);
        time(7, meta.frontier(), out);
        time(8, meta.created(), out);
        time(9, meta.minBuffered(), out);
        time(10, meta.touched(), out);
        if (!meta.named().isEmpty()) {
            out.value(11, meta.named(), NAMED);
        }
    }

    private static void time(int field, long millis, WireWriter out) throws IOException {
        if (millis != Meta.NONE) {
            out.int64(field, millis);
        }
    }

    @Override
    protected Meta readFields(WireReader in) throws IOException {
        int version = 0;
        boolean exists = false;
        boolean ending = false;
        long deadline = Meta.NONE;
        long armed = Meta.NONE;
        long held = Meta.NONE;
        long frontier = Meta.NONE;
        long created = Meta.NONE;
        long minBuffered = Meta.NONE;
        long touched = Meta.NONE;
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
                default -> in.skip();
            }
        }
        return new Meta(version, exists, ending, deadline, armed, held, frontier, created, minBuffered, touched, named);
    }
}
