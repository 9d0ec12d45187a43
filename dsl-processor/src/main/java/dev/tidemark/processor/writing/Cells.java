package dev.tidemark.processor.writing;

import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.NameAllocator;
import com.palantir.javapoet.ParameterSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import dev.tidemark.processor.model.GroupModel;
import dev.tidemark.processor.model.GroupModel.HandleModel;
import dev.tidemark.processor.schema.Storable;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Modifier;

/** The user's cells of a group: what each is called in Beam and in the generated DoFn. Ids derive from field numbers. */
final class Cells {
    static final String PLAIN_ID = "fields";

    private final GroupModel group;
    private final WireExpressions wires;
    private final NameAllocator names = new NameAllocator();

    Cells(GroupModel group, WireExpressions wires) {
        this.group = group;
        this.wires = wires;
        for (String taken : List.of(
                "settings",
                "handlers",
                "group",
                "inbox",
                "rows",
                "state",
                "defaults",
                "metaCell",
                "inboxCell",
                "fieldsCell",
                "meta",
                "fields",
                "wake",
                "end",
                "out",
                "element",
                "timestamp",
                "window",
                "context",
                "key",
                "event",
                "time",
                "late",
                "stored",
                "next",
                "row",
                "given")) {
            names.newName(taken);
        }
        for (HandleModel handle : handles()) {
            names.newName(handle.name(), handle);
            names.newName(handle.name() + "Cell", "cell " + handle.number());
        }
    }

    List<HandleModel> handles() {
        return group.state().handles();
    }

    WireExpressions wires() {
        return wires;
    }

    /** The field of the DoFn that holds a handle. */
    String handle(HandleModel handle) {
        return names.get(handle);
    }

    /** The parameter that holds the cell of a handle. */
    String cell(HandleModel handle) {
        return names.get("cell " + handle.number());
    }

    private static String id(HandleModel handle) {
        return "f" + handle.number();
    }

    TypeName plainType() {
        return BeamNames.of(BeamNames.VALUE_STATE, group.state().plain().type());
    }

    TypeName stateType(HandleModel handle) {
        return switch (handle.kind()) {
            case BAG -> BeamNames.of(BeamNames.BAG_STATE, element(handle).type().box());
            case MEMBERS ->
                BeamNames.of(BeamNames.SET_STATE, element(handle).type().box());
            case TIMELINE ->
                BeamNames.of(
                        BeamNames.ORDERED_LIST_STATE, element(handle).type().box());
            case TALLY ->
                ParameterizedTypeName.get(
                        BeamNames.COMBINING_STATE,
                        ClassName.get(Long.class),
                        com.palantir.javapoet.ArrayTypeName.of(TypeName.LONG),
                        ClassName.get(Long.class));
        };
    }

    TypeName handleType(HandleModel handle) {
        return switch (handle.kind()) {
            case BAG ->
                BeamNames.of(
                        BeamNames.runtime("BagCell"), element(handle).type().box());
            case MEMBERS ->
                BeamNames.of(
                        BeamNames.runtime("MembersCell"), element(handle).type().box());
            case TIMELINE ->
                BeamNames.of(
                        BeamNames.runtime("TimelineCell"),
                        element(handle).type().box());
            case TALLY -> BeamNames.runtime("TallyCell");
        };
    }

    CodeBlock newHandle(HandleModel handle) {
        return switch (handle.kind()) {
            case BAG, TIMELINE, TALLY ->
                CodeBlock.of(handle.element().isPresent() ? "new $T<>()" : "new $T()", raw(handleType(handle)));
            case MEMBERS -> CodeBlock.of("new $T<>($L)", raw(handleType(handle)), wires.wire(element(handle)));
        };
    }

    private static ClassName raw(TypeName type) {
        return type instanceof ParameterizedTypeName parameterized ? parameterized.rawType() : (ClassName) type;
    }

    private static Storable element(HandleModel handle) {
        return handle.element().orElseThrow();
    }

    /** The declarations of the cells, as fields of the DoFn. */
    List<FieldSpec> specs() {
        List<FieldSpec> specs = new ArrayList<>();
        if (group.state().hasPlainFields()) {
            specs.add(spec(
                    PLAIN_ID,
                    "fields",
                    plainType(),
                    CodeBlock.of(
                            "$T.value($Z$L)",
                            BeamNames.STATE_SPECS,
                            wires.beamCoder(group.state().plain()))));
        }
        for (HandleModel handle : handles()) {
            CodeBlock initializer = switch (handle.kind()) {
                case BAG -> CodeBlock.of("$T.bag($Z$L)", BeamNames.STATE_SPECS, wires.beamCoder(element(handle)));
                case MEMBERS -> CodeBlock.of("$T.set($Z$L)", BeamNames.STATE_SPECS, wires.beamCoder(element(handle)));
                case TIMELINE ->
                    CodeBlock.of("$T.orderedList($Z$L)", BeamNames.STATE_SPECS, wires.beamCoder(element(handle)));
                case TALLY -> CodeBlock.of("$T.combining($T.ofLongs())", BeamNames.STATE_SPECS, BeamNames.SUM);
            };
            specs.add(spec(id(handle), handle(handle), stateType(handle), initializer));
        }
        return specs;
    }

    static FieldSpec spec(String id, String name, TypeName type, CodeBlock initializer) {
        return FieldSpec.builder(
                        BeamNames.of(BeamNames.STATE_SPEC, type), name + "Spec", Modifier.PRIVATE, Modifier.FINAL)
                .addAnnotation(stateId(id))
                .initializer(initializer)
                .build();
    }

    static AnnotationSpec stateId(String id) {
        return AnnotationSpec.builder(DoFnMembers.of("StateId"))
                .addMember("value", "$S", id)
                .build();
    }

    /** The cells as parameters; with their ids where Beam provides them. */
    List<ParameterSpec> parameters(boolean provided) {
        List<ParameterSpec> parameters = new ArrayList<>();
        if (group.state().hasPlainFields()) {
            parameters.add(parameter(PLAIN_ID, "fieldsCell", plainType(), provided));
        }
        for (HandleModel handle : handles()) {
            parameters.add(parameter(id(handle), cell(handle), stateType(handle), provided));
        }
        return parameters;
    }

    static ParameterSpec parameter(String id, String name, TypeName type, boolean provided) {
        ParameterSpec.Builder parameter = ParameterSpec.builder(type, name);
        return (provided ? parameter.addAnnotation(stateId(id)) : parameter).build();
    }

    /** The cells as arguments, each followed by a comma. */
    CodeBlock arguments() {
        CodeBlock.Builder arguments = CodeBlock.builder();
        for (ParameterSpec parameter : parameters(false)) {
            arguments.add("$N, ", parameter);
        }
        return arguments.build();
    }
}
