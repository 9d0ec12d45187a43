package dev.tidemark.processor.writing;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import com.palantir.javapoet.WildcardTypeName;
import dev.tidemark.processor.model.GroupModel;
import dev.tidemark.processor.model.GroupModel.OutputModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.lang.model.element.Modifier;

/** Writes the nested {@code Result}: one typed accessor per output. */
final class ResultWriter {
    /** The field that holds the main output. */
    static final String MAIN = "mainRows";

    private final GroupModel group;
    private final Tags tags;

    private record Output(String field, String accessor, TypeName type, String javadoc) {}

    ResultWriter(GroupModel group, Tags tags) {
        this.group = group;
        this.tags = tags;
    }

    private List<Output> outputs() {
        List<Output> outputs = new ArrayList<>();
        if (group.isSealed()) {
            outputs.add(new Output(MAIN, "all", group.output().type(), "Every row, of whatever kind.\n"));
            for (OutputModel output : group.outputs()) {
                outputs.add(new Output(output.accessor(), output.accessor(), output.type(), "The rows of one kind.\n"));
            }
        } else {
            outputs.add(new Output(
                    MAIN, group.outputs().get(0).accessor(), group.output().type(), "The rows.\n"));
        }
        if (group.isUpdate()) {
            outputs.add(new Output(
                    "updates",
                    "updates",
                    tags.upsert(),
                    "The latest row of each key; a deletion when its group closes.\n"));
        }
        if (tags.emitsLate()) {
            outputs.add(new Output("late", "late", group.input().type(), "The events that came too late.\n"));
        }
        if (group.deduplicate().isPresent()) {
            outputs.add(new Output("duplicates", "duplicates", group.input().type(), "The events that came before.\n"));
        }
        outputs.add(new Output(
                "errors",
                "errors",
                BeamNames.of(BeamNames.FAILED, group.input().type()),
                tags.emitsErrors()
                        ? "The events without a key or a time, and those whose handler threw.\n"
                        : "The events without a key or a time.\n"));
        return outputs;
    }

    TypeSpec write() {
        List<Output> outputs = outputs();
        TypeSpec.Builder type = TypeSpec.classBuilder("Result")
                .addJavadoc("What the group emits. Immutable.\n")
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC, Modifier.FINAL)
                .addSuperinterface(BeamNames.P_OUTPUT)
                .addField(BeamNames.PIPELINE, "pipeline", Modifier.PRIVATE, Modifier.FINAL);
        MethodSpec.Builder constructor = MethodSpec.constructorBuilder()
                .addModifiers(Modifier.PRIVATE)
                .addParameter(BeamNames.PIPELINE, "pipeline")
                .addStatement("this.pipeline = pipeline");
        for (Output output : outputs) {
            TypeName collection = BeamNames.of(BeamNames.P_COLLECTION, output.type());
            type.addField(collection, output.field(), Modifier.PRIVATE, Modifier.FINAL);
            constructor.addParameter(collection, output.field()).addStatement("this.$1N = $1N", output.field());
        }
        type.addMethod(constructor.build());
        for (Output output : outputs) {
            type.addMethod(MethodSpec.methodBuilder(output.accessor())
                    .addJavadoc(output.javadoc())
                    .addModifiers(Modifier.PUBLIC)
                    .returns(BeamNames.of(BeamNames.P_COLLECTION, output.type()))
                    .addStatement("return $N", output.field())
                    .build());
        }
        return type.addMethod(MethodSpec.methodBuilder("getPipeline")
                        .addAnnotation(Override.class)
                        .addModifiers(Modifier.PUBLIC)
                        .returns(BeamNames.PIPELINE)
                        .addStatement("return pipeline")
                        .build())
                .addMethod(expand(outputs))
                .addMethod(finish())
                .build();
    }

    private static MethodSpec expand(List<Output> outputs) {
        TypeName map = ParameterizedTypeName.get(
                ClassName.get(Map.class),
                BeamNames.of(BeamNames.TUPLE_TAG, WildcardTypeName.subtypeOf(Object.class)),
                BeamNames.P_VALUE);
        MethodSpec.Builder expand = MethodSpec.methodBuilder("expand")
                .addAnnotation(Override.class)
                .addModifiers(Modifier.PUBLIC)
                .returns(map)
                .addStatement("$T values = new $T<>()", map, LinkedHashMap.class);
        for (Output output : outputs) {
            expand.addStatement("values.put(new $T<>($S), $N)", BeamNames.TUPLE_TAG, output.accessor(), output.field());
        }
        return expand.addStatement("return values").build();
    }

    private static MethodSpec finish() {
        return MethodSpec.methodBuilder("finishSpecifyingOutput")
                .addAnnotation(Override.class)
                .addModifiers(Modifier.PUBLIC)
                .addParameter(String.class, "name")
                .addParameter(BeamNames.P_INPUT, "input")
                .addParameter(
                        ParameterizedTypeName.get(
                                BeamNames.P_TRANSFORM,
                                WildcardTypeName.subtypeOf(Object.class),
                                WildcardTypeName.subtypeOf(Object.class)),
                        "transform")
                .addComment("Every coder is set when the transform is expanded.")
                .build();
    }
}
