package dev.tidemark.processor.schema;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import java.util.List;

/** A type that can be stored, and how. */
public sealed interface Storable {

    /** The Java type; of a primitive, the primitive. */
    TypeName type();

    /** Whether nothing reachable from a value can change, so that a value may be shared. */
    boolean immutable();

    /** Whether equal values have equal bytes: what a key needs. */
    boolean deterministic();

    /** A primitive; {@code write} and {@code read} are the methods of the run-time library that take it. */
    record Primitive(TypeName type, String write, String read, String wires) implements Storable {
        @Override
        public boolean immutable() {
            return true;
        }

        @Override
        public boolean deterministic() {
            return !type.equals(TypeName.DOUBLE) && !type.equals(TypeName.FLOAT);
        }
    }

    /** A type of the JDK or of Joda; {@code wires} is its constant in the run-time library. */
    record Scalar(TypeName type, String wires, boolean immutable, boolean deterministic) implements Storable {}

    /** An enum, stored by name. */
    record EnumOf(TypeName type, String id) implements Storable {
        @Override
        public boolean immutable() {
            return true;
        }

        @Override
        public boolean deterministic() {
            return true;
        }
    }

    /** An optional component. */
    record OptionalOf(Storable element) implements Storable {
        @Override
        public TypeName type() {
            return ParameterizedTypeName.get(
                    ClassName.get("java.util", "Optional"), element.type().box());
        }

        @Override
        public boolean immutable() {
            return element.immutable();
        }

        @Override
        public boolean deterministic() {
            return element.deterministic();
        }
    }

    /** A list, set or map; {@code wires} is its factory in the run-time library. */
    record Container(ClassName raw, String wires, List<Storable> elements) implements Storable {
        @Override
        public TypeName type() {
            return ParameterizedTypeName.get(
                    raw, elements.stream().map(each -> each.type().box()).toArray(TypeName[]::new));
        }

        @Override
        public boolean immutable() {
            return false;
        }

        @Override
        public boolean deterministic() {
            return elements.stream().allMatch(Storable::deterministic);
        }
    }

    /** A handle of a state that travels as a whole; {@code wires} is its factory in the run-time library. */
    record HandleOf(TypeName type, String wires, List<Storable> elements) implements Storable {
        @Override
        public boolean immutable() {
            return false;
        }

        @Override
        public boolean deterministic() {
            return elements.stream().allMatch(Storable::deterministic);
        }
    }

    /** A record, a state class or a sealed interface of records, with a coder of its own. */
    record Composite(ClassName type, String id, Shape shape, List<Field> fields) implements Storable {
        @Override
        public boolean immutable() {
            return fields.stream().allMatch(field -> field.storable().immutable());
        }

        @Override
        public boolean deterministic() {
            return fields.stream().allMatch(field -> field.storable().deterministic());
        }
    }

    /** What kind of type a {@link Composite} is. */
    enum Shape {
        RECORD,
        STATE,
        /** A state class with its handles: an initial state, or one that a tester shows. */
        WHOLE_STATE,
        UNION
    }

    /**
     * A field by its number; of a union, an alternative.
     *
     * @param fixed whether the number is written, and not just counted
     */
    record Field(int number, String name, Storable storable, boolean fixed) {
        /** One whose number is counted. */
        public Field(int number, String name, Storable storable) {
            this(number, name, storable, false);
        }
    }
}
