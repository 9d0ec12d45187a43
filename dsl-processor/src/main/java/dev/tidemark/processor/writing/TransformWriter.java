package dev.tidemark.processor.writing;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.NameAllocator;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.tidemark.processor.model.GroupModel;
import dev.tidemark.processor.model.GroupModel.Construction;
import dev.tidemark.processor.model.GroupModel.DeduplicateModel;
import dev.tidemark.processor.model.GroupModel.PartModel;
import dev.tidemark.processor.schema.Storable;
import dev.tidemark.processor.schema.Storable.Composite;
import dev.tidemark.processor.schema.Storable.Field;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import javax.lang.model.element.Modifier;

/**
 * Writes what users call: {@code XGroup} with {@code transform()}, {@code create()}, the coders, and the nested
 * {@code Create}, {@code Result}, {@code CompositeKey}.
 */
final class TransformWriter {
    private final GroupModel group;
    private final WireExpressions wires;
    private final Tags tags;
    private final RowsWriter rows;
    private final ClassName anchor;
    private final ClassName groupType;
    private final ClassName create;
    private final TypeName keyType;
    private final ClassName inputType;
    private final TypeName keyedType;
    private final TypeName failedType;

    TransformWriter(GroupModel group, WireExpressions wires, Tags tags, RowsWriter rows) {
        this.rows = rows;
        this.group = group;
        this.wires = wires;
        this.tags = tags;
        this.anchor = group.names().anchor();
        this.groupType = group.names().group();
        this.create = groupType.nestedClass("Create");
        this.keyType = group.key().storable().type().box();
        this.inputType = group.input().type();
        this.keyedType = BeamNames.of(BeamNames.KV, keyType, inputType);
        this.failedType = BeamNames.of(BeamNames.FAILED, inputType);
    }

    TypeSpec write() {
        TypeSpec.Builder type = TypeSpec.classBuilder(groupType)
                .addJavadoc(
                        "The group {@code $L} as a Beam transform. Its handlers, and what it means, are in {@link $T}.\n",
                        group.name(),
                        anchor)
                .addAnnotation(BeamNames.GENERATED)
                .addAnnotation(Suppressions.NULLNESS)
                .addModifiers(Modifier.FINAL)
                .addField(settings())
                .addField(tag("KEYED", "keyed", keyedType))
                .addField(tag("REFUSED", "refused", failedType))
                .addMethod(MethodSpec.constructorBuilder()
                        .addModifiers(Modifier.PRIVATE)
                        .build());
        if (group.isPublic()) {
            type.addModifiers(Modifier.PUBLIC);
        }
        if (group.construction() != Construction.GIVEN) {
            type.addMethod(transformMethod(false)).addMethod(createMethod(false));
        }
        if (group.construction() != Construction.OWN) {
            type.addMethod(transformMethod(true)).addMethod(createMethod(true));
        }
        type.addMethod(coder(
                        "inputCoder", group.input().type(), CodeBlock.of("$T.INSTANCE", wires.coder(group.input()))))
                .addMethod(
                        coder("keyCoder", keyType, wires.beamCoder(group.key().storable())))
                .addMethod(coder(
                        "outputCoder", group.output().type(), CodeBlock.of("$T.INSTANCE", wires.coder(group.output()))))
                .addMethod(registerCoders());
        type.addMethods(rows.accessors());
        if (group.onInitial().isPresent()) {
            type.addMethod(coder(
                    "stateCoder",
                    group.state().plain().type(),
                    CodeBlock.of("$T.INSTANCE", wires.coder(group.state().whole()))));
        }
        if (group.hasSealedInput()) {
            type.addMethod(inputs());
        }
        type.addType(new CreateWriter(group, wires, tags).write())
                .addType(rows())
                .addType(new ResultWriter(group, tags).write())
                .addType(keying());
        group.deduplicate().ifPresent(deduplicate -> type.addType(identity(deduplicate)));
        if (group.key().isComposite()) {
            type.addType(key());
        }
        return type.build();
    }

    private static FieldSpec tag(String name, String id, TypeName type) {
        return FieldSpec.builder(
                        BeamNames.of(BeamNames.TUPLE_TAG, type),
                        name,
                        Modifier.PRIVATE,
                        Modifier.STATIC,
                        Modifier.FINAL)
                .initializer("new $T<>($S) {}", BeamNames.TUPLE_TAG, id)
                .build();
    }

    private FieldSpec settings() {
        return FieldSpec.builder(BeamNames.GROUP_SETTINGS, "SETTINGS", Modifier.STATIC, Modifier.FINAL)
                .initializer(
                        """
                        new $T($>$>
                        $S, // name
                        $L, // version of the state
                        $T.$N,
                        $LL, // after, in milliseconds
                        $T.$N,
                        $LL, // maxAge
                        $LL, // lateness
                        $T.$N,
                        $T.$N,
                        0L)$L$<$<""", // the allowed lateness of the input, known when the group is applied
                        BeamNames.GROUP_SETTINGS,
                        group.name(),
                        group.state().version(),
                        ClassName.get(group.timeout().domain().getDeclaringClass()),
                        group.timeout().domain().name(),
                        group.timeout().after(),
                        ClassName.get(group.timeout().from().getDeclaringClass()),
                        group.timeout().from().name(),
                        group.timeout().maxAge(),
                        group.lateness(),
                        ClassName.get(group.late().getDeclaringClass()),
                        group.late().name(),
                        ClassName.get(group.atEnd().getDeclaringClass()),
                        group.atEnd().name(),
                        moreSettings())
                .build();
    }

    private CodeBlock moreSettings() {
        CodeBlock.Builder more = CodeBlock.builder();
        if (group.ttl() > 0) {
            more.add("\n.withTtl($T.ofMillis($LL))", Duration.class, group.ttl());
        }
        if (!group.alarms().isEmpty()) {
            more.add(
                    "\n.withAlarms($L)",
                    group.alarms().stream()
                            .map(alarm -> CodeBlock.of("$S", alarm.name()))
                            .collect(CodeBlock.joining(", ")));
        }
        if (group.onExpire().isPresent()) {
            more.add("\n.withExpiry()");
        }
        group.batch().ifPresent(batch -> {
            if (batch.max() > 1) {
                more.add("\n.withMaxBatch($L)", batch.max());
            }
            if (group.gathers()) {
                more.add("\n.withMaxDelay($T.ofMillis($LL))", Duration.class, batch.delay());
            }
        });
        return more.build();
    }

    private MethodSpec transformMethod(boolean given) {
        MethodSpec.Builder method = MethodSpec.methodBuilder("transform")
                .addJavadoc("The rows alone.\n")
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                .returns(groupType.nestedClass("Rows"));
        if (given) {
            method.addParameter(anchor, "handlers");
        }
        return method.addStatement("return new Rows(create($L))", given ? "handlers" : "")
                .build();
    }

    private MethodSpec createMethod(boolean given) {
        MethodSpec.Builder method = MethodSpec.methodBuilder("create")
                .addJavadoc("Everything the group emits.\n")
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                .returns(create);
        if (given) {
            method.addParameter(anchor, "handlers");
            return method.addStatement("return new Create(SETTINGS, false$L, handlers)", noInitial())
                    .build();
        }
        return group.construction() == Construction.OWN
                ? method.addStatement("return new Create(SETTINGS, false$L)", noInitial())
                        .build()
                : method.addStatement("return new Create(SETTINGS, false$L, new $T())", noInitial(), anchor)
                        .build();
    }

    private String noInitial() {
        return group.onInitial().isPresent() ? ", null" : "";
    }

    private static MethodSpec coder(String name, TypeName type, CodeBlock coder) {
        return MethodSpec.methodBuilder(name)
                .addJavadoc("The coder of {@link $T}.\n", type)
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                .returns(BeamNames.of(BeamNames.CODER, type))
                .addStatement("return $L", coder)
                .build();
    }

    private MethodSpec registerCoders() {
        MethodSpec.Builder method = MethodSpec.methodBuilder("registerCoders")
                .addJavadoc(
                        "Makes a pipeline find the coders of the input and the output, for collections made elsewhere.\n")
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                .addParameter(BeamNames.CODER_REGISTRY, "registry")
                .addStatement("registry.registerCoderForClass($T.class, inputCoder())", inputType);
        for (PartModel part : group.hasSealedInput() ? group.parts() : List.<PartModel>of()) {
            method.addStatement("registry.registerCoderForClass($T.class, $L)", part.type(), partCoder(part));
        }
        if (!group.output().type().equals(inputType)) {
            method.addStatement(
                    "registry.registerCoderForClass($T.class, outputCoder())",
                    group.output().type());
        }
        if (group.isSealed()) {
            for (Field field : group.output().fields()) {
                Composite row = (Composite) field.storable();
                method.addStatement(
                        "registry.registerCoderForClass($T.class, $T.INSTANCE)", row.type(), wires.coder(row));
            }
        }
        return method.build();
    }

    private CodeBlock partCoder(PartModel part) {
        for (Field field : group.input().fields()) {
            if (field.storable().type().equals(part.type())) {
                return wires.beamCoder(field.storable());
            }
        }
        throw new AssertionError(part + " is none of " + group.input());
    }

    /** Several inputs as one. */
    private MethodSpec inputs() {
        NameAllocator names = new NameAllocator();
        MethodSpec.Builder method = MethodSpec.methodBuilder("inputs")
                .addJavadoc("The inputs as one: what the group is applied to.\n")
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                .returns(BeamNames.of(BeamNames.P_COLLECTION, inputType));
        CodeBlock.Builder list = CodeBlock.builder();
        for (PartModel part : group.parts()) {
            String simple = part.type().simpleName();
            String name = names.newName(Character.toLowerCase(simple.charAt(0)) + simple.substring(1) + "s");
            method.addParameter(BeamNames.of(BeamNames.P_COLLECTION, part.type()), name);
            list.add(list.isEmpty() ? "$T.<$T>of(" : "\n.and(", listArguments(list.isEmpty()))
                    .add("$T.widened($N, $S, inputCoder()))", BeamNames.INPUTS, name, group.name() + " " + name);
        }
        return method.addStatement(
                        "return $L\n.apply($S, $T.pCollections())",
                        list.build(),
                        group.name() + " inputs",
                        BeamNames.FLATTEN)
                .build();
    }

    private Object[] listArguments(boolean first) {
        return first ? new Object[] {BeamNames.P_COLLECTION_LIST, inputType} : new Object[0];
    }

    private TypeSpec rows() {
        TypeName rows = BeamNames.of(BeamNames.P_COLLECTION, group.output().type());
        TypeName events = BeamNames.of(BeamNames.P_COLLECTION, inputType);
        return TypeSpec.classBuilder("Rows")
                .addJavadoc("The transform reduced to its rows.\n")
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC, Modifier.FINAL)
                .superclass(BeamNames.of(BeamNames.P_TRANSFORM, events, rows))
                .addField(Suppressions.serialVersion())
                .addField(create, "create", Modifier.PRIVATE, Modifier.FINAL)
                .addMethod(MethodSpec.constructorBuilder()
                        .addModifiers(Modifier.PRIVATE)
                        .addParameter(create, "create")
                        .addStatement("super($S)", group.name())
                        .addStatement("this.create = create")
                        .build())
                .addMethod(MethodSpec.methodBuilder("expand")
                        .addAnnotation(Override.class)
                        .addModifiers(Modifier.PUBLIC)
                        .returns(rows)
                        .addParameter(events, "input")
                        .addStatement("return create.expand(input).$N", ResultWriter.MAIN)
                        .build())
                .build();
    }

    private TypeSpec keying() {
        return TypeSpec.classBuilder("Keying")
                .addJavadoc("Finds the key and the time of an event.\n")
                .addModifiers(Modifier.STATIC, Modifier.FINAL)
                .superclass(BeamNames.of(BeamNames.KEYING_FN, inputType, keyType))
                .addField(Suppressions.serialVersion())
                .addMethod(MethodSpec.constructorBuilder()
                        .addParameter(BeamNames.EVENT_TIMES, "times")
                        .addStatement("super($S, REFUSED, times)", group.name())
                        .build())
                .addMethod(keyOf())
                .addMethod(MethodSpec.methodBuilder("eventTime")
                        .addAnnotation(Override.class)
                        .addModifiers(Modifier.PROTECTED)
                        .returns(TypeName.LONG)
                        .addParameter(inputType, "input")
                        .addCode(eventTimeOf())
                        .build())
                .addMethod(MethodSpec.methodBuilder("keyed")
                        .addAnnotation(Override.class)
                        .addModifiers(Modifier.PROTECTED)
                        .returns(BeamNames.of(BeamNames.TUPLE_TAG, keyedType))
                        .addStatement("return KEYED")
                        .build())
                .build();
    }

    private TypeSpec identity(DeduplicateModel deduplicate) {
        MethodSpec.Builder write = MethodSpec.methodBuilder("writeIdentity")
                .addAnnotation(Override.class)
                .addModifiers(Modifier.PROTECTED)
                .addParameter(inputType, "input")
                .addParameter(BeamNames.WIRE_WRITER, "out")
                .addException(IOException.class);
        for (Field field : deduplicate.on()) {
            write.addStatement(
                    field.storable() instanceof Storable.OptionalOf
                            ? "out.optional($L, input.$N(), $L)"
                            : "out.value($L, input.$N(), $L)",
                    field.number(),
                    field.name(),
                    wires.wire(field.storable()));
        }
        return TypeSpec.classBuilder("Identity")
                .addJavadoc("Writes what tells events apart.\n")
                .addModifiers(Modifier.STATIC, Modifier.FINAL)
                .superclass(BeamNames.of(BeamNames.IDENTITY_FN, keyType, inputType))
                .addField(Suppressions.serialVersion())
                .addMethod(write.build())
                .build();
    }

    private CodeBlock eventTimeOf() {
        if (!group.hasEventTime()) {
            return CodeBlock.builder()
                    .addStatement("return $T.NONE", BeamNames.KEPT)
                    .build();
        }
        return ofEachPart((part, input) -> CodeBlock.builder()
                .addStatement(
                        "return $T.millis($N.$N())",
                        BeamNames.TIMES,
                        input,
                        part.eventTime().orElseThrow())
                .build());
    }

    private MethodSpec keyOf() {
        MethodSpec.Builder method = MethodSpec.methodBuilder("key")
                .addAnnotation(Override.class)
                .addModifiers(Modifier.PROTECTED)
                .returns(keyType)
                .addParameter(inputType, "input");
        if (group.key().method().isPresent()) {
            return method.addStatement(
                            "return $T.$N(input)", anchor, group.key().method().get())
                    .build();
        }
        return method.addCode(ofEachPart(this::keyOf)).build();
    }

    private CodeBlock keyOf(PartModel part, String input) {
        List<String> components = part.key();
        if (!group.key().isComposite()) {
            return CodeBlock.builder()
                    .addStatement("return $N.$N()", input, components.get(0))
                    .build();
        }
        CodeBlock.Builder code = CodeBlock.builder();
        List<CodeBlock> nullTests = new ArrayList<>();
        for (Field field : ((Composite) group.key().storable()).fields()) {
            if (!field.storable().type().isPrimitive()) {
                nullTests.add(CodeBlock.of("$N.$N() == null", input, field.name()));
            }
        }
        if (!nullTests.isEmpty()) {
            code.beginControlFlow("if ($L)", CodeBlock.join(nullTests, " || "))
                    .addStatement("return null")
                    .endControlFlow();
        }
        CodeBlock arguments = components.stream()
                .map(component -> CodeBlock.of("$N.$N()", input, component))
                .collect(CodeBlock.joining(", "));
        return code.addStatement("return new $T($L)", group.names().key(), arguments)
                .build();
    }

    /** What is done with the input, or with each alternative of it. */
    private CodeBlock ofEachPart(BiFunction<PartModel, String, CodeBlock> code) {
        if (!group.hasSealedInput()) {
            return code.apply(group.parts().get(0), "input");
        }
        CodeBlock.Builder all = CodeBlock.builder();
        for (PartModel part : group.parts()) {
            all.beginControlFlow("if (input instanceof $T part)", part.type())
                    .add(code.apply(part, "part"))
                    .endControlFlow();
        }
        return all.addStatement("throw new $T($S + input)", IllegalArgumentException.class, "not permitted: ")
                .build();
    }

    private TypeSpec key() {
        MethodSpec.Builder components = MethodSpec.constructorBuilder();
        for (Field field : ((Composite) group.key().storable()).fields()) {
            components.addParameter(field.storable().type(), field.name());
        }
        return TypeSpec.recordBuilder(group.names().key())
                .addJavadoc("The key of the group.\n")
                .addModifiers(Modifier.PUBLIC)
                .recordConstructor(components.build())
                .build();
    }
}
