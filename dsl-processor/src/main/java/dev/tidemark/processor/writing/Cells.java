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
import dev.tidemark.processor.model.GroupModel.AlarmModel;
import dev.tidemark.processor.model.GroupModel.HandleKind;
import dev.tidemark.processor.model.GroupModel.HandleModel;
import dev.tidemark.processor.model.GroupModel.MigrationModel;
import dev.tidemark.processor.schema.Storable;
import dev.tidemark.processor.schema.Storable.Field;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Modifier;

/**
 * The cells of a group beside the one of its plain fields: what each is called in Beam and in the generated DoFn. Ids derive
 * from field numbers.
 */
final class Cells {
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
                "waiting",
                "waitingCell",
                "batch",
                "batches",
                "flush",
                "meta",
                "kept",
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
                "given",
                "initial",
                "arrival",
                "before",
                "step",
                "old",
                "fire",
                "expire",
                "timeout",
                "clear")) {
            names.newName(taken);
        }
        for (Field field : group.state().cells()) {
            names.newName(field.name(), field);
            names.newName(field.name() + "Cell", "cell " + field.number());
        }
        for (HandleModel handle : handles()) {
            names.newName(handle.name(), handle);
            names.newName(handle.name() + "Cell", "cell " + handle.number());
        }
        for (AlarmModel alarm : group.alarms()) {
            names.newName(alarm.name() + "Alarm", alarm);
        }
    }

    /** Whether there is any. */
    boolean areThere() {
        return !fieldCells().isEmpty() || !handles().isEmpty();
    }

    List<HandleModel> handles() {
        return group.state().handles();
    }

    /** The plain fields with cells of their own. */
    List<Field> fieldCells() {
        return group.state().cells();
    }

    /** The field of the DoFn that holds such a cell. */
    String field(Field field) {
        return names.get(field);
    }

    /** The parameter that holds such a cell. */
    String cell(Field field) {
        return names.get("cell " + field.number());
    }

    /** The field of the DoFn that holds an alarm, and the method that it calls. */
    String alarm(AlarmModel alarm) {
        return names.get(alarm);
    }

    TypeName cellType(Field field) {
        return BeamNames.of(
                BeamNames.VALUE_STATE,
                BeamNames.of(BeamNames.HELD, field.storable().type().box()));
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
        // Another kind of state under the same id would be misread: the id tells them apart.
        return id(handle.number()) + (handle.kind() == HandleKind.BAG_TIMELINE ? "-bag" : "");
    }

    private static String id(int number) {
        return "f" + number;
    }

    TypeName stateType(HandleModel handle) {
        return switch (handle.kind()) {
            case BAG -> BeamNames.of(BeamNames.BAG_STATE, element(handle).type().box());
            case MEMBERS ->
                BeamNames.of(BeamNames.SET_STATE, element(handle).type().box());
            case TABLE ->
                BeamNames.of(
                        BeamNames.MAP_STATE,
                        keyOf(handle).type().box(),
                        element(handle).type().box());
            case TIMELINE ->
                BeamNames.of(
                        BeamNames.ORDERED_LIST_STATE,
                        BeamNames.of(BeamNames.LIST, element(handle).type().box()));
            case BAG_TIMELINE ->
                BeamNames.of(
                        BeamNames.BAG_STATE,
                        BeamNames.of(
                                BeamNames.TIMESTAMPED_VALUE,
                                element(handle).type().box()));
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
            case TABLE ->
                BeamNames.of(
                        BeamNames.runtime("TableCell"),
                        keyOf(handle).type().box(),
                        element(handle).type().box());
            case TIMELINE ->
                BeamNames.of(
                        BeamNames.runtime("TimelineCell"),
                        element(handle).type().box());
            case BAG_TIMELINE ->
                BeamNames.of(
                        BeamNames.runtime("BagTimelineCell"),
                        element(handle).type().box());
            case TALLY -> BeamNames.runtime("TallyCell");
        };
    }

    CodeBlock newHandle(HandleModel handle) {
        return switch (handle.kind()) {
            case BAG, TIMELINE, BAG_TIMELINE, TALLY ->
                CodeBlock.of(handle.element().isPresent() ? "new $T<>()" : "new $T()", raw(handleType(handle)));
            case MEMBERS -> CodeBlock.of("new $T<>($L)", raw(handleType(handle)), wires.wire(element(handle)));
            case TABLE -> CodeBlock.of("new $T<>($L)", raw(handleType(handle)), wires.wire(keyOf(handle)));
        };
    }

    private static ClassName raw(TypeName type) {
        return type instanceof ParameterizedTypeName parameterized ? parameterized.rawType() : (ClassName) type;
    }

    private static Storable keyOf(HandleModel handle) {
        return handle.key().orElseThrow();
    }

    private static Storable element(HandleModel handle) {
        return handle.element().orElseThrow();
    }

    /** The coder of the cell that holds the plain fields and the bookkeeping, with the migrations that lead to them. */
    CodeBlock keptCoder() {
        Storable plain = group.state().plain();
        if (!group.state().hasPlainFields()) {
            return CodeBlock.of("$T.of($S)", BeamNames.KEPT_CODER, group.name());
        }
        // An event that waits needs none of the fields.
        String deferred = group.isOrdered() ? ".deferred()" : "";
        if (group.migrations().isEmpty()) {
            return CodeBlock.of("$T.of($S, $L)$L", BeamNames.KEPT_CODER, group.name(), wires.wire(plain), deferred);
        }
        CodeBlock.Builder coder = CodeBlock.builder();
        for (int i = 0; i < group.migrations().size(); i++) {
            MigrationModel migration = group.migrations().get(i);
            if (i == 0) {
                coder.add("$T.of($S, $L)$>", BeamNames.KEPT_CODER, group.name(), wires.wire(migration.before()));
            }
            boolean last = i == group.migrations().size() - 1;
            coder.add(
                    "\n.migrated($L, $T::$N, $L)",
                    migration.to(),
                    group.names().anchor(),
                    migration.method(),
                    wires.wire(last ? plain : group.migrations().get(i + 1).before()));
        }
        return coder.add(deferred).add("$<").build();
    }

    /** The declarations of the cells, as fields of the DoFn. */
    List<FieldSpec> specs() {
        List<FieldSpec> specs = new ArrayList<>();
        for (Field field : fieldCells()) {
            specs.add(spec(
                    id(field.number()),
                    field(field),
                    cellType(field),
                    CodeBlock.of(
                            "$T.value($Z$T.of($L))",
                            BeamNames.STATE_SPECS,
                            BeamNames.HELD_CODER,
                            wires.wire(field.storable()))));
        }
        for (HandleModel handle : handles()) {
            CodeBlock initializer = switch (handle.kind()) {
                case BAG -> CodeBlock.of("$T.bag($Z$L)", BeamNames.STATE_SPECS, wires.beamCoder(element(handle)));
                case MEMBERS -> CodeBlock.of("$T.set($Z$L)", BeamNames.STATE_SPECS, wires.beamCoder(element(handle)));
                case TABLE ->
                    CodeBlock.of(
                            "$T.map($Z$L, $L)",
                            BeamNames.STATE_SPECS,
                            wires.beamCoder(keyOf(handle)),
                            wires.beamCoder(element(handle)));
                case BAG_TIMELINE ->
                    CodeBlock.of(
                            "$T.bag($Z$T.TimestampedValueCoder.of($L))",
                            BeamNames.STATE_SPECS,
                            BeamNames.TIMESTAMPED_VALUE,
                            wires.beamCoder(element(handle)));
                case TIMELINE ->
                    CodeBlock.of(
                            "$T.orderedList($Z$T.of($L))",
                            BeamNames.STATE_SPECS,
                            BeamNames.LIST_CODER,
                            wires.beamCoder(element(handle)));
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
        for (Field field : fieldCells()) {
            parameters.add(parameter(id(field.number()), cell(field), cellType(field), provided));
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
