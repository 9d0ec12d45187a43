package dev.tidemark;

/**
 * Takes the rows that a handler emits. They leave the group only if the handler returns normally.
 *
 * @param <O> the output of the group
 */
public interface Out<O> {

    /** Emits one row; null is refused with a {@link NullPointerException}. */
    void emit(O row);
}
