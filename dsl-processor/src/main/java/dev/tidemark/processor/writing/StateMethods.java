package dev.tidemark.processor.writing;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterSpec;
import com.palantir.javapoet.TypeName;
import dev.tidemark.TimeoutDomain;
import dev.tidemark.processor.model.GroupModel;
import dev.tidemark.processor.model.GroupModel.HandleModel;
import dev.tidemark.processor.schema.Storable;
import dev.tidemark.processor.schema.Storable.Field;
import dev.tidemark.processor.schema.Storable.OptionalOf;
import dev.tidemark.processor.schema.Storable.Primitive;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.lang.model.element.Modifier;

/**
 * Writes what the DoFn does with the state around a handler call: it gives the handler a copy, and applies the difference
 * once the handler has returned.
 */
final class StateMethods {
    private final GroupModel group;
    private final Cells cells;
    private final Tags tags;
    private final ClassName stateType;

    StateMethods(GroupModel group, Cells cells, Tags tags) {
        this.group = group;
        this.cells = cells;
        this.tags = tags;
        this.stateType = group.state().plain().type();
    }

    List<MethodSpec> methods() {
        List<MethodSpec> methods = new ArrayList<>();
        if (group.state().isRecord()) {
            methods.add(commitStep());
            if (clears()) {
                methods.add(clear());
            }
            return methods;
        }
        methods.add(open());
        if (!group.state().ttls().isEmpty()) {
            methods.add(forgetStale());
        }
        if (group.resets() || group.onTimeout().isPresent() || !group.alarms().isEmpty()) {
            methods.add(isWritten());
        }
        methods.add(commit());
        if (clears()) {
            methods.add(clear());
        }
        if (releases()) {
            methods.add(release());
        }
        if (group.resets()) {
            methods.add(reset());
        }
        return methods;
    }

    CodeBlock callForgetStale() {
        return CodeBlock.of(group.hasLocalState() ? "forgetStale(state)" : "forgetStale()");
    }

    CodeBlock callIsWritten() {
        return CodeBlock.of(group.hasLocalState() ? "isWritten(state)" : "isWritten()");
    }

    CodeBlock callCommit(String stored) {
        CodeBlock state = CodeBlock.of(group.hasLocalState() ? "state" : "");
        CodeBlock fields = CodeBlock.of(plain() ? stored : "");
        return CodeBlock.of("commit($L$L$L)", state, state.isEmpty() || fields.isEmpty() ? "" : ", ", fields);
    }

    private MethodSpec.Builder withState(MethodSpec.Builder method) {
        return group.hasLocalState() ? method.addParameter(stateType, "state") : method;
    }

    /** How plain fields are copied and compared. */
    List<MethodSpec> plainMethods() {
        return plain() && !group.state().isRecord() ? List.of(copy(), same()) : List.of();
    }

    private boolean plain() {
        return group.state().hasPlainFields();
    }

    /** Whether a group that has cells can be forgotten without a handler having seen it go. */
    private boolean clears() {
        return cells.areThere()
                && ((group.timesOut() && group.onTimeout().isEmpty())
                        || (group.timeout().domain() != TimeoutDomain.NONE && DoFnWriter.discards(group))
                        || group.ttl() > 0
                        || group.onExpire().isPresent());
    }

    /** Whether there is anything that a handler leaves behind that has thrown, or whose group is gone. */
    boolean releases() {
        return (tags.emitsErrors() || group.onExpire().isPresent())
                && !group.state().isRecord()
                && (group.collectsRows() || cells.areThere());
    }

    /** A record is replaced as a whole. */
    private MethodSpec commitStep() {
        return MethodSpec.methodBuilder("commit")
                .addJavadoc("The state that the handler leaves; the object that was stored, if it did not change.\n")
                .addModifiers(Modifier.PRIVATE)
                .addParameter(
                        BeamNames.of(BeamNames.STEP, stateType, group.output().type()), "step")
                .addParameter(stateType, "stored")
                .returns(stateType)
                .beginControlFlow("return switch (step.change())")
                .addStatement("case KEEP -> stored")
                .addStatement("case REPLACE -> step.state().equals(stored) ? stored : step.state()")
                .addStatement("case REMOVE -> null")
                .addCode("$<};\n")
                .build();
    }

    /** Fields that have outlived their ttl. */
    private MethodSpec forgetStale() {
        MethodSpec.Builder method = MethodSpec.methodBuilder("forgetStale")
                .addJavadoc(
                        "Shows the handler nothing of the fields that were not changed for longer than their ttl.\n")
                .addModifiers(Modifier.PRIVATE);
        withState(method);
        for (Field field : group.state().plain().fields()) {
            stale(method, field.number(), CodeBlock.of("state.$1N = defaults.$1N", field.name()));
        }
        for (Field field : cells.fieldCells()) {
            stale(method, field.number(), CodeBlock.of("state.$N = $N.initial()", field.name(), cells.field(field)));
        }
        for (HandleModel handle : cells.handles()) {
            stale(method, handle.number(), CodeBlock.of("$N.clear()", cells.handle(handle)));
        }
        return method.build();
    }

    private void stale(MethodSpec.Builder method, int number, CodeBlock forget) {
        Long ttl = group.state().ttls().get(number);
        if (ttl != null) {
            method.beginControlFlow("if (group.isStale($L, $LL))", number, ttl)
                    .addStatement(forget)
                    .endControlFlow();
        }
    }

    private MethodSpec open() {
        MethodSpec.Builder open = MethodSpec.methodBuilder("open")
                .addJavadoc("Gives the handler its state: a copy, since what is stored may be the object itself.\n")
                .addModifiers(Modifier.PRIVATE);
        if (plain()) {
            open.addParameter(stateType, "stored");
        }
        for (Field field : cells.fieldCells()) {
            open.addParameter(cells.cellType(field), cells.cell(field));
        }
        for (HandleModel handle : cells.handles()) {
            open.addParameter(cells.stateType(handle), cells.cell(handle));
        }
        if (group.hasLocalState()) {
            open.returns(stateType).addStatement("$1T state = new $1T()", stateType);
        } else if (group.state().hasValues()) {
            open.addStatement("state = new $T()", stateType);
        }
        if (plain()) {
            open.beginControlFlow("if (stored != null)")
                    .addStatement("copy(stored, state)")
                    .endControlFlow();
        }
        for (Field field : cells.fieldCells()) {
            open.addStatement(
                    "state.$1N = $2N.open($3N, defaults.$1N)", field.name(), cells.field(field), cells.cell(field));
        }
        for (HandleModel handle : cells.handles()) {
            open.addStatement("$N.open($N)", cells.handle(handle), cells.cell(handle))
                    .addStatement("state.$N = $N", handle.name(), cells.handle(handle));
        }
        return (group.hasLocalState() ? open.addStatement("return state") : open).build();
    }

    private MethodSpec isWritten() {
        CodeBlock.Builder written = CodeBlock.builder();
        written.add(plain() ? "!same(state, defaults)" : "");
        for (Field field : cells.fieldCells()) {
            written.add(
                    written.isEmpty() ? "$N.isWritten(state.$N)" : "\n|| $N.isWritten(state.$N)",
                    cells.field(field),
                    field.name());
        }
        for (HandleModel handle : cells.handles()) {
            written.add(written.isEmpty() ? "$N.isWritten()" : "\n|| $N.isWritten()", cells.handle(handle));
        }
        MethodSpec.Builder isWritten = MethodSpec.methodBuilder("isWritten")
                .addJavadoc(
                        "Whether there is any state: what a handler writes after it has closed the group opens it anew.\n")
                .addModifiers(Modifier.PRIVATE);
        return withState(isWritten)
                .returns(TypeName.BOOLEAN)
                .addStatement("return $L", written.isEmpty() ? CodeBlock.of("false") : written.build())
                .build();
    }

    private MethodSpec commit() {
        MethodSpec.Builder commit = MethodSpec.methodBuilder("commit")
                .addJavadoc(
                        plain()
                                ? "Applies what the handler did to the cells, and gives its plain fields: the stored ones, if they are the same.\n"
                                : "Applies what the handler did to the cells; a cell that did not change is not touched.\n")
                .addModifiers(Modifier.PRIVATE);
        withState(commit);
        if (plain()) {
            commit.addParameter(stateType, "stored").returns(stateType);
        }
        noteChanges(commit);
        for (Field field : cells.fieldCells()) {
            commit.addStatement("$N.commit(state.$N)", cells.field(field), field.name());
        }
        for (HandleModel handle : cells.handles()) {
            commit.addStatement("$N.commit()", cells.handle(handle));
        }
        if (plain()) {
            commit.beginControlFlow("if (group.isForgotten())")
                    .addStatement("return null")
                    .endControlFlow()
                    .beginControlFlow("if (same(state, stored == null ? defaults : stored))")
                    .addStatement("return stored")
                    .endControlFlow();
            for (HandleModel handle : cells.handles()) {
                // What is stored must not drag the handles along.
                commit.addStatement("state.$N = null", handle.name());
            }
            for (Field field : cells.fieldCells()) {
                if (!field.storable().type().isPrimitive()) {
                    commit.addStatement("state.$N = null", field.name());
                }
            }
            commit.addStatement("return state");
        }
        return commit.build();
    }

    /** The time to live of a field counts from its last change. */
    private void noteChanges(MethodSpec.Builder commit) {
        Map<Integer, Long> ttls = group.state().ttls();
        if (group.state().plain().fields().stream().anyMatch(field -> ttls.containsKey(field.number()))) {
            commit.addStatement("$T before = stored == null ? defaults : stored", stateType);
        }
        for (Field field : group.state().plain().fields()) {
            if (ttls.containsKey(field.number())) {
                noteChange(commit, field.number(), CodeBlock.of("!($L)", sameField(field, "before", "state")));
            }
        }
        for (Field field : cells.fieldCells()) {
            if (ttls.containsKey(field.number())) {
                noteChange(
                        commit,
                        field.number(),
                        CodeBlock.of("$N.isChanged(state.$N)", cells.field(field), field.name()));
            }
        }
        for (HandleModel handle : cells.handles()) {
            if (ttls.containsKey(handle.number())) {
                noteChange(commit, handle.number(), CodeBlock.of("$N.isWritten()", cells.handle(handle)));
            }
        }
    }

    private static void noteChange(MethodSpec.Builder commit, int number, CodeBlock test) {
        commit.beginControlFlow("if ($L)", test)
                .addStatement("group.changed($L)", number)
                .endControlFlow();
    }

    private MethodSpec clear() {
        MethodSpec.Builder clear = MethodSpec.methodBuilder("clear")
                .addJavadoc("Forgets what is stored beside the plain fields.\n")
                .addModifiers(Modifier.PRIVATE)
                .addParameters(cells.parameters(false));
        for (ParameterSpec parameter : cells.parameters(false)) {
            clear.addStatement("$N.clear()", parameter);
        }
        return clear.build();
    }

    private MethodSpec release() {
        MethodSpec.Builder release = MethodSpec.methodBuilder("release")
                .addJavadoc(
                        group.onExpire().isPresent()
                                ? "Forgets what a handler did whose state is gone, or that has thrown.\n"
                                : "Forgets what a handler did that has thrown.\n")
                .addModifiers(Modifier.PRIVATE);
        if (group.collectsRows()) {
            release.addStatement("rows.close()");
        }
        for (Field field : cells.fieldCells()) {
            release.addStatement("$N.release()", cells.field(field));
        }
        for (HandleModel handle : cells.handles()) {
            release.addStatement("$N.release()", cells.handle(handle));
        }
        return release.build();
    }

    private MethodSpec reset() {
        MethodSpec.Builder reset = MethodSpec.methodBuilder("reset")
                .addJavadoc("Shows the handler that has closed the group an empty state.\n")
                .addModifiers(Modifier.PRIVATE);
        if (plain()) {
            reset.addStatement("copy(defaults, state)");
        }
        for (Field field : cells.fieldCells()) {
            reset.addStatement("state.$N = $N.initial()", field.name(), cells.field(field));
        }
        for (HandleModel handle : cells.handles()) {
            reset.addStatement("$N.clear()", cells.handle(handle));
        }
        return reset.build();
    }

    // ------------------------------------------------------------------ plain fields

    private CodeBlock wire(Field field, WireExpressions wires) {
        return CodersWriter.hasConstant(field.storable())
                ? CodeBlock.of("$T.$N", wires.coder(group.state().plain()), CodersWriter.constantName(field))
                : wires.wire(field.storable());
    }

    private MethodSpec copy() {
        MethodSpec.Builder copy = MethodSpec.methodBuilder("copy")
                .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
                .addParameter(stateType, "from")
                .addParameter(stateType, "to");
        for (Field field : group.state().plain().fields()) {
            Storable storable = field.storable();
            if (storable.immutable()) {
                copy.addStatement("to.$1N = from.$1N", field.name());
            } else if (storable instanceof OptionalOf) {
                copy.addStatement(
                        "to.$1N = $2T.ofNullable($3L.copy($4T.orNull(from.$1N)))",
                        field.name(),
                        java.util.Optional.class,
                        wire(field, cells.wires()),
                        BeamNames.WIRES);
            } else {
                copy.addStatement("to.$1N = $2L.copy(from.$1N)", field.name(), wire(field, cells.wires()));
            }
        }
        return copy.build();
    }

    private MethodSpec same() {
        CodeBlock all = group.state().plain().fields().stream()
                .map(field -> sameField(field, "left", "right"))
                .collect(CodeBlock.joining("\n&& "));
        return MethodSpec.methodBuilder("same")
                .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
                .returns(TypeName.BOOLEAN)
                .addParameter(stateType, "left")
                .addParameter(stateType, "right")
                .addStatement("return $L", all)
                .build();
    }

    private CodeBlock sameField(Field field, String left, String right) {
        Storable storable = field.storable();
        String name = field.name();
        if (storable instanceof Primitive primitive) {
            return primitive.deterministic()
                    ? CodeBlock.of("$N.$N == $N.$N", left, name, right, name)
                    : CodeBlock.of(
                            "$T.compare($N.$N, $N.$N) == 0", primitive.type().box(), left, name, right, name);
        }
        if ((storable instanceof Storable.Scalar scalar && scalar.immutable()) || storable instanceof Storable.EnumOf) {
            return CodeBlock.of("$T.equals($N.$N, $N.$N)", Objects.class, left, name, right, name);
        }
        CodeBlock wire = wire(field, cells.wires());
        if (storable instanceof OptionalOf) {
            return CodeBlock.of(
                    "$1L.same($2T.orNull($3N.$4N), $2T.orNull($5N.$4N))", wire, BeamNames.WIRES, left, name, right);
        }
        return CodeBlock.of("$L.same($N.$N, $N.$N)", wire, left, name, right, name);
    }
}
