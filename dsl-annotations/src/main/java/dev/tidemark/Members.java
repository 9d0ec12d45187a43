package dev.tidemark;

import dev.tidemark.runtime.LooseMembers;
import java.util.List;

/**
 * A field of the state that is a set: each value is in it once.
 *
 * @param <E> a storable type with a deterministic encoding, like a key
 */
public interface Members<E> {

    /** Members outside any group: for an initial state. */
    @SafeVarargs
    static <E> Members<E> of(E... values) {
        Members<E> members = new LooseMembers<>();
        for (E value : values) {
            members.add(value);
        }
        return members;
    }

    /** Adds the value, unless it is a member; null is refused with a {@link NullPointerException}. */
    void add(E value);

    /** Removes the value, if it is a member. */
    void remove(E value);

    /** Whether the value is a member. */
    boolean contains(E value);

    /** All members, in the order of their encoded bytes: for strings, of their UTF-8. The same on every runner. */
    List<E> list();

    /** Whether there is none. */
    boolean isEmpty();

    /** Removes all members. */
    void clear();
}
