package dev.tidemark;

import dev.tidemark.runtime.LooseBag;
import java.util.List;
import java.util.stream.Stream;

/**
 * A field of the state that collects values, in no defined order, equal ones too. Adding costs the same however much is
 * in it, because nothing is read. A handler sees its own additions.
 *
 * @param <E> a storable type
 */
public interface Bag<E> extends Iterable<E> {

    /** A bag outside any group: for an initial state. */
    @SafeVarargs
    static <E> Bag<E> of(E... values) {
        Bag<E> bag = new LooseBag<>();
        for (E value : values) {
            bag.add(value);
        }
        return bag;
    }

    /** Adds one value; null is refused with a {@link NullPointerException}. */
    void add(E value);

    /** All values; reads the whole bag. */
    Stream<E> stream();

    /** All values, as an unmodifiable list; reads the whole bag. */
    List<E> list();

    /** Whether nothing is in it. */
    boolean isEmpty();

    /** Removes all values. */
    void clear();
}
