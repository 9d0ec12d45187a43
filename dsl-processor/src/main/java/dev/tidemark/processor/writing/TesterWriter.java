package dev.tidemark.processor.writing;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import com.palantir.javapoet.WildcardTypeName;
import dev.tidemark.processor.model.GroupModel;
import dev.tidemark.processor.model.GroupModel.Construction;
import dev.tidemark.processor.model.GroupModel.HandleKind;
import dev.tidemark.processor.model.GroupModel.HandleModel;
import dev.tidemark.processor.model.GroupModel.OutputModel;
import dev.tidemark.processor.schema.Storable;
import dev.tidemark.processor.schema.Storable.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.lang.model.element.Modifier;

/** Writes the tester of a group: typed events and outputs around the run-time library's tester. */
final class TesterWriter {
    private static final ClassName GROUP_TESTER = ClassName.get("dev.tidemark.testing", "GroupTester");
    private static final ClassName TEST_CELLS = ClassName.get("dev.tidemark.testing", "TestCells");
    private static final TypeName DO_FN_OF_ANY = ParameterizedTypeName.get(
            BeamNames.DO_FN, WildcardTypeName.subtypeOf(Object.class), WildcardTypeName.subtypeOf(Object.class));
    private static final Set<String> TAKEN = Set.of(
            "event",
            "eventAt",
            "watermark",
            "end",
            "clock",
            "crashAndRestore",
            "steps",
            "rewindTo",
            "rows",
            "emitted",
            "group",
            "trace",
            "assertRows",
            "assertClosed",
            "assertOrderInsensitive",
            "self",
            "fresh",
            "element",
            "state",
            "text",
            "initial",
            "parse",
            "create",
            "late",
            "errors",
            "updates",
            "duplicates",
            "inWindows",
            "handling");

    private final GroupModel group;
    private final Tags tags;
    private final ClassName tester;
    private final TypeName keyType;
    private final ClassName inputType;
    private final ClassName stateType;
    private final boolean given;

    TesterWriter(GroupModel group, Tags tags) {
        this.group = group;
        this.tags = tags;
        this.tester = group.names().tester();
        this.keyType = group.key().storable().type().box();
        this.inputType = group.input().type();
        this.stateType = group.state().plain().type();
        this.given = group.construction() != Construction.OWN;
    }

    TypeSpec write() {
        TypeSpec.Builder type = TypeSpec.classBuilder(tester)
                .addJavadoc(
                        "Runs {@link $T} step by step in a test, without a runner.\n",
                        group.names().anchor())
                .addAnnotation(BeamNames.GENERATED)
                .addAnnotation(Suppressions.NULLNESS)
                .addModifiers(Modifier.FINAL)
                .superclass(ParameterizedTypeName.get(
                        GROUP_TESTER,
                        inputType,
                        keyType,
                        stateType,
                        group.output().type(),
                        tester));
        if (group.isPublic()) {
            type.addModifiers(Modifier.PUBLIC);
        }
        MethodSpec.Builder constructor = MethodSpec.constructorBuilder().addModifiers(Modifier.PRIVATE);
        if (given) {
            type.addField(group.names().anchor(), "handlers", Modifier.PRIVATE, Modifier.FINAL);
            constructor.addParameter(group.names().anchor(), "handlers");
        }
        constructor.addStatement(
                "super(\nnew $T.Keying($T.$N),\nnew $T($T.SETTINGS$L),\n$T.inputCoder())",
                group.names().group(),
                BeamNames.EVENT_TIMES,
                group.hasEventTime() ? "ASSIGNED" : "OF_ELEMENT",
                group.names().doFn(),
                group.names().group(),
                given ? ", handlers" : "",
                group.names().group());
        if (given) {
            constructor.addStatement("this.handlers = handlers");
        }
        group.deduplicate()
                .ifPresent(each -> constructor.addStatement(
                        "deduplicating($S, new $T.Identity(), $LL)",
                        group.name(),
                        group.names().group(),
                        each.within()));
        type.addMethod(constructor.build());
        if (group.construction() != Construction.GIVEN) {
            type.addMethod(create(false));
        }
        if (given) {
            type.addMethod(create(true));
        }
        if (!group.hasSealedInput()) {
            type.addMethod(event());
        }
        group.onInitial().ifPresent(handler -> type.addMethod(initial()));
        outputs().forEach(type::addMethod);
        return type.addMethod(overriding("self")
                        .returns(tester)
                        .addStatement("return this")
                        .build())
                .addMethod(overriding("fresh")
                        .returns(tester)
                        .addStatement("return new $T($L)", tester, given ? "handlers" : "")
                        .build())
                .addMethod(overriding("handling")
                        .returns(DO_FN_OF_ANY)
                        .addParameter(BeamNames.JODA_DURATION, "allowedLateness")
                        .addStatement(
                                "return new $T($T.SETTINGS.withAllowedLateness(allowedLateness)$L)",
                                group.names().doFn(),
                                group.names().group(),
                                given ? ", handlers" : "")
                        .build())
                .addMethod(overriding("element")
                        .returns(Object.class)
                        .addParameter(keyType, "key")
                        .addParameter(inputType, "event")
                        .addStatement(
                                "return $T.of(key, $L)",
                                BeamNames.KV,
                                group.onInitial().isPresent()
                                        ? CodeBlock.of("new $T<>(null, event)", BeamNames.ARRIVAL)
                                        : CodeBlock.of("event"))
                        .build())
                .addMethod(state())
                .addMethod(text())
                .build();
    }

    private static MethodSpec.Builder overriding(String name) {
        return MethodSpec.methodBuilder(name).addAnnotation(Override.class).addModifiers(Modifier.PROTECTED);
    }

    private MethodSpec create(boolean withHandlers) {
        MethodSpec.Builder create = MethodSpec.methodBuilder("create")
                .addJavadoc("A tester at the beginning: there is no group yet.\n")
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                .returns(tester);
        if (withHandlers) {
            return create.addParameter(group.names().anchor(), "handlers")
                    .addStatement("return new $T(handlers)", tester)
                    .build();
        }
        return given
                ? create.addStatement(
                                "return new $T(new $T())", tester, group.names().anchor())
                        .build()
                : create.addStatement("return new $T()", tester).build();
    }

    /** An event by its components; the one that says when it happened is text. */
    private MethodSpec event() {
        MethodSpec.Builder event = MethodSpec.methodBuilder("event")
                .addJavadoc("An event comes; its time is ISO-8601, or a time of day of the first of January 1970.\n")
                .addModifiers(Modifier.PUBLIC)
                .returns(tester);
        List<CodeBlock> arguments = new ArrayList<>();
        String timed = group.parts().get(0).eventTime().orElse("");
        for (Field field : group.input().fields()) {
            boolean time = field.name().equals(timed);
            event.addParameter(ParameterSpec.builder(
                            time
                                    ? ClassName.get(String.class)
                                    : field.storable().type(),
                            field.name())
                    .build());
            arguments.add(time ? time(field) : CodeBlock.of("$N", field.name()));
        }
        return event.addStatement("return event(new $T($L))", inputType, CodeBlock.join(arguments, ", "))
                .build();
    }

    private static CodeBlock time(Field field) {
        TypeName type = field.storable().type();
        if (type.equals(BeamNames.JODA_INSTANT)) {
            return CodeBlock.of("$T.ofEpochMilli(parse($N).toEpochMilli())", BeamNames.JODA_INSTANT, field.name());
        }
        return type.box().equals(ClassName.get(Long.class))
                ? CodeBlock.of("parse($N).toEpochMilli()", field.name())
                : CodeBlock.of("parse($N)", field.name());
    }

    private MethodSpec initial() {
        return MethodSpec.methodBuilder("initial")
                .addJavadoc("A state is there before the events, since this time.\n")
                .addModifiers(Modifier.PUBLIC)
                .returns(tester)
                .addParameter(keyType, "key")
                .addParameter(stateType, "state")
                .addParameter(String.class, "time")
                .addStatement(
                        "return initial($S + text(state), key, $T.of(key, new $T<>(state, null)), time)",
                        "initial state ",
                        BeamNames.KV,
                        BeamNames.ARRIVAL)
                .build();
    }

    private List<MethodSpec> outputs() {
        List<MethodSpec> methods = new ArrayList<>();
        if (group.isSealed()) {
            for (OutputModel output : group.outputs()) {
                methods.add(output(output.accessor(), output.type(), "rows-" + output.number()));
            }
        } else {
            methods.add(output(group.outputs().get(0).accessor(), group.output().type(), "rows"));
        }
        if (group.isUpdate()) {
            methods.add(fixed("updates", tags.upsert()));
        }
        if (tags.emitsLate()) {
            methods.add(fixed("late", inputType));
        }
        if (group.deduplicate().isPresent()) {
            methods.add(fixed("duplicates", inputType));
        }
        methods.add(fixed("errors", BeamNames.of(BeamNames.FAILED, inputType)));
        return methods;
    }

    private static MethodSpec output(String accessor, TypeName type, String tag) {
        return emitted(TAKEN.contains(accessor) ? accessor + "Output" : accessor, type, tag);
    }

    private static MethodSpec fixed(String tag, TypeName type) {
        return emitted(tag, type, tag);
    }

    private static MethodSpec emitted(String accessor, TypeName type, String tag) {
        return MethodSpec.methodBuilder(accessor)
                .addJavadoc("What came out so far.\n")
                .addModifiers(Modifier.PUBLIC)
                .returns(ParameterizedTypeName.get(ClassName.get(List.class), type))
                .addStatement("return emitted($S)", tag)
                .build();
    }

    private MethodSpec state() {
        MethodSpec.Builder method = overriding("state").returns(stateType).addParameter(TEST_CELLS, "cells");
        if (group.state().isRecord()) {
            return method.addStatement("return cells.fields()").build();
        }
        if (group.state().hasPlainFields()) {
            method.addStatement("$T stored = cells.fields()", stateType)
                    .addStatement("$1T state = stored == null ? new $1T() : stored", stateType);
        } else {
            method.addStatement("$1T state = new $1T()", stateType);
        }
        for (Field field : group.state().cells()) {
            method.addStatement("state.$1N = cells.held($2S, state.$1N)", field.name(), "f" + field.number());
        }
        for (HandleModel handle : group.state().handles()) {
            boolean bag = handle.kind() == HandleKind.BAG_TIMELINE;
            method.addStatement(
                    "state.$N = cells.$N($S)",
                    handle.name(),
                    bag ? "timeline" : handle.kind().name().toLowerCase(Locale.ROOT),
                    "f" + handle.number() + (bag ? "-bag" : ""));
        }
        return method.addStatement("return state").build();
    }

    private MethodSpec text() {
        MethodSpec.Builder method = overriding("text").returns(String.class).addParameter(stateType, "state");
        if (group.state().isRecord()) {
            return method.addStatement("return state.toString()").build();
        }
        CodeBlock.Builder text = CodeBlock.builder();
        for (Field field : group.state().whole().fields()) {
            Storable storable = field.storable();
            boolean bytes = storable instanceof Storable.Scalar scalar && !scalar.immutable();
            text.add(text.isEmpty() ? "" : "\n+ ")
                    .add("$S + ", (text.isEmpty() ? "" : ", ") + field.name() + " = ")
                    .add(
                            bytes
                                    ? CodeBlock.of("$T.toString(state.$N)", java.util.Arrays.class, field.name())
                                    : CodeBlock.of("state.$N", field.name()));
        }
        return method.addStatement(
                        "return $L", text.isEmpty() ? CodeBlock.of("$S", "a state without fields") : text.build())
                .build();
    }
}
