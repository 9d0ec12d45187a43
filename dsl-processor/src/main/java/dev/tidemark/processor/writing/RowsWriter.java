package dev.tidemark.processor.writing;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeSpec;
import dev.tidemark.processor.model.GroupModel;
import dev.tidemark.processor.schema.Storable;
import dev.tidemark.processor.schema.Storable.Composite;
import dev.tidemark.processor.schema.Storable.Container;
import dev.tidemark.processor.schema.Storable.EnumOf;
import dev.tidemark.processor.schema.Storable.Field;
import dev.tidemark.processor.schema.Storable.OptionalOf;
import dev.tidemark.processor.schema.Storable.Primitive;
import dev.tidemark.processor.schema.Storable.Scalar;
import dev.tidemark.processor.schema.Storable.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.lang.model.element.Modifier;

/**
 * Writes what the rows of a group are as rows of Beam: for each record that is emitted, or is part of one, its schema and the
 * way there and back. A record with a sealed component has no schema, so nothing is written for it.
 */
final class RowsWriter {
    private static final ClassName SCHEMA = ClassName.get("org.apache.beam.sdk.schemas", "Schema");
    private static final ClassName FIELD_TYPE = SCHEMA.nestedClass("FieldType");
    private static final ClassName ROW = ClassName.get("org.apache.beam.sdk.values", "Row");
    private static final ClassName SQL_TYPES = ClassName.get("org.apache.beam.sdk.schemas.logicaltypes", "SqlTypes");
    private static final ClassName NANOS_DURATION =
            ClassName.get("org.apache.beam.sdk.schemas.logicaltypes", "NanosDuration");
    private static final ClassName ROW_FORM = ClassName.get("dev.tidemark", "RowForm");
    private static final ClassName ROW_VALUES = BeamNames.runtime("RowValues");

    private final GroupModel group;
    private final Map<String, Composite> records = new LinkedHashMap<>();

    RowsWriter(GroupModel group) {
        this.group = group;
        for (Composite row : rows(group)) {
            if (hasSchema(row)) {
                add(row);
            }
        }
    }

    /** The records that a group emits. */
    private static List<Composite> rows(GroupModel group) {
        if (!group.isSealed()) {
            return List.of(group.output());
        }
        List<Composite> rows = new ArrayList<>();
        group.output().fields().forEach(field -> rows.add((Composite) field.storable()));
        return rows;
    }

    private static boolean hasSchema(Storable storable) {
        if (storable instanceof Composite composite) {
            return composite.shape() == Shape.RECORD
                    && composite.fields().stream().allMatch(field -> hasSchema(field.storable()));
        }
        if (storable instanceof OptionalOf optional) {
            return hasSchema(optional.element());
        }
        return !(storable instanceof Container container)
                || container.elements().stream().allMatch(RowsWriter::hasSchema);
    }

    private void add(Storable storable) {
        if (storable instanceof OptionalOf optional) {
            add(optional.element());
        } else if (storable instanceof Container container) {
            container.elements().forEach(this::add);
        } else if (storable instanceof Composite composite && !records.containsKey(composite.id())) {
            composite.fields().forEach(field -> add(field.storable()));
            records.put(composite.id(), composite);
        }
    }

    /** Whether there is anything to write. */
    boolean isEmpty() {
        return records.isEmpty();
    }

    /** The methods by which users get at what is written. */
    List<MethodSpec> accessors() {
        List<MethodSpec> methods = new ArrayList<>();
        for (Composite row : rows(group)) {
            if (records.containsKey(row.id())) {
                String simple = row.type().simpleName();
                methods.add(
                        MethodSpec.methodBuilder(Character.toLowerCase(simple.charAt(0)) + simple.substring(1) + "Rows")
                                .addJavadoc(
                                        "What {@link $T} is as a Beam {@code Row}, for schema transforms and SQL.\n",
                                        row.type())
                                .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                                .returns(ParameterizedTypeName.get(ROW_FORM, row.type()))
                                .addStatement("return $T.INSTANCE", form(row))
                                .build());
            }
        }
        return methods;
    }

    private ClassName form(Composite record) {
        List<String> names = new ArrayList<>();
        for (Composite each : records.values()) {
            String name = each.type().simpleName() + "Rows";
            while (names.contains(name)) {
                name += "_";
            }
            names.add(name);
            if (each.id().equals(record.id())) {
                return group.names().rows().nestedClass(name);
            }
        }
        throw new AssertionError(record + " is none of " + records);
    }

    TypeSpec write() {
        TypeSpec.Builder holder = TypeSpec.classBuilder(group.names().rows())
                .addJavadoc(
                        "What {@link $T} emits, as rows of Beam.\n",
                        group.names().anchor())
                .addAnnotation(BeamNames.GENERATED)
                .addAnnotation(Suppressions.NULLNESS)
                .addModifiers(Modifier.FINAL)
                .addMethod(MethodSpec.constructorBuilder()
                        .addModifiers(Modifier.PRIVATE)
                        .build());
        records.values().forEach(record -> holder.addType(form(record, form(record))));
        return holder.build();
    }

    private TypeSpec form(Composite record, ClassName name) {
        return TypeSpec.classBuilder(name)
                .addJavadoc("{@link $T}.\n", record.type())
                .addModifiers(Modifier.STATIC, Modifier.FINAL)
                .addSuperinterface(ParameterizedTypeName.get(ROW_FORM, record.type()))
                .addField(Suppressions.serialVersion())
                .addField(FieldSpec.builder(SCHEMA, "SCHEMA", Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL)
                        .initializer(schema(record))
                        .build())
                .addField(FieldSpec.builder(name, "INSTANCE", Modifier.STATIC, Modifier.FINAL)
                        .initializer("new $T()", name)
                        .build())
                .addMethod(MethodSpec.constructorBuilder()
                        .addModifiers(Modifier.PRIVATE)
                        .build())
                .addMethod(method("type")
                        .returns(ParameterizedTypeName.get(ClassName.get(Class.class), record.type()))
                        .addStatement("return $T.class", record.type())
                        .build())
                .addMethod(method("schema")
                        .returns(SCHEMA)
                        .addStatement("return SCHEMA")
                        .build())
                .addMethod(toRow(record))
                .addMethod(fromRow(record))
                .addMethod(MethodSpec.methodBuilder("readResolve")
                        .addModifiers(Modifier.PRIVATE)
                        .returns(Object.class)
                        .addStatement("return INSTANCE")
                        .build())
                .build();
    }

    private static MethodSpec.Builder method(String name) {
        return MethodSpec.methodBuilder(name).addAnnotation(Override.class).addModifiers(Modifier.PUBLIC);
    }

    private CodeBlock schema(Composite record) {
        CodeBlock.Builder schema = CodeBlock.builder().add("$T.builder()", SCHEMA);
        for (Field field : record.fields()) {
            schema.add(
                    field.storable() instanceof Primitive ? "\n.addField($S, $L)" : "\n.addNullableField($S, $L)",
                    field.name(),
                    type(field.storable()));
        }
        return schema.add("\n.build()").build();
    }

    private CodeBlock type(Storable storable) {
        if (storable instanceof Primitive primitive) {
            return scalar(primitive.wires());
        }
        if (storable instanceof Scalar scalar) {
            return scalar(scalar.wires());
        }
        if (storable instanceof OptionalOf optional) {
            return type(optional.element());
        }
        if (storable instanceof Composite composite) {
            return CodeBlock.of("$T.row($T.INSTANCE.schema())", FIELD_TYPE, form(composite));
        }
        if (storable instanceof Container container) {
            CodeBlock first = type(container.elements().get(0));
            return container.wires().equals("map")
                    ? CodeBlock.of(
                            "$T.map($L, $L)",
                            FIELD_TYPE,
                            first,
                            type(container.elements().get(1)))
                    : CodeBlock.of("$T.array($L)", FIELD_TYPE, first);
        }
        return CodeBlock.of("$T.STRING", FIELD_TYPE);
    }

    private static CodeBlock scalar(String wires) {
        return switch (wires) {
            case "BOOLEAN", "BYTE", "FLOAT", "DOUBLE", "BYTES" -> CodeBlock.of("$T.$N", FIELD_TYPE, wires);
            case "SHORT" -> CodeBlock.of("$T.INT16", FIELD_TYPE);
            case "INTEGER" -> CodeBlock.of("$T.INT32", FIELD_TYPE);
            case "LONG", "JODA_DURATION" -> CodeBlock.of("$T.INT64", FIELD_TYPE);
            case "INSTANT", "JODA_INSTANT" -> CodeBlock.of("$T.DATETIME", FIELD_TYPE);
            case "LOCAL_DATE" -> CodeBlock.of("$T.logicalType($T.DATE)", FIELD_TYPE, SQL_TYPES);
            case "LOCAL_TIME" -> CodeBlock.of("$T.logicalType($T.TIME)", FIELD_TYPE, SQL_TYPES);
            case "LOCAL_DATE_TIME" -> CodeBlock.of("$T.logicalType($T.DATETIME)", FIELD_TYPE, SQL_TYPES);
            case "DURATION" -> CodeBlock.of("$T.logicalType(new $T())", FIELD_TYPE, NANOS_DURATION);
            default -> CodeBlock.of("$T.STRING", FIELD_TYPE);
        };
    }

    private MethodSpec toRow(Composite record) {
        CodeBlock.Builder values = CodeBlock.builder();
        for (Field field : record.fields()) {
            values.add("\n.addValue($L)", to(CodeBlock.of("value.$N()", field.name()), field.storable(), false, 0));
        }
        return method("toRow")
                .returns(ROW)
                .addParameter(record.type(), "value")
                .addStatement("return $T.withSchema(SCHEMA)$L\n.build()", ROW, values.build())
                .build();
    }

    /** A value of a record as that of a row; {@code object} tells that the static type of the value is Object. */
    private CodeBlock to(CodeBlock value, Storable storable, boolean object, int depth) {
        if (storable instanceof OptionalOf optional) {
            return to(CodeBlock.of("$T.orNull($L)", BeamNames.WIRES, value), optional.element(), object, depth);
        }
        CodeBlock typed = object ? CodeBlock.of("($T) $L", storable.type().box(), value) : value;
        if (storable instanceof Composite composite) {
            return CodeBlock.of("$T.row($L, $T.INSTANCE)", ROW_VALUES, typed, form(composite));
        }
        if (storable instanceof Container container) {
            return container(value, container, depth, true);
        }
        if (storable instanceof EnumOf) {
            return CodeBlock.of("$T.convert($L, $T::name)", ROW_VALUES, typed, storable.type());
        }
        String wires = wires(storable);
        return switch (wires) {
            case "INSTANT" -> CodeBlock.of("$T.joda($L)", ROW_VALUES, typed);
            case "JODA_DURATION" ->
                CodeBlock.of("$T.convert($L, $T::getMillis)", ROW_VALUES, typed, BeamNames.JODA_DURATION);
            default -> isText(wires) ? CodeBlock.of("$T.text($L)", ROW_VALUES, value) : value;
        };
    }

    private MethodSpec fromRow(Composite record) {
        List<CodeBlock> values = new ArrayList<>();
        int index = 0;
        for (Field field : record.fields()) {
            values.add(from(CodeBlock.of("row.getValue($L)", index++), field.storable(), 0));
        }
        return method("fromRow")
                .returns(record.type())
                .addParameter(ROW, "row")
                .addStatement("return new $T($>\n$L)$<", record.type(), CodeBlock.join(values, ",\n"))
                .build();
    }

    private CodeBlock from(CodeBlock value, Storable storable, int depth) {
        if (storable instanceof OptionalOf optional) {
            return CodeBlock.of("$T.ofNullable($L)", Optional.class, from(value, optional.element(), depth));
        }
        if (storable instanceof Composite composite) {
            return CodeBlock.of("$T.record($L, $T.INSTANCE)", ROW_VALUES, value, form(composite));
        }
        if (storable instanceof Container container) {
            return container(value, container, depth, false);
        }
        if (storable instanceof EnumOf) {
            return CodeBlock.of("$T.parse($L, $T::valueOf)", ROW_VALUES, value, storable.type());
        }
        return switch (wires(storable)) {
            case "INSTANT" -> CodeBlock.of("$T.instant($L)", ROW_VALUES, value);
            case "JODA_INSTANT" -> CodeBlock.of("$T.jodaInstant($L)", ROW_VALUES, value);
            case "JODA_DURATION" ->
                CodeBlock.of("$T.convert(($T) $L, $T::millis)", ROW_VALUES, Long.class, value, BeamNames.JODA_DURATION);
            case "CHARACTER" -> CodeBlock.of("$T.parse($L, text -> text.charAt(0))", ROW_VALUES, value);
            case "ZONE_ID", "ZONE_OFFSET" -> CodeBlock.of("$T.parse($L, $T::of)", ROW_VALUES, value, storable.type());
            default ->
                isText(wires(storable))
                        ? CodeBlock.of("$T.parse($L, $T::parse)", ROW_VALUES, value, storable.type())
                        : CodeBlock.of("($T) $L", storable.type().box(), value);
        };
    }

    private CodeBlock container(CodeBlock value, Container container, int depth, boolean to) {
        List<CodeBlock> conversions = new ArrayList<>();
        for (Storable element : container.elements()) {
            String each = "each" + (depth == 0 ? "" : depth);
            CodeBlock converted = to
                    ? to(CodeBlock.of("$N", each), element, true, depth + 1)
                    : from(CodeBlock.of("$N", each), element, depth + 1);
            conversions.add(CodeBlock.of("$N -> $L", each, converted));
        }
        String method = to && container.wires().equals("set") ? "list" : container.wires();
        return CodeBlock.of("$T.$N($L, $L)", ROW_VALUES, method, value, CodeBlock.join(conversions, ", "));
    }

    private static String wires(Storable storable) {
        return storable instanceof Primitive primitive ? primitive.wires() : ((Scalar) storable).wires();
    }

    private static boolean isText(String wires) {
        return switch (wires) {
            case "CHARACTER",
                    "ZONE_OFFSET",
                    "ZONE_ID",
                    "OFFSET_TIME",
                    "OFFSET_DATE_TIME",
                    "ZONED_DATE_TIME",
                    "YEAR",
                    "YEAR_MONTH",
                    "MONTH_DAY",
                    "PERIOD" -> true;
            default -> false;
        };
    }
}
