package dev.tidemark.processor.writing;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.NameAllocator;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.tidemark.processor.model.GroupModel;
import dev.tidemark.processor.schema.Storable;
import dev.tidemark.processor.schema.Storable.Composite;
import dev.tidemark.processor.schema.Storable.Container;
import dev.tidemark.processor.schema.Storable.EnumOf;
import dev.tidemark.processor.schema.Storable.Field;
import dev.tidemark.processor.schema.Storable.HandleOf;
import dev.tidemark.processor.schema.Storable.OptionalOf;
import dev.tidemark.processor.schema.Storable.Primitive;
import dev.tidemark.processor.schema.Storable.Shape;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.lang.model.element.Modifier;

/**
 * Writes the coders of a group: one nested class per record.
 *
 * <pre>{@code
 * static final class EventCoder extends RecordCoder<UserSessions.Event> {
 *   static final EventCoder INSTANCE = new EventCoder();
 *   protected void writeFields(UserSessions.Event value, WireWriter out) throws IOException {
 *     out.value(1, value.uid(), Wires.STRING);
 *   }
 *   protected UserSessions.Event readFields(WireReader in) throws IOException {
 *     String uid = null;
 *     while (in.next()) {
 *       switch (in.field()) {
 *         case 1 -> uid = in.value(Wires.STRING);
 *         default -> in.skip();
 *       }
 *     }
 *     return new UserSessions.Event(uid);
 *   }
 * }
 * }</pre>
 */
final class CodersWriter {
    private final GroupModel group;
    private final WireExpressions wires;

    CodersWriter(GroupModel group, WireExpressions wires) {
        this.group = group;
        this.wires = wires;
    }

    TypeSpec write() {
        TypeSpec.Builder holder = TypeSpec.classBuilder(group.names().coders())
                .addJavadoc(
                        "How what {@link $T} reads, keeps and emits is stored.\n",
                        group.names().anchor())
                .addAnnotation(BeamNames.GENERATED)
                .addAnnotation(Suppressions.NULLNESS)
                .addModifiers(Modifier.FINAL)
                .addMethod(MethodSpec.constructorBuilder()
                        .addModifiers(Modifier.PRIVATE)
                        .build());
        for (Composite composite : wires.composites()) {
            holder.addType(coder(composite));
        }
        return holder.build();
    }

    private TypeSpec coder(Composite composite) {
        ClassName name = wires.coder(composite);
        TypeSpec.Builder coder = TypeSpec.classBuilder(name)
                .addJavadoc("{@link $T}$L.\n", composite.type(), fieldList(composite))
                .addModifiers(Modifier.STATIC, Modifier.FINAL)
                .superclass(BeamNames.of(BeamNames.RECORD_CODER, composite.type()))
                .addField(Suppressions.serialVersion())
                .addField(FieldSpec.builder(name, "INSTANCE", Modifier.STATIC, Modifier.FINAL)
                        .initializer("new $T()", name)
                        .build());
        for (Field field : composite.fields()) {
            if (hasConstant(field.storable())) {
                coder.addField(constant(field));
            }
        }
        return coder.addMethod(MethodSpec.constructorBuilder()
                        .addModifiers(Modifier.PRIVATE)
                        .addStatement("super($S, $L)", composite.id(), composite.deterministic())
                        .build())
                .addMethod(fields(composite))
                .addMethod(writeFields(composite))
                .addMethod(composite.shape() == Shape.UNION ? readAlternative(composite) : readFields(composite))
                .build();
    }

    private static String fieldList(Composite composite) {
        return composite.fields().isEmpty()
                ? ", without fields"
                : composite.fields().stream()
                        .map(field -> field.number() + " " + field.name())
                        .collect(Collectors.joining(", ", ": ", ""));
    }

    /** Containers and enums are made once; the other encodings are constants already. */
    static boolean hasConstant(Storable storable) {
        return storable instanceof OptionalOf optional
                ? hasConstant(optional.element())
                : storable instanceof Container || storable instanceof EnumOf || storable instanceof HandleOf;
    }

    static String constantName(Field field) {
        return field.name().replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toUpperCase(Locale.ROOT) + "_" + field.number();
    }

    private FieldSpec constant(Field field) {
        Storable stored = field.storable() instanceof OptionalOf optional ? optional.element() : field.storable();
        return FieldSpec.builder(
                        BeamNames.of(BeamNames.WIRE, stored.type().box()),
                        constantName(field),
                        Modifier.STATIC,
                        Modifier.FINAL)
                .initializer(wires.wire(stored))
                .build();
    }

    private CodeBlock wire(Field field) {
        return hasConstant(field.storable()) ? CodeBlock.of("$N", constantName(field)) : wires.wire(field.storable());
    }

    /** For tools that show what is stored. */
    private MethodSpec fields(Composite composite) {
        CodeBlock all = composite.fields().stream()
                .map(field -> CodeBlock.of(
                        "\nnew $T($L, $S, $L)", BeamNames.STORED_FIELD, field.number(), field.name(), wire(field)))
                .collect(CodeBlock.joining(","));
        return MethodSpec.methodBuilder("fields")
                .addAnnotation(Override.class)
                .addModifiers(Modifier.PROTECTED)
                .returns(ParameterizedTypeName.get(ClassName.get(List.class), BeamNames.STORED_FIELD))
                .addStatement("return $T.of($L)", List.class, all)
                .build();
    }

    private MethodSpec writeFields(Composite composite) {
        MethodSpec.Builder method = MethodSpec.methodBuilder("writeFields")
                .addAnnotation(Override.class)
                .addModifiers(Modifier.PROTECTED)
                .addParameter(composite.type(), "value")
                .addParameter(BeamNames.WIRE_WRITER, "out")
                .addException(IOException.class);
        boolean first = true;
        for (Field field : composite.fields()) {
            switch (composite.shape()) {
                case RECORD -> method.addStatement(write(field, CodeBlock.of("value.$N()", field.name()), false));
                case STATE, WHOLE_STATE ->
                    method.addStatement(write(field, CodeBlock.of("value.$N", field.name()), true));
                case UNION -> {
                    CodeBlock test = CodeBlock.of(
                            "if (value instanceof $T row)", field.storable().type());
                    if (first) {
                        method.beginControlFlow("$L", test);
                    } else {
                        method.nextControlFlow("else $L", test);
                    }
                    method.addStatement("out.value($L, row, $L)", field.number(), wire(field));
                }
            }
            first = false;
        }
        if (composite.shape() == Shape.UNION) {
            method.endControlFlow();
        }
        return method.build();
    }

    private CodeBlock write(Field field, CodeBlock value, boolean keepsNull) {
        if (field.storable() instanceof Primitive primitive) {
            return CodeBlock.of("out.$N($L, $L)", primitive.write(), field.number(), value);
        }
        if (field.storable() instanceof OptionalOf) {
            return keepsNull
                    ? CodeBlock.of(
                            "out.nullable($L, $T.orNull($L), $L)", field.number(), BeamNames.WIRES, value, wire(field))
                    : CodeBlock.of("out.optional($L, $L, $L)", field.number(), value, wire(field));
        }
        return CodeBlock.of("out.$N($L, $L, $L)", keepsNull ? "nullable" : "value", field.number(), value, wire(field));
    }

    private CodeBlock read(Field field, boolean keepsNull) {
        if (field.storable() instanceof Primitive primitive) {
            return CodeBlock.of("in.$N()", primitive.read());
        }
        CodeBlock read = CodeBlock.of("in.$N($L)", keepsNull ? "nullable" : "value", wire(field));
        if (field.storable() instanceof OptionalOf) {
            return CodeBlock.of("$T.$N($L)", java.util.Optional.class, keepsNull ? "ofNullable" : "of", read);
        }
        return read;
    }

    private MethodSpec.Builder reading(Composite composite) {
        return MethodSpec.methodBuilder("readFields")
                .addAnnotation(Override.class)
                .addModifiers(Modifier.PROTECTED)
                .returns(composite.type())
                .addParameter(BeamNames.WIRE_READER, "in")
                .addException(IOException.class);
    }

    private MethodSpec readFields(Composite composite) {
        boolean state = composite.shape() == Shape.STATE || composite.shape() == Shape.WHOLE_STATE;
        NameAllocator locals = new NameAllocator();
        locals.newName("in");
        MethodSpec.Builder method = reading(composite);
        if (state) {
            method.addStatement("$1T value = new $1T()", composite.type());
        } else {
            for (Field field : composite.fields()) {
                method.addStatement(
                        "$T $N = $L",
                        field.storable().type(),
                        locals.newName(field.name(), field),
                        initial(field.storable()));
            }
        }
        method.beginControlFlow("while (in.next())").beginControlFlow("switch (in.field())");
        for (Field field : composite.fields()) {
            CodeBlock target = state ? CodeBlock.of("value.$N", field.name()) : CodeBlock.of("$N", locals.get(field));
            method.addStatement("case $L -> $L = $L", field.number(), target, read(field, state));
        }
        method.addStatement("default -> in.skip()").endControlFlow().endControlFlow();
        if (state) {
            return method.addStatement("return value").build();
        }
        CodeBlock arguments = composite.fields().stream()
                .map(field -> CodeBlock.of("$N", locals.get(field)))
                .collect(CodeBlock.joining(", "));
        return method.addStatement("return new $T($L)", composite.type(), arguments)
                .build();
    }

    private MethodSpec readAlternative(Composite composite) {
        MethodSpec.Builder method = reading(composite)
                .addStatement("$T value = null", composite.type())
                .beginControlFlow("while (in.next())")
                .beginControlFlow("switch (in.field())");
        for (Field field : composite.fields()) {
            method.addStatement("case $L -> value = in.value($L)", field.number(), wire(field));
        }
        return method.addStatement("default -> in.skip()")
                .endControlFlow()
                .endControlFlow()
                .beginControlFlow("if (value == null)")
                .addStatement("throw in.corrupt($S)", "none of the alternatives that this version knows")
                .endControlFlow()
                .addStatement("return value")
                .build();
    }

    private static CodeBlock initial(Storable storable) {
        if (storable instanceof OptionalOf) {
            return CodeBlock.of("$T.empty()", java.util.Optional.class);
        }
        TypeName type = storable.type();
        if (type.equals(TypeName.BOOLEAN)) {
            return CodeBlock.of("false");
        }
        return CodeBlock.of(type.isPrimitive() ? "0" : "null");
    }
}
