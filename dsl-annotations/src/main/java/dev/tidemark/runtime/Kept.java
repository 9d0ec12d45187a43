package dev.tidemark.runtime;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the cell {@code ~meta} of a group holds: the plain fields of the user's state, and the bookkeeping beside them. They
 * share a cell because nearly every event changes both: two cells would be read and written where one is enough. Times are
 * milliseconds, {@link #NONE} if there is none. Immutable, but for the fields, which nobody changes.
 *
 * @param <S> the type of the state
 */
public final class Kept<S> {

    /** No time. */
    public static final long NONE = Long.MIN_VALUE;

    private final @Nullable Object content;
    private final int version;
    private final long touched;
    private final long armed;
    private final long deadline;
    private final Rest rest;

    /**
     * With these fields.
     *
     * @param fields the plain fields, null if they have their defaults or there are none
     * @param version the version of the state class that wrote it
     * @param touched the highest time of an event, of a group with a {@code ttl}
     * @param armed the time that the timer {@code ~wake} is set to, at or before the time it is needed
     * @param deadline when the group times out, unless it reaches its longest life before
     * @param rest what most groups have no use for
     */
    public Kept(@Nullable S fields, int version, long touched, long armed, long deadline, Rest rest) {
        this.content = fields;
        this.version = version;
        this.touched = touched;
        this.armed = armed;
        this.deadline = deadline;
        this.rest = rest;
    }

    /** With a {@link #content} that comes from another one, or was not read yet. */
    @SuppressWarnings("unchecked") // what is unread stands for the fields
    static <S> Kept<S> of(@Nullable Object content, int version, long touched, long armed, long deadline, Rest rest) {
        return new Kept<>((S) content, version, touched, armed, deadline, rest);
    }

    /** The plain fields; null if they have their defaults, or nothing is stored. */
    public static <S> @Nullable S fieldsOf(@Nullable Kept<S> kept) {
        return kept == null ? null : kept.fields();
    }

    /** The plain fields, null if they have their defaults or there are none. */
    @SuppressWarnings("unchecked") // nothing else is put in
    public @Nullable S fields() {
        return (S) (content instanceof Unread<?> unread ? unread.fields() : content);
    }

    /** The plain fields, or an {@link Unread} of them. */
    @Nullable
    Object content() {
        return content;
    }

    /** The version of the state class that wrote it. */
    public int version() {
        return version;
    }

    /** The highest time of an event, of a group with a {@code ttl}. */
    public long touched() {
        return touched;
    }

    /** The time that the timer {@code ~wake} is set to, at or before the time it is needed. */
    public long armed() {
        return armed;
    }

    /** When the group times out, unless it reaches its longest life before. */
    public long deadline() {
        return deadline;
    }

    /** What most groups have no use for. */
    public Rest rest() {
        return rest;
    }

    /**
     * The bookkeeping that seldom differs from {@link #USUAL}, for which one object will do.
     *
     * @param exists whether there is state: fields that all have their defaults are state, too
     * @param ending whether the timer at the end of the window is set; only for timeouts by the wall clock
     * @param held the time at which the timer holds the watermark, {@link #NONE} if that is the time it is set to
     * @param frontier the highest time of an event handled, where that matters: in order, or with a timeout by the wall clock
     * @param created when the group was opened, where there is a longest life
     * @param minBuffered the lowest time of an event in {@code ~inbox}
     * @param named the times of the alarms that are set, and of the last changes of fields with a {@code ttl}, by name
     */
    public record Rest(
            boolean exists,
            boolean ending,
            long held,
            long frontier,
            long created,
            long minBuffered,
            Map<String, Long> named) {

        /** A group that exists, and nothing else. */
        public static final Rest USUAL = new Rest(true, false, NONE, NONE, NONE, NONE, Map.of());

        /** Takes a copy of the names. */
        public Rest {
            named = Map.copyOf(named);
        }

        /** The usual one, if these are its values. */
        static Rest of(
                boolean exists,
                boolean ending,
                long held,
                long frontier,
                long created,
                long minBuffered,
                Map<String, Long> named) {
            return exists
                            && !ending
                            && held == NONE
                            && frontier == NONE
                            && created == NONE
                            && minBuffered == NONE
                            && named.isEmpty()
                    ? USUAL
                    : new Rest(exists, ending, held, frontier, created, minBuffered, named);
        }
    }
}
