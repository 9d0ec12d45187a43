package dev.tidemark.processor.writing;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterSpec;
import com.palantir.javapoet.TypeName;
import dev.tidemark.processor.model.GroupModel;
import dev.tidemark.processor.model.GroupModel.Argument;
import dev.tidemark.processor.model.GroupModel.HandleModel;
import dev.tidemark.processor.model.GroupModel.HandlerModel;
import dev.tidemark.processor.model.GroupModel.OutputModel;
import dev.tidemark.processor.schema.Storable;
import dev.tidemark.processor.schema.Storable.Container;
import dev.tidemark.processor.schema.Storable.Field;
import dev.tidemark.processor.schema.Storable.OptionalOf;
import dev.tidemark.processor.schema.Storable.Primitive;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.lang.model.element.Modifier;

/**
 * Writes the private half of the DoFn: one handler call, and how what it did is applied. Everything a handler does is kept
 * back until it returns, so that one that throws has done nothing.
 */
final class HandlerCalls {
    static final ParameterSpec OUT =
            ParameterSpec.builder(DoFnMembers.of("MultiOutputReceiver"), "out").build();

    private final GroupModel group;
    private final Cells cells;
    private final Tags tags;
    private final TypeName keyType;
    private final ClassName stateType;

    HandlerCalls(GroupModel group, Cells cells, Tags tags) {
        this.group = group;
        this.cells = cells;
        this.tags = tags;
        this.keyType = group.key().storable().type().box();
        this.stateType = group.state().plain().type();
    }

    List<MethodSpec> methods() {
        List<MethodSpec> methods = new ArrayList<>();
        methods.add(event());
        if (timesOut()) {
            methods.add(
                    group.onTimeout().isPresent() ? timeout(group.onTimeout().get()) : closeAtTimeout());
        }
        methods.add(open());
        methods.add(isWritten());
        methods.add(commit());
        if (timesOut() && (group.onTimeout().isEmpty() || DoFnWriter.discards(group))) {
            methods.add(clear());
        }
        if (tags.emitsErrors()) {
            methods.add(release());
        }
        methods.add(reset());
        methods.add(emit());
        if (plain()) {
            methods.add(copy());
            methods.add(same());
        }
        return methods;
    }

    private boolean timesOut() {
        return group.timesOutInEventTime() || group.timesOutByClock();
    }

    private boolean plain() {
        return group.state().hasPlainFields();
    }

    // ------------------------------------------------------------------ the two calls

    CodeBlock callEvent(CodeBlock key, CodeBlock event, CodeBlock time, CodeBlock late) {
        CodeBlock last = group.timesOutByClock() ? CodeBlock.of("wake") : late;
        return CodeBlock.of("event($L, $L, $L, $L, $Z$Lout)", key, event, time, last, cells.arguments());
    }

    CodeBlock callTimeout() {
        return CodeBlock.of("timeout(key, $Lout)", cells.arguments());
    }

    private MethodSpec event() {
        MethodSpec.Builder event = MethodSpec.methodBuilder("event")
                .addJavadoc(
                        "One call of {@link $T#$L}.\n",
                        group.names().anchor(),
                        group.onEvent().method())
                .addModifiers(Modifier.PRIVATE)
                .addParameter(keyType, "key")
                .addParameter(group.input().type(), "event")
                .addParameter(BeamNames.JODA_INSTANT, "time");
        if (group.timesOutByClock()) {
            event.addParameter(BeamNames.TIMER, "wake");
        } else {
            event.addParameter(TypeName.BOOLEAN, "late");
        }
        event.addParameters(cells.parameters(false)).addParameter(OUT);
        openState(event);
        event.addStatement(
                group.timesOutByClock()
                        ? "group.beginEvent(time.getMillis(), wake)"
                        : "group.beginEvent(time.getMillis(), late)");
        call(event, group.onEvent(), "event", false);
        event.addStatement("group.commitEvent(group.isClosed() && isWritten())");
        return apply(event).build();
    }

    private MethodSpec timeout(HandlerModel handler) {
        MethodSpec.Builder timeout = timeoutMethod(
                CodeBlock.of("One call of {@link $T#$L}.\n", group.names().anchor(), handler.method()));
        if (DoFnWriter.discards(group)) {
            timeout.beginControlFlow("if (group.discards())");
            forget(timeout);
            timeout.addStatement("return").endControlFlow();
        }
        openState(timeout);
        timeout.addStatement("group.beginTimeout()")
                .addStatement("$T time = group.timestamp()", BeamNames.JODA_INSTANT);
        call(timeout, handler, "null", true);
        timeout.addStatement("group.commitTimeout(isWritten())");
        return apply(timeout).build();
    }

    private MethodSpec closeAtTimeout() {
        MethodSpec.Builder timeout = timeoutMethod(CodeBlock.of(
                "Closes the group: {@link $T} has no handler for it.\n",
                group.names().anchor()));
        timeout.addStatement("group.closeAtTimeout()");
        forget(timeout);
        return timeout.build();
    }

    private MethodSpec.Builder timeoutMethod(CodeBlock javadoc) {
        return MethodSpec.methodBuilder("timeout")
                .addJavadoc(javadoc)
                .addModifiers(Modifier.PRIVATE)
                .addParameter(keyType, "key")
                .addParameters(cells.parameters(false))
                .addParameter(OUT);
    }

    private void openState(MethodSpec.Builder method) {
        if (plain()) {
            method.addStatement("$T stored = fieldsCell.read()", stateType)
                    .addStatement("open(stored$L)", handleArguments());
        } else {
            method.addStatement("open($L)", handleArgumentsAlone());
        }
    }

    private void call(MethodSpec.Builder method, HandlerModel handler, String input, boolean timeout) {
        String name = group.names().anchor().simpleName() + "." + handler.method();
        CodeBlock arguments = handler.arguments().stream().map(this::argument).collect(CodeBlock.joining(", "));
        CodeBlock target = handler.isStatic()
                ? CodeBlock.of("$T.$N($L)", group.names().anchor(), handler.method(), arguments)
                : CodeBlock.of("handlers.$N($L)", handler.method(), arguments);
        method.beginControlFlow("try");
        switch (handler.returns()) {
            case NOTHING -> method.addStatement(target);
            case ONE -> method.addStatement("rows.one($L, $S)", target, name);
            case OPTIONAL -> method.addStatement("rows.optional($L, $S)", target, name);
            case LIST, STREAM -> method.addStatement("rows.all($L, $S)", target, name);
        }
        method.nextControlFlow("catch ($T e)", Exception.class);
        if (tags.emitsErrors()) {
            method.addStatement("group.rollBack($L)", timeout)
                    .addStatement("release()")
                    .addStatement(
                            "out.get($N).outputWithTimestamp(group.failed($S, key, $L, e), time)",
                            Tags.ERRORS,
                            name,
                            input)
                    .addStatement("return");
        } else {
            method.addStatement("throw group.failure($S, key, e)", name);
        }
        method.endControlFlow();
    }

    private CodeBlock argument(Argument argument) {
        if (argument instanceof Argument.Input) {
            return CodeBlock.of("event");
        } else if (argument instanceof Argument.State) {
            return CodeBlock.of("state");
        } else if (argument instanceof Argument.Live || argument instanceof Argument.Timeout) {
            return CodeBlock.of("group");
        } else if (argument instanceof Argument.Out) {
            return CodeBlock.of("rows");
        } else if (argument instanceof Argument.Cause) {
            return CodeBlock.of("group.cause()");
        }
        Argument.KeyPart part = (Argument.KeyPart) argument;
        return part.component().isPresent()
                ? CodeBlock.of("key.$N()", part.component().get())
                : CodeBlock.of("key");
    }

    private MethodSpec.Builder apply(MethodSpec.Builder method) {
        method.addStatement(plain() ? "commit(stored, fieldsCell)" : "commit()");
        return method.addStatement("emit(key, time, out)");
    }

    /** The group is gone without a handler having seen it go. */
    private void forget(MethodSpec.Builder method) {
        method.addStatement("clear($L)", cellArguments());
        if (group.isUpdate()) {
            method.addStatement(
                    "out.get($N).outputWithTimestamp($T.delete(key), group.timestamp())",
                    Tags.UPDATES,
                    BeamNames.UPSERT);
        }
    }

    // ------------------------------------------------------------------ the state of one call

    private CodeBlock handleArguments() {
        CodeBlock.Builder arguments = CodeBlock.builder();
        for (HandleModel handle : cells.handles()) {
            arguments.add(", $N", cells.cell(handle));
        }
        return arguments.build();
    }

    private CodeBlock handleArgumentsAlone() {
        return cells.handles().stream()
                .map(handle -> CodeBlock.of("$N", cells.cell(handle)))
                .collect(CodeBlock.joining(", "));
    }

    private CodeBlock cellArguments() {
        return cells.parameters(false).stream()
                .map(parameter -> CodeBlock.of("$N", parameter))
                .collect(CodeBlock.joining(", "));
    }

    private MethodSpec open() {
        MethodSpec.Builder open = MethodSpec.methodBuilder("open")
                .addJavadoc("Gives the handler its state: a copy, since what is stored may be the object itself.\n")
                .addModifiers(Modifier.PRIVATE);
        if (plain()) {
            open.addParameter(stateType, "stored");
        }
        for (HandleModel handle : cells.handles()) {
            open.addParameter(cells.stateType(handle), cells.cell(handle));
        }
        if (plain()) {
            open.addStatement("state = new $T()", stateType)
                    .beginControlFlow("if (stored != null)")
                    .addStatement("copy(stored, state)")
                    .endControlFlow();
        }
        for (HandleModel handle : cells.handles()) {
            open.addStatement("$N.open($N)", cells.handle(handle), cells.cell(handle))
                    .addStatement("state.$N = $N", handle.name(), cells.handle(handle));
        }
        return open.addStatement("rows.open()").build();
    }

    private MethodSpec isWritten() {
        CodeBlock.Builder written = CodeBlock.builder();
        written.add(plain() ? "!same(state, defaults)" : "");
        for (HandleModel handle : cells.handles()) {
            written.add(written.isEmpty() ? "$N.isWritten()" : "\n|| $N.isWritten()", cells.handle(handle));
        }
        return MethodSpec.methodBuilder("isWritten")
                .addJavadoc(
                        "Whether there is any state: what a handler writes after it has closed the group opens it anew.\n")
                .addModifiers(Modifier.PRIVATE)
                .returns(TypeName.BOOLEAN)
                .addStatement("return $L", written.isEmpty() ? CodeBlock.of("false") : written.build())
                .build();
    }

    private MethodSpec commit() {
        MethodSpec.Builder commit = MethodSpec.methodBuilder("commit")
                .addJavadoc("Applies what the handler did to the cells; a cell that did not change is not touched.\n")
                .addModifiers(Modifier.PRIVATE);
        if (plain()) {
            commit.addParameter(stateType, "stored");
        }
        if (plain()) {
            commit.addParameter(cells.parameters(false).get(0));
        }
        for (HandleModel handle : cells.handles()) {
            commit.addStatement("$N.commit()", cells.handle(handle));
        }
        if (plain()) {
            commit.beginControlFlow("if (group.isForgotten())")
                    .beginControlFlow("if (stored != null)")
                    .addStatement("fieldsCell.clear()")
                    .endControlFlow()
                    .nextControlFlow("else if (!same(state, stored == null ? defaults : stored))");
            for (HandleModel handle : cells.handles()) {
                // What is stored must not drag the handles along.
                commit.addStatement("state.$N = null", handle.name());
            }
            commit.addStatement("fieldsCell.write(state)").endControlFlow();
        }
        return commit.build();
    }

    private MethodSpec clear() {
        MethodSpec.Builder clear = MethodSpec.methodBuilder("clear")
                .addJavadoc("Forgets the state.\n")
                .addModifiers(Modifier.PRIVATE)
                .addParameters(cells.parameters(false));
        for (ParameterSpec parameter : cells.parameters(false)) {
            clear.addStatement("$N.clear()", parameter);
        }
        return clear.build();
    }

    private MethodSpec release() {
        MethodSpec.Builder release = MethodSpec.methodBuilder("release")
                .addJavadoc("Forgets what a handler did that has thrown.\n")
                .addModifiers(Modifier.PRIVATE)
                .addStatement("rows.close()");
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
        for (HandleModel handle : cells.handles()) {
            reset.addStatement("$N.clear()", cells.handle(handle));
        }
        return reset.build();
    }

    private MethodSpec emit() {
        MethodSpec.Builder emit = MethodSpec.methodBuilder("emit")
                .addJavadoc("Lets go of what the handler emitted.\n")
                .addModifiers(Modifier.PRIVATE)
                .addParameter(keyType, "key")
                .addParameter(BeamNames.JODA_INSTANT, "time")
                .addParameter(OUT)
                .beginControlFlow("for ($T row : rows.close())", group.output().type())
                .addStatement("out.get($N).outputWithTimestamp(row, time)", Tags.ROWS);
        if (group.isSealed()) {
            boolean first = true;
            for (OutputModel output : group.outputs()) {
                CodeBlock test = CodeBlock.of("if (row instanceof $T alternative)", output.type());
                if (first) {
                    emit.beginControlFlow("$L", test);
                } else {
                    emit.nextControlFlow("else $L", test);
                }
                emit.addStatement("out.get($N).outputWithTimestamp(alternative, time)", tags.of(output));
                first = false;
            }
            emit.endControlFlow();
        }
        if (group.isUpdate()) {
            emit.addStatement(
                    "out.get($N).outputWithTimestamp($T.row(key, row), time)", Tags.UPDATES, BeamNames.UPSERT);
        }
        emit.endControlFlow();
        if (group.isUpdate()) {
            emit.beginControlFlow("if (group.isForgotten())")
                    .addStatement(
                            "out.get($N).outputWithTimestamp($T.delete(key), time)", Tags.UPDATES, BeamNames.UPSERT)
                    .endControlFlow();
        }
        return emit.build();
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
        CodeBlock all =
                group.state().plain().fields().stream().map(this::sameField).collect(CodeBlock.joining("\n&& "));
        return MethodSpec.methodBuilder("same")
                .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
                .returns(TypeName.BOOLEAN)
                .addParameter(stateType, "left")
                .addParameter(stateType, "right")
                .addStatement("return $L", all)
                .build();
    }

    private CodeBlock sameField(Field field) {
        Storable storable = field.storable();
        if (storable instanceof Primitive primitive) {
            return primitive.deterministic()
                    ? CodeBlock.of("left.$1N == right.$1N", field.name())
                    : CodeBlock.of(
                            "$1T.compare(left.$2N, right.$2N) == 0",
                            primitive.type().box(),
                            field.name());
        }
        if ((storable instanceof Storable.Scalar scalar && scalar.immutable()) || storable instanceof Storable.EnumOf) {
            return CodeBlock.of("$1T.equals(left.$2N, right.$2N)", Objects.class, field.name());
        }
        CodeBlock wire = wire(field, cells.wires());
        if (storable instanceof OptionalOf) {
            return CodeBlock.of(
                    "$1L.same($2T.orNull(left.$3N), $2T.orNull(right.$3N))", wire, BeamNames.WIRES, field.name());
        }
        assert storable instanceof Container || storable instanceof Storable.Composite || !storable.immutable();
        return CodeBlock.of("$1L.same(left.$2N, right.$2N)", wire, field.name());
    }
}
