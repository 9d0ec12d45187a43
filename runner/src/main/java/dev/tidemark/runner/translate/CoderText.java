package dev.tidemark.runner.translate;

import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.SchemaCoder;

/**
 * A coder in words: the same for two that read each other's bytes, as far as that can be seen from outside. A coder that says what it
 * is is taken at its word, so that its class may have another name; of others the class counts, and what it is made of.
 */
final class CoderText {
    private static final String BEAM = "org.apache.beam.";

    private CoderText() {}

    static String of(Coder<?> coder) {
        if (coder instanceof SchemaCoder<?> schema) {
            return "Schema" + of(schema.getSchema());
        }
        Class<?> type = coder.getClass();
        if (coder instanceof CustomCoder<?> && !type.getName().startsWith(BEAM) && saysWhatItIs(type)) {
            return coder.toString();
        }
        String full = type.getName();
        String name = full.startsWith(BEAM) ? full.substring(full.lastIndexOf('.') + 1) : full;
        List<? extends Coder<?>> arguments = coder.getCoderArguments();
        if (arguments.isEmpty()) {
            return isForAType(type) ? name + "(" + coder.getEncodedTypeDescriptor() + ")" : name;
        }
        return name + "("
                + String.join(", ", arguments.stream().map(CoderText::of).toList()) + ")";
    }

    private static boolean saysWhatItIs(Class<?> type) {
        try {
            String declaring = type.getMethod("toString").getDeclaringClass().getName();
            return !declaring.equals(Object.class.getName()) && !declaring.startsWith(BEAM);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("everything has a toString", e);
        }
    }

    /** One class for coders of many types, such as SerializableCoder: what it encodes belongs to what it is. */
    private static boolean isForAType(Class<?> type) {
        return type.getName().startsWith(BEAM) && type.getTypeParameters().length > 0;
    }

    private static String of(Schema schema) {
        List<String> fields = schema.getFields().stream()
                .map(field -> field.getName() + " " + of(field.getType()))
                .toList();
        return "{" + String.join(", ", fields) + "}";
    }

    private static String of(Schema.FieldType type) {
        String name = switch (type.getTypeName()) {
            case ROW -> {
                Schema row = type.getRowSchema();
                yield row == null ? "ROW" : of(row);
            }
            case ARRAY, ITERABLE -> {
                Schema.FieldType element = type.getCollectionElementType();
                yield type.getTypeName() + (element == null ? "" : "<" + of(element) + ">");
            }
            case MAP -> {
                Schema.FieldType key = type.getMapKeyType();
                Schema.FieldType value = type.getMapValueType();
                yield key == null || value == null ? "MAP" : "MAP<" + of(key) + ", " + of(value) + ">";
            }
            case LOGICAL_TYPE -> {
                Schema.LogicalType<?, ?> logical = type.getLogicalType();
                yield logical == null ? "LOGICAL" : logical.getIdentifier();
            }
            default -> type.getTypeName().toString();
        };
        return Boolean.TRUE.equals(type.getNullable()) ? name + "?" : name;
    }
}
