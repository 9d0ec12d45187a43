package dev.tidemark.processor.validation;

import dev.tidemark.processor.schema.Storable;
import dev.tidemark.processor.schema.Storable.Composite;
import dev.tidemark.processor.schema.Storable.Container;
import dev.tidemark.processor.schema.Storable.Field;
import dev.tidemark.processor.schema.Storable.OptionalOf;
import dev.tidemark.processor.schema.Storable.Primitive;
import dev.tidemark.processor.schema.Storable.Scalar;
import java.util.Optional;

/** What cannot be a key, because equal keys could have unequal bytes, or unequal ones look equal to Java only. */
final class KeyDeterminism {
    private KeyDeterminism() {}

    static Optional<String> problem(Storable storable, String where) {
        if ((storable instanceof Primitive || storable instanceof Scalar) && !storable.deterministic()) {
            return Optional.of(
                    where + " cannot be a key, or part of one: it is a " + storable.type()
                            + ", and floating point numbers that are equal can be stored apart. Round it to a long, or use a String");
        }
        if (storable instanceof Scalar scalar && !scalar.immutable()) {
            return Optional.of(
                    where + " cannot be a key, or part of one: arrays with equal content are different keys in Java."
                            + " Use a String or a List");
        }
        if (storable instanceof OptionalOf optional) {
            return problem(optional.element(), where);
        }
        if (storable instanceof Container container) {
            if (!container.wires().equals("list")) {
                return Optional.of(where + " cannot be a key, or part of one: a "
                        + container.raw().simpleName() + " has no order of its own. Use a List, sorted");
            }
            return problem(container.elements().get(0), where);
        }
        if (storable instanceof Composite composite) {
            for (Field field : composite.fields()) {
                Optional<String> problem = problem(field.storable(), where + "." + field.name());
                if (problem.isPresent()) {
                    return problem;
                }
            }
        }
        return Optional.empty();
    }
}
