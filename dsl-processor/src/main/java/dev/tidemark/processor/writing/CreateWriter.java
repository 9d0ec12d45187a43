package dev.tidemark.processor.writing;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import com.palantir.javapoet.WildcardTypeName;
import dev.tidemark.processor.model.GroupModel;
import dev.tidemark.processor.model.GroupModel.Construction;
import dev.tidemark.processor.model.GroupModel.OutputModel;
import dev.tidemark.processor.schema.Storable.Composite;
import dev.tidemark.processor.schema.Storable.Field;
import java.time.Duration;
import java.util.Map;
import javax.lang.model.element.Modifier;

/** Writes the nested {@code Create}: the transform with its settings, and its expansion into two ParDos. */
final class CreateWriter {
    private final GroupModel group;
    private final WireExpressions wires;
    private final Tags tags;
    private final ClassName create;
    private final boolean given;

    CreateWriter(GroupModel group, WireExpressions wires, Tags tags) {
        this.group = group;
        this.wires = wires;
        this.tags = tags;
        this.create = group.names().group().nestedClass("Create");
        this.given = group.construction() != Construction.OWN;
    }

    TypeSpec write() {
        TypeName events = BeamNames.of(BeamNames.P_COLLECTION, group.input().type());
        TypeSpec.Builder type = TypeSpec.classBuilder(create)
                .addJavadoc("The transform, to be applied as it is or with other settings. Immutable.\n")
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC, Modifier.FINAL)
                .superclass(BeamNames.of(
                        BeamNames.P_TRANSFORM, events, group.names().result()))
                .addField(Suppressions.serialVersion())
                .addField(BeamNames.GROUP_SETTINGS, "settings", Modifier.PRIVATE, Modifier.FINAL)
                .addField(TypeName.BOOLEAN, "assign", Modifier.PRIVATE, Modifier.FINAL);
        MethodSpec.Builder constructor = MethodSpec.constructorBuilder()
                .addModifiers(Modifier.PRIVATE)
                .addParameter(BeamNames.GROUP_SETTINGS, "settings")
                .addParameter(TypeName.BOOLEAN, "assign");
        if (group.onInitial().isPresent()) {
            type.addField(initialType(), "initial", Modifier.PRIVATE, Modifier.FINAL, Modifier.TRANSIENT);
            constructor.addParameter(initialType(), "initial");
        }
        if (given) {
            type.addField(group.names().anchor(), "handlers", Modifier.PRIVATE, Modifier.FINAL);
            constructor.addParameter(group.names().anchor(), "handlers");
        }
        constructor
                .addStatement("super($S)", group.name())
                .addStatement("this.settings = settings")
                .addStatement("this.assign = assign");
        if (group.onInitial().isPresent()) {
            constructor.addStatement("this.initial = initial");
        }
        if (given) {
            constructor.addStatement("this.handlers = handlers");
        }
        type.addMethod(constructor.build());
        if (group.timeout().after() > 0) {
            type.addMethod(with("withTimeoutAfter", "another timeout"));
        }
        if (group.timeout().maxAge() > 0) {
            type.addMethod(with("withMaxAge", "another longest life"));
        }
        if (group.ttl() > 0) {
            type.addMethod(with("withTtl", "another time to live"));
        }
        if (group.isOrdered()) {
            type.addMethod(with("withLateness", "another lateness"));
        }
        if (group.takesSeveral()) {
            type.addMethod(with("withMaxBatch", "another number of events for each call", TypeName.INT));
        }
        if (group.gathers()) {
            type.addMethod(with("withMaxDelay", "another delay, for which an event waits for others"));
        }
        if (group.hasEventTime()) {
            type.addMethod(MethodSpec.methodBuilder("assignTimestamps")
                    .addJavadoc(
                            "Gives the elements of an unbounded input their event time, too; the watermark stays that of the source.\n")
                    .addModifiers(Modifier.PUBLIC)
                    .returns(create)
                    .addStatement("return new Create(settings, true$L)", rest("initial"))
                    .build());
        }
        if (group.onInitial().isPresent()) {
            type.addMethod(withInitialState()).addMethod(additionalInputs());
        }
        return type.addMethod(expand(events)).build();
    }

    private TypeName initialType() {
        return BeamNames.of(
                BeamNames.P_COLLECTION,
                BeamNames.of(
                        BeamNames.KV,
                        group.key().storable().type().box(),
                        group.state().plain().type()));
    }

    private String rest(String initial) {
        return (group.onInitial().isPresent() ? ", " + initial : "") + (given ? ", handlers" : "");
    }

    private MethodSpec withInitialState() {
        return MethodSpec.methodBuilder("withInitialState")
                .addJavadoc(
                        "The same with states that are there before the events: at most one for each key. See {@link $T#$L}.\n",
                        group.names().anchor(),
                        group.onInitial().orElseThrow().method())
                .addModifiers(Modifier.PUBLIC)
                .returns(create)
                .addParameter(initialType(), "value")
                .addStatement("return new Create(settings, assign$L)", rest("value"))
                .build();
    }

    private static MethodSpec additionalInputs() {
        TypeName map = ParameterizedTypeName.get(
                ClassName.get(Map.class),
                BeamNames.of(BeamNames.TUPLE_TAG, WildcardTypeName.subtypeOf(Object.class)),
                BeamNames.P_VALUE);
        return MethodSpec.methodBuilder("getAdditionalInputs")
                .addAnnotation(Override.class)
                .addModifiers(Modifier.PUBLIC)
                .returns(map)
                .addStatement("return initial == null ? $T.of() : initial.expand()", Map.class)
                .build();
    }

    private MethodSpec with(String name, String what) {
        return with(name, what, ClassName.get(Duration.class));
    }

    private MethodSpec with(String name, String what, TypeName type) {
        return MethodSpec.methodBuilder(name)
                .addJavadoc("The same with $L.\n", what)
                .addModifiers(Modifier.PUBLIC)
                .returns(create)
                .addParameter(type, "value")
                .addStatement("return new Create(settings.$N(value), assign$L)", name, rest("initial"))
                .build();
    }

    private MethodSpec expand(TypeName events) {
        MethodSpec.Builder expand = MethodSpec.methodBuilder("expand")
                .addAnnotation(Override.class)
                .addModifiers(Modifier.PUBLIC)
                .returns(group.names().result())
                .addParameter(events, "input")
                .addStatement("$T.requireUnmerged(settings.name(), input)", BeamNames.INPUTS);
        if (group.isOrdered() || group.isDueInEventTime() || group.timesOutByClock() || group.gathers()) {
            expand.addStatement("$T.requireEventTimers(settings.name(), input)", BeamNames.INPUTS);
        }
        expand.addStatement("$T times = $L", BeamNames.EVENT_TIMES, eventTimes())
                .addStatement(
                        "$T keyed = input.apply(\n$S, $T.of(new Keying(times)).withOutputTags(KEYED, $T.of(REFUSED)))",
                        BeamNames.P_COLLECTION_TUPLE,
                        "key",
                        BeamNames.PAR_DO,
                        BeamNames.TUPLE_TAG_LIST)
                .addStatement(
                        "$T events = keyed.get(KEYED)\n.setCoder($T.of($L, $L))",
                        BeamNames.of(
                                BeamNames.P_COLLECTION,
                                BeamNames.of(
                                        BeamNames.KV,
                                        group.key().storable().type().box(),
                                        group.input().type())),
                        BeamNames.KV_CODER,
                        wires.beamCoder(group.key().storable()),
                        wires.beamCoder(group.input()));
        deduplicate(expand);
        expand.addStatement(
                        "$T fn = new $T(\nsettings.withAllowedLateness(input.getWindowingStrategy().getAllowedLateness())$L)",
                        group.names().doFn(),
                        group.names().doFn(),
                        given ? ", handlers" : "")
                .addStatement(
                        "$T out = $L\n.apply($S, $T.of(fn)$Z.withOutputTags($T.$N, $L))",
                        BeamNames.P_COLLECTION_TUPLE,
                        arrivals(),
                        "handle",
                        BeamNames.PAR_DO,
                        group.names().doFn(),
                        Tags.ROWS,
                        additionalTags());
        errors(expand);
        return expand.addStatement("return new Result(\n$L)", results()).build();
    }

    private void deduplicate(MethodSpec.Builder expand) {
        if (group.deduplicate().isEmpty()) {
            return;
        }
        TypeName key = group.key().storable().type().box();
        expand.addStatement(
                "$T unique = $T.of(\nsettings.name(), $T.inWindows(events, times), new Identity(), $LL, $T.of($L, $L), $L)",
                BeamNames.of(BeamNames.DUPLICATES, key, group.input().type()),
                BeamNames.DUPLICATES,
                BeamNames.INPUTS,
                group.deduplicate().get().within(),
                BeamNames.KV_CODER,
                wires.beamCoder(group.key().storable()),
                wires.beamCoder(group.input()),
                wires.beamCoder(group.input()));
    }

    private CodeBlock arrivals() {
        CodeBlock events = group.deduplicate().isPresent()
                ? CodeBlock.of("unique.unique()")
                : CodeBlock.of("$T.inWindows(events, times)", BeamNames.INPUTS);
        return group.onInitial().isEmpty()
                ? events
                : CodeBlock.of(
                        "$T.of(settings.name(), $L, initial, $L, $L)",
                        BeamNames.ARRIVALS,
                        events,
                        wires.beamCoder(group.key().storable()),
                        wires.arrivalCoder(group));
    }

    private CodeBlock eventTimes() {
        if (group.hasEventTime()) {
            return CodeBlock.of("$T.eventTimes(input, assign)", BeamNames.INPUTS);
        }
        return CodeBlock.of(
                "$T.$N",
                BeamNames.EVENT_TIMES,
                group.knowsLate() || group.deduplicate().isPresent() ? "OF_ELEMENT" : "IGNORED");
    }

    private CodeBlock additionalTags() {
        CodeBlock.Builder list = CodeBlock.builder().add("$T.empty()", BeamNames.TUPLE_TAG_LIST);
        for (String tag : tags.additional()) {
            list.add("$Z.and($T.$N)", group.names().doFn(), tag);
        }
        return list.build();
    }

    private void errors(MethodSpec.Builder expand) {
        TypeName failures = BeamNames.of(
                BeamNames.P_COLLECTION,
                BeamNames.of(BeamNames.FAILED, group.input().type()));
        CodeBlock coder = CodeBlock.of("$T.of($L)", BeamNames.FAILED_CODER, wires.wire(group.input()));
        if (!tags.emitsErrors()) {
            expand.addStatement("$T errors = keyed.get(REFUSED)\n.setCoder($L)", failures, coder);
            return;
        }
        expand.addStatement("$T refused = keyed.get(REFUSED)\n.setCoder($L)", failures, coder)
                .addStatement(
                        "$T failed = out.get($T.$N)\n.setCoder($L)",
                        failures,
                        group.names().doFn(),
                        Tags.ERRORS,
                        coder)
                .addStatement(
                        "$T errors = $T.of(refused).and(failed)\n.apply($S, $T.pCollections())",
                        failures,
                        BeamNames.P_COLLECTION_LIST,
                        "errors",
                        BeamNames.FLATTEN);
    }

    private CodeBlock results() {
        CodeBlock.Builder results = CodeBlock.builder()
                .add("input.getPipeline(),\n")
                .add(result(Tags.ROWS, wires.beamCoder(group.output())));
        if (group.isSealed()) {
            for (OutputModel output : group.outputs()) {
                results.add(",\n").add(result(tags.of(output), alternativeCoder(output)));
            }
        }
        if (group.isUpdate()) {
            CodeBlock coder = CodeBlock.of(
                    "$T.of($L, $L)",
                    BeamNames.UPSERT_CODER,
                    wires.wire(group.key().storable()),
                    wires.wire(group.output()));
            results.add(",\n").add(result(Tags.UPDATES, coder));
        }
        if (tags.emitsLate()) {
            results.add(",\n").add(result(Tags.LATE, wires.beamCoder(group.input())));
        }
        if (group.deduplicate().isPresent()) {
            results.add(",\nunique.duplicates()");
        }
        return results.add(",\nerrors").build();
    }

    private CodeBlock result(String tag, CodeBlock coder) {
        return CodeBlock.of("out.get($T.$N)$Z.setCoder($L)", group.names().doFn(), tag, coder);
    }

    private CodeBlock alternativeCoder(OutputModel output) {
        for (Field field : group.output().fields()) {
            if (field.number() == output.number()) {
                return wires.beamCoder((Composite) field.storable());
            }
        }
        throw new AssertionError(output + " is none of " + group.output());
    }
}
