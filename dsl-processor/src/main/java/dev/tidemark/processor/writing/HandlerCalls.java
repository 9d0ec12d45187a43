package dev.tidemark.processor.writing;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterSpec;
import com.palantir.javapoet.TypeName;
import dev.tidemark.processor.model.GroupModel;
import dev.tidemark.processor.model.GroupModel.AlarmModel;
import dev.tidemark.processor.model.GroupModel.Argument;
import dev.tidemark.processor.model.GroupModel.EventModel;
import dev.tidemark.processor.model.GroupModel.HandleModel;
import dev.tidemark.processor.model.GroupModel.HandlerModel;
import dev.tidemark.processor.model.GroupModel.OutputModel;
import dev.tidemark.processor.schema.Storable.Field;
import java.util.ArrayList;
import java.util.List;
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
    private final StateMethods state;
    private final TypeName keyType;
    private final ClassName stateType;

    HandlerCalls(GroupModel group, Cells cells, Tags tags) {
        this.group = group;
        this.cells = cells;
        this.tags = tags;
        this.state = new StateMethods(group, cells, tags);
        this.keyType = group.key().storable().type().box();
        this.stateType = group.state().plain().type();
    }

    List<MethodSpec> methods() {
        List<MethodSpec> methods = new ArrayList<>();
        if (group.onEvent().size() == 1) {
            methods.add(event("event", group.onEvent().get(0)));
        } else {
            methods.add(dispatch());
            group.onEvent().forEach(event -> methods.add(event(eventMethod(event), event)));
        }
        if (group.gathers()) {
            methods.add(flush());
        }
        group.onInitial().ifPresent(handler -> methods.add(initial(handler)));
        if (group.hasSeveralDue()) {
            methods.add(fire());
        }
        if (group.timesOut()) {
            methods.add(
                    group.onTimeout().isPresent() ? timeout(group.onTimeout().get()) : closeAtTimeout());
        }
        for (int i = 0; i < group.alarms().size(); i++) {
            methods.add(alarm(i, group.alarms().get(i)));
        }
        group.onExpire().ifPresent(handler -> methods.add(expire(handler)));
        methods.addAll(state.methods());
        methods.addAll(emit());
        methods.addAll(state.plainMethods());
        return methods;
    }

    // ------------------------------------------------------------------ how they are called

    CodeBlock callEvent(CodeBlock key, CodeBlock event, CodeBlock time, CodeBlock late) {
        return group.isBatched()
                ? callEvents(key, CodeBlock.of("$T.of($L, $L)", BeamNames.BATCH, event, time), late)
                : CodeBlock.of(
                        "$Levent($L, $L, $L$L,$W$Lout)", taken(), key, event, time, last(late), arguments("fields"));
    }

    CodeBlock callEvents(CodeBlock key, CodeBlock batch, CodeBlock late) {
        return CodeBlock.of("$Levent($L, $L$L,$W$Lout)", taken(), key, batch, last(late), arguments("fields"));
    }

    /** What a handler leaves is what the next one finds. */
    private String taken() {
        return group.state().hasFields() ? "fields = " : "";
    }

    /** The state as arguments, each followed by a comma: the plain fields under this name, and the cells beside them. */
    private CodeBlock arguments(String fields) {
        return group.state().hasFields() ? CodeBlock.of("$N, $L", fields, cells.arguments()) : cells.arguments();
    }

    /** The same as parameters. */
    private List<ParameterSpec> parameters(String fields) {
        List<ParameterSpec> parameters = new ArrayList<>();
        if (group.state().hasFields()) {
            parameters.add(ParameterSpec.builder(stateType, fields).build());
        }
        parameters.addAll(cells.parameters(false));
        return parameters;
    }

    private TypeName returned() {
        return group.state().hasFields() ? stateType : TypeName.VOID;
    }

    /** The end of a method whose handler leaves these fields. */
    private CodeBlock returns(String fields) {
        return group.state().hasFields()
                ? CodeBlock.builder().addStatement("return $L", fields).build()
                : CodeBlock.of("");
    }

    /** The same where there is more of the method. */
    private CodeBlock returnsEarly(String fields) {
        return CodeBlock.builder()
                .addStatement(group.state().hasFields() ? "return " + fields : "return")
                .build();
    }

    /** What the call for an event must know beside it, as the last argument; an untimed group must know nothing. */
    private CodeBlock last(CodeBlock late) {
        return group.isUntimed()
                ? CodeBlock.of("")
                : CodeBlock.of(", $L", group.timesOutByClock() ? CodeBlock.of("wake") : late);
    }

    /** Whatever waits for others. */
    CodeBlock callFlush(CodeBlock key) {
        return CodeBlock.of(
                "$Lflush($L, $L$LwaitingCell, inboxCell, batch, end, out)",
                taken(),
                key,
                group.timesOutByClock() ? "wake, " : "",
                arguments("fields"));
    }

    CodeBlock callInitial() {
        return CodeBlock.of(
                "$Linitial(key, next.getValue().initial(), next.getTimestamp(),$W$Lout)", taken(), arguments("fields"));
    }

    /** Whatever is due. */
    CodeBlock callDue() {
        return CodeBlock.of(
                group.hasSeveralDue() ? "$Lfire(key, $Lout)" : "$Ltimeout(key, $Lout)", taken(), arguments("fields"));
    }

    CodeBlock callExpire() {
        return CodeBlock.of("$Lexpire(key, $Lout)", taken(), arguments("fields"));
    }

    /** Forgets the state, between the calls of handlers. */
    CodeBlock clear() {
        CodeBlock.Builder clear = CodeBlock.builder().add(clearCells());
        if (group.state().hasFields()) {
            clear.addStatement("fields = null");
        }
        return clear.build();
    }

    private CodeBlock clearCells() {
        return cells.areThere()
                ? CodeBlock.builder().addStatement("clear($L)", cellArguments()).build()
                : CodeBlock.of("");
    }

    // ------------------------------------------------------------------ events

    private static String eventMethod(EventModel event) {
        return "event" + event.type().simpleName();
    }

    private MethodSpec.Builder eventMethod(String name, TypeName type, String javadoc, Object... arguments) {
        MethodSpec.Builder event = MethodSpec.methodBuilder(name)
                .addJavadoc(javadoc, arguments)
                .addModifiers(Modifier.PRIVATE)
                .addParameter(keyType, "key");
        if (group.isBatched()) {
            event.addParameter(BeamNames.of(BeamNames.BATCH, type), "batch");
        } else {
            event.addParameter(type, "event").addParameter(BeamNames.JODA_INSTANT, "time");
        }
        if (group.timesOutByClock()) {
            event.addParameter(BeamNames.TIMER, "wake");
        } else if (!group.isUntimed()) {
            event.addParameter(TypeName.BOOLEAN, "late");
        }
        return event.addParameters(parameters("stored")).addParameter(OUT).returns(returned());
    }

    /** Several handlers: each has its kind of event. */
    private MethodSpec dispatch() {
        MethodSpec.Builder event =
                eventMethod("event", group.input().type(), "One call of the handler for this kind of event.\n");
        boolean first = true;
        for (EventModel each : group.onEvent()) {
            CodeBlock test = CodeBlock.of("if (event instanceof $T alternative)", each.type());
            if (first) {
                event.beginControlFlow("$L", test);
            } else {
                event.nextControlFlow("else $L", test);
            }
            event.addStatement(
                    "$L$N(key, alternative, time$L, $Lout)",
                    group.state().hasFields() ? "return " : "",
                    eventMethod(each),
                    last(CodeBlock.of("late")),
                    arguments("stored"));
            first = false;
        }
        return event.nextControlFlow("else")
                .addStatement("throw new $T($S + event)", IllegalStateException.class, "no handler takes ")
                .endControlFlow()
                .build();
    }

    private MethodSpec event(String name, EventModel model) {
        HandlerModel handler = model.handler();
        MethodSpec.Builder event = eventMethod(
                name,
                model.type(),
                "One call of {@link $T#$L}.\n",
                group.names().anchor(),
                handler.method());
        openState(event, handler);
        if (group.isBatched()) {
            event.addStatement("$T time = batch.time()", BeamNames.JODA_INSTANT)
                    .addStatement("group.beginEvents(batch$L)", last(CodeBlock.of("late")));
        } else {
            event.addStatement("group.beginEvent(time.getMillis()$L)", last(CodeBlock.of("late")));
        }
        forgetStale(event);
        call(event, handler, "event", false);
        event.addStatement("group.commitEvent($L)", isReopened());
        return apply(event, handler, "stored").build();
    }

    /** Whether the handler that has returned has closed the group, and then written to it. */
    private CodeBlock isReopened() {
        return group.resets() ? CodeBlock.of("group.isClosed() && $L", state.callIsWritten()) : CodeBlock.of("false");
    }

    private MethodSpec flush() {
        MethodSpec.Builder flush = MethodSpec.methodBuilder("flush")
                .addJavadoc("Handles the events that wait, as many at a time as one call takes.\n")
                .addModifiers(Modifier.PRIVATE)
                .addParameter(keyType, "key");
        if (group.timesOutByClock()) {
            flush.addParameter(BeamNames.TIMER, "wake");
        }
        flush.addParameters(parameters("stored"))
                .addParameter(DoFnWriter.WAITING_TYPE, "waitingCell")
                .addParameter(DoFnWriter.inboxType(group.input().type()), "inboxCell")
                .addParameter(BeamNames.TIMER, "batch")
                .addParameter(BeamNames.TIMER, "end")
                .addParameter(OUT)
                .returns(returned())
                .addStatement("batches.take(waitingCell, inboxCell, batch, end, group)");
        if (group.state().hasFields()) {
            flush.addStatement("$T fields = stored", stateType);
        }
        flush.beginControlFlow("while (batches.hasNext())");
        if (group.ttl() > 0) {
            flush.beginControlFlow("if (group.isStaleBefore(batches.peek().getTimestamp().getMillis()))")
                    .addCode(clear())
                    .endControlFlow();
        }
        return flush.addStatement(
                        callEvents(CodeBlock.of("key"), CodeBlock.of("batches.next(group)"), CodeBlock.of("false")))
                .endControlFlow()
                .addCode(returns("fields"))
                .build();
    }

    private MethodSpec initial(HandlerModel handler) {
        MethodSpec.Builder initial = MethodSpec.methodBuilder("initial")
                .addJavadoc(
                        "One call of {@link $T#$L}, for a state that was there before.\n",
                        group.names().anchor(),
                        handler.method())
                .addModifiers(Modifier.PRIVATE)
                .addParameter(keyType, "key")
                .addParameter(stateType, "initial")
                .addParameter(BeamNames.JODA_INSTANT, "time")
                .addParameters(parameters("stored"))
                .addParameter(OUT)
                .returns(returned());
        openState(initial, handler);
        initial.addStatement("group.beginInitial(time.getMillis())");
        CodeBlock.Builder take = CodeBlock.builder().addStatement("group.requireNoState()");
        if (!group.state().isRecord()) {
            if (group.state().hasPlainFields()) {
                take.addStatement("copy(initial, state)");
            }
            for (Field field : cells.fieldCells()) {
                take.addStatement("state.$1N = $2N.take(initial.$1N)", field.name(), cells.field(field));
            }
            for (HandleModel handle : cells.handles()) {
                take.addStatement("$N.take(initial.$N)", cells.handle(handle), handle.name());
            }
        }
        call(initial, handler, "null", false, take.build(), "initial");
        initial.addStatement("group.commitInitial($L)", isReopened());
        // A record that is kept is the initial one.
        return apply(initial, handler, group.state().isRecord() ? "initial" : "stored")
                .build();
    }

    // ------------------------------------------------------------------ what is due

    private MethodSpec fire() {
        boolean returns = group.state().hasFields();
        MethodSpec.Builder fire = dueMethod("fire", CodeBlock.of("Calls the handler of what is due first.\n"))
                .beginControlFlow(returns ? "return switch (group.next())" : "switch (group.next())");
        if (group.timesOut()) {
            fire.addStatement("case $T.TIMEOUT -> timeout(key, $Lout)", BeamNames.TIMED_GROUP, arguments("stored"));
        }
        if (group.onExpire().isPresent() && !group.timesOutByClock()) {
            fire.addStatement("case $T.EXPIRY -> expire(key, $Lout)", BeamNames.TIMED_GROUP, arguments("stored"));
        }
        if (group.ttl() > 0) {
            fire.beginControlFlow("case $T.TTL ->", BeamNames.TIMED_GROUP)
                    .addStatement("group.forgetStale()")
                    .addCode(clearCells());
            if (returns) {
                fire.addStatement("yield null");
            }
            fire.endControlFlow();
        }
        for (int i = 0; i < group.alarms().size(); i++) {
            fire.addStatement(
                    "case $L -> $N(key, $Lout)", i, cells.alarm(group.alarms().get(i)), arguments("stored"));
        }
        fire.addStatement("default -> throw new $T(group.next())", AssertionError.class);
        return (returns ? fire.addCode("$<};\n") : fire.endControlFlow()).build();
    }

    private MethodSpec timeout(HandlerModel handler) {
        MethodSpec.Builder timeout = dueMethod(
                "timeout",
                CodeBlock.of("One call of {@link $T#$L}.\n", group.names().anchor(), handler.method()));
        discard(timeout);
        openState(timeout, handler);
        timeout.addStatement("group.beginTimeout()");
        return due(timeout, handler, true, "commitTimeout").build();
    }

    private MethodSpec alarm(int index, AlarmModel alarm) {
        MethodSpec.Builder method = dueMethod(
                cells.alarm(alarm),
                CodeBlock.of(
                        "One call of {@link $T#$L}.\n",
                        group.names().anchor(),
                        alarm.handler().method()));
        discard(method);
        openState(method, alarm.handler());
        method.addStatement("group.beginAlarm($L)", index);
        return due(method, alarm.handler(), false, "commitAlarm").build();
    }

    private MethodSpec.Builder due(MethodSpec.Builder method, HandlerModel handler, boolean timeout, String commit) {
        method.addStatement("$T time = group.timestamp()", BeamNames.JODA_INSTANT);
        forgetStale(method);
        call(method, handler, "null", timeout);
        method.addStatement(
                "group.$N($L)", commit, group.state().isRecord() ? CodeBlock.of("false") : state.callIsWritten());
        return apply(method, handler, "stored");
    }

    private MethodSpec expire(HandlerModel handler) {
        MethodSpec.Builder expire = dueMethod(
                "expire",
                CodeBlock.of(
                        "One call of {@link $T#$L}; after it the group is gone.\n",
                        group.names().anchor(),
                        handler.method()));
        openState(expire, handler);
        expire.addStatement("group.beginExpiry()").addStatement("$T time = group.timestamp()", BeamNames.JODA_INSTANT);
        forgetStale(expire);
        CodeBlock gone = CodeBlock.builder()
                .addStatement("group.commitExpiry()")
                .add(
                        state.releases()
                                ? CodeBlock.builder().addStatement("release()").build()
                                : CodeBlock.of(""))
                .add(clearCells())
                .build();
        call(expire, handler, "null", false, CodeBlock.of(""), "stored", gone);
        return expire.addCode(gone)
                .addCode(callEmit(handler))
                .addCode(returns("null"))
                .build();
    }

    private MethodSpec closeAtTimeout() {
        MethodSpec.Builder timeout = dueMethod(
                "timeout",
                CodeBlock.of(
                        "Closes the group: {@link $T} has no handler for it.\n",
                        group.names().anchor()));
        timeout.addStatement("group.closeAtTimeout()");
        forget(timeout);
        return timeout.addCode(returns("null")).build();
    }

    private void discard(MethodSpec.Builder method) {
        if (DoFnWriter.discards(group)) {
            method.beginControlFlow("if (group.discards())");
            forget(method);
            method.addCode(returnsEarly("null")).endControlFlow();
        }
    }

    private MethodSpec.Builder dueMethod(String name, CodeBlock javadoc) {
        return MethodSpec.methodBuilder(name)
                .addJavadoc(javadoc)
                .addModifiers(Modifier.PRIVATE)
                .addParameter(keyType, "key")
                .addParameters(parameters("stored"))
                .addParameter(OUT)
                .returns(returned());
    }

    // ------------------------------------------------------------------ one call

    private void openState(MethodSpec.Builder method, HandlerModel handler) {
        if (handler.collectsRows()) {
            method.addStatement("rows.open()");
        }
        if (group.state().isRecord()) {
            return;
        }
        CodeBlock beside = cellsBesideFields(", ");
        CodeBlock open = group.state().hasPlainFields()
                ? CodeBlock.of("open(stored$L)", beside)
                : CodeBlock.of(
                        "open($L)", beside.isEmpty() ? "" : beside.toString().substring(2));
        if (group.hasLocalState()) {
            method.addStatement("$T state = $L", stateType, open);
        } else {
            method.addStatement(open);
        }
    }

    private void forgetStale(MethodSpec.Builder method) {
        if (!group.state().ttls().isEmpty()) {
            method.addStatement(state.callForgetStale());
        }
    }

    private void call(MethodSpec.Builder method, HandlerModel handler, String input, boolean timeout) {
        call(method, handler, input, timeout, CodeBlock.of(""), "stored");
    }

    private void call(
            MethodSpec.Builder method,
            HandlerModel handler,
            String input,
            boolean timeout,
            CodeBlock before,
            String old) {
        call(method, handler, input, timeout, before, old, CodeBlock.of(""));
    }

    private void call(
            MethodSpec.Builder method,
            HandlerModel handler,
            String input,
            boolean timeout,
            CodeBlock before,
            String old,
            CodeBlock afterFailure) {
        String name = group.names().anchor().simpleName() + "." + handler.method();
        CodeBlock arguments = handler.arguments().stream()
                .map(argument -> argument(argument, old))
                .collect(CodeBlock.joining(", "));
        CodeBlock target = handler.isStatic()
                ? CodeBlock.of("$T.$N($L)", group.names().anchor(), handler.method(), arguments)
                : CodeBlock.of("handlers.$N($L)", handler.method(), arguments);
        if (handler.returns() == GroupModel.Returns.STEP) {
            method.addStatement(
                    "$T step",
                    BeamNames.of(BeamNames.STEP, stateType, group.output().type()));
        }
        boolean returnsRow = handler.returns() == GroupModel.Returns.ONE && !handler.collectsRows();
        if (returnsRow) {
            method.addStatement("$T row", group.output().type());
        }
        method.beginControlFlow("try").addCode(before);
        switch (handler.returns()) {
            case NOTHING -> method.addStatement(target);
            case ONE ->
                method.addStatement(
                        returnsRow ? "row = $T.notNull($L, $S)" : "rows.one($2L, $3S)",
                        BeamNames.LIVE_GROUP,
                        target,
                        name);
            case OPTIONAL -> method.addStatement("rows.optional($L, $S)", target, name);
            case LIST, STREAM -> method.addStatement("rows.all($L, $S)", target, name);
            case STEP ->
                method.addStatement("step = $T.notNull($L, $S)", BeamNames.LIVE_GROUP, target, name)
                        .addStatement("group.take(step)")
                        .addStatement("rows.all(step.rows(), $S)", name);
        }
        method.nextControlFlow("catch ($T e)", Exception.class);
        if (tags.emitsErrors()) {
            method.addStatement(timeout ? "group.rollBackTimeout()" : "group.rollBack()");
            if (state.releases() && afterFailure.isEmpty()) {
                method.addStatement("release()");
            }
            method.addCode(failed(name, input))
                    .addCode(afterFailure)
                    .addCode(returnsEarly(afterFailure.isEmpty() ? "stored" : "null"));
        } else {
            method.addStatement("throw group.failure($S, key, e)", name);
        }
        method.endControlFlow();
    }

    /** What has failed, as elements: each of the events of the call, or none of them. */
    private CodeBlock failed(String handler, String input) {
        if (!group.isBatched() || input.equals("null")) {
            return CodeBlock.builder()
                    .addStatement(
                            "out.get($N).outputWithTimestamp(group.failed($S, key, $L, e), time)",
                            Tags.ERRORS,
                            handler,
                            input)
                    .build();
        }
        return CodeBlock.builder()
                .beginControlFlow(
                        "for ($T each : batch.timed())",
                        BeamNames.of(BeamNames.TIMESTAMPED_VALUE, group.input().type()))
                .addStatement(
                        "out.get($N)$Z.outputWithTimestamp($Zgroup.failed($S, key, each.getValue(), each.getTimestamp(), e),"
                                + " each.getTimestamp())",
                        Tags.ERRORS,
                        handler)
                .endControlFlow()
                .build();
    }

    private CodeBlock argument(Argument argument, String old) {
        if (argument instanceof Argument.Input) {
            return CodeBlock.of(group.isBatched() ? "batch.events()" : "event");
        } else if (argument instanceof Argument.State) {
            return CodeBlock.of("state");
        } else if (argument instanceof Argument.Old stored) {
            return stored.isOptional()
                    ? CodeBlock.of("$T.ofNullable($N)", java.util.Optional.class, old)
                    : CodeBlock.of("$N", old);
        } else if (argument instanceof Argument.AlarmOf alarm) {
            return CodeBlock.of("$N", alarmField(alarm.name()));
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

    private String alarmField(String name) {
        for (AlarmModel alarm : group.alarms()) {
            if (alarm.name().equals(name)) {
                return cells.alarm(alarm);
            }
        }
        throw new AssertionError(name + " is none of " + group.alarms());
    }

    private MethodSpec.Builder apply(MethodSpec.Builder method, HandlerModel handler, String old) {
        if (group.state().isRecord()) {
            method.addStatement("$T fields = commit(step, $N)", stateType, old);
        } else if (group.state().hasPlainFields()) {
            method.addStatement("$T fields = $L", stateType, state.callCommit(old));
        } else {
            method.addStatement(state.callCommit(old));
        }
        return method.addCode(callEmit(handler)).addCode(returns("fields"));
    }

    /** The group is gone without a handler having seen it go. */
    private void forget(MethodSpec.Builder method) {
        method.addCode(clearCells());
        if (group.isUpdate()) {
            method.addStatement(
                    "out.get($N).outputWithTimestamp($T.delete(key), group.timestamp())",
                    Tags.UPDATES,
                    BeamNames.UPSERT);
        }
    }

    private CodeBlock cellsBesideFields(String separator) {
        CodeBlock.Builder arguments = CodeBlock.builder();
        for (Field field : cells.fieldCells()) {
            arguments.add(separator + "$N", cells.cell(field));
        }
        for (HandleModel handle : cells.handles()) {
            arguments.add(separator + "$N", cells.cell(handle));
        }
        return arguments.build();
    }

    private CodeBlock cellArguments() {
        return cells.parameters(false).stream()
                .map(parameter -> CodeBlock.of("$N", parameter))
                .collect(CodeBlock.joining(", "));
    }

    // ------------------------------------------------------------------ rows

    /** Lets go of what a handler emitted. */
    private CodeBlock callEmit(HandlerModel handler) {
        CodeBlock.Builder emit = CodeBlock.builder();
        if (handler.collectsRows()) {
            emit.addStatement("emit(key, time, out)");
        } else if (handler.returns() == GroupModel.Returns.ONE) {
            emit.addStatement("emit(row, key, time, out)");
        }
        if (group.isUpdate()) {
            emit.beginControlFlow("if (group.isForgotten())")
                    .addStatement(
                            "out.get($N).outputWithTimestamp($T.delete(key), time)", Tags.UPDATES, BeamNames.UPSERT)
                    .endControlFlow();
        }
        return emit.build();
    }

    private List<MethodSpec> emit() {
        MethodSpec.Builder emit = MethodSpec.methodBuilder("emit")
                .addJavadoc("Lets go of a row.\n")
                .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
                .addParameter(group.output().type(), "row")
                .addParameter(keyType, "key")
                .addParameter(BeamNames.JODA_INSTANT, "time")
                .addParameter(OUT)
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
        if (!group.collectsRows()) {
            return List.of(emit.build());
        }
        MethodSpec collected = MethodSpec.methodBuilder("emit")
                .addJavadoc("Lets go of what the handler emitted.\n")
                .addModifiers(Modifier.PRIVATE)
                .addParameter(keyType, "key")
                .addParameter(BeamNames.JODA_INSTANT, "time")
                .addParameter(OUT)
                .beginControlFlow("for (int i = 0, count = rows.close(); i < count; i++)")
                .addStatement("emit(rows.get(i), key, time, out)")
                .endControlFlow()
                .build();
        return List.of(collected, emit.build());
    }
}
