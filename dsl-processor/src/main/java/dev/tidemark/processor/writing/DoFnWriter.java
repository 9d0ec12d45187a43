package dev.tidemark.processor.writing;

import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.tidemark.AtEnd;
import dev.tidemark.Late;
import dev.tidemark.processor.model.GroupModel;
import dev.tidemark.processor.model.GroupModel.AlarmModel;
import dev.tidemark.processor.model.GroupModel.Construction;
import dev.tidemark.processor.model.GroupModel.HandleModel;
import dev.tidemark.processor.schema.Storable.Composite;
import dev.tidemark.processor.schema.Storable.Field;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Modifier;

/**
 * Writes the stateful DoFn of a group. In the order of the generated file:
 *
 * <pre>{@code
 * @ProcessElement process(...)   // arrival: handle the event; event time: put it into the inbox
 * @OnTimer("~wake") wake(...)    // release the inbox in order, with the timeouts between the events
 * private event(...)             // one call of @OnEvent, and what it asked for
 * private timeout(...)           // one call of @OnTimeout
 * }</pre>
 */
final class DoFnWriter {
    private static final String META_ID = "~meta";
    private static final String INBOX_ID = "~inbox";
    private static final String WAKE_ID = "~wake";
    private static final String END_ID = "~end";
    private static final String BATCH_ID = "~batch";
    private static final String WAITING_ID = "~waiting";

    static final TypeName WAITING_TYPE = BeamNames.of(BeamNames.VALUE_STATE, BeamNames.WAITING);

    private final GroupModel group;
    private final WireExpressions wires;
    private final Cells cells;
    private final Tags tags;
    private final HandlerCalls calls;
    private final TypeName keyType;
    private final TypeName valueType;
    private final TypeName elementType;
    private final ClassName inputType;
    private final ClassName stateType;

    DoFnWriter(GroupModel group, WireExpressions wires, Tags tags) {
        this.group = group;
        this.wires = wires;
        this.tags = tags;
        this.cells = new Cells(group, wires);
        this.calls = new HandlerCalls(group, cells, tags);
        this.keyType = group.key().storable().type().box();
        this.inputType = group.input().type();
        this.stateType = group.state().plain().type();
        this.valueType =
                group.onInitial().isPresent() ? BeamNames.of(BeamNames.ARRIVAL, inputType, stateType) : inputType;
        this.elementType = BeamNames.of(BeamNames.KV, keyType, valueType);
    }

    TypeSpec write() {
        TypeSpec.Builder type = TypeSpec.classBuilder(group.names().doFn())
                .addJavadoc(
                        "The stateful step of {@link $T}: calls its handlers, and keeps its state, under the name {@code $L}.\n",
                        group.names().anchor(),
                        group.name())
                .addAnnotation(BeamNames.GENERATED)
                .addAnnotation(Suppressions.NULLNESS)
                .addModifiers(Modifier.FINAL)
                .superclass(BeamNames.of(
                        BeamNames.DO_FN, elementType, group.output().type()))
                .addField(Suppressions.serialVersion())
                .addFields(tags.fields())
                .addField(BeamNames.GROUP_SETTINGS, "settings", Modifier.PRIVATE, Modifier.FINAL);
        if (isGiven()) {
            type.addField(group.names().anchor(), "handlers", Modifier.PRIVATE, Modifier.FINAL);
        }
        type.addFields(specs()).addFields(transients());
        type.addMethod(constructor())
                .addMethod(setup())
                .addMethod(allowedTimestampSkew())
                .addMethod(process());
        if (hasWake()) {
            type.addMethod(group.timesOutByClock() ? wakeByClock() : wake());
        }
        if (group.gathers()) {
            type.addMethod(batch());
        }
        if (hasEnd()) {
            type.addMethod(group.timesOutByClock() ? endByClock() : end());
        }
        type.addMethods(calls.methods());
        for (Composite composite : wires.composites()) {
            // Inside a DoFn its nested types win over imported ones of the same name.
            if (DoFnMembers.NAMES.contains(composite.type().simpleName())) {
                type.alwaysQualify(composite.type().simpleName());
            }
        }
        return type.build();
    }

    /** What keeps the books. */
    private ClassName bookkeeping() {
        return group.isUntimed() ? BeamNames.UNTIMED_GROUP : BeamNames.TIMED_GROUP;
    }

    private boolean isGiven() {
        return group.construction() != Construction.OWN;
    }

    private boolean hasWake() {
        return group.isOrdered() || group.isDueInEventTime() || group.timesOutByClock();
    }

    private boolean hasEnd() {
        return group.timesOutByClock() || group.gathers();
    }

    private boolean hasInbox() {
        return group.isOrdered() || group.gathers();
    }

    private List<FieldSpec> specs() {
        List<FieldSpec> specs = new ArrayList<>(cells.specs());
        specs.add(Cells.spec(
                META_ID, "meta", metaType(), CodeBlock.of("$T.value($Z$L)", BeamNames.STATE_SPECS, cells.keptCoder())));
        if (group.gathers()) {
            specs.add(Cells.spec(
                    WAITING_ID,
                    "waiting",
                    WAITING_TYPE,
                    CodeBlock.of("$T.value($Z$T.coder($S))", BeamNames.STATE_SPECS, BeamNames.WAITING, group.name())));
        }
        if (hasInbox()) {
            specs.add(Cells.spec(
                    INBOX_ID,
                    "inbox",
                    inboxType(valueType),
                    CodeBlock.of(
                            "$T.bag($Z$T.TimestampedValueCoder.of($Z$L))",
                            BeamNames.STATE_SPECS,
                            BeamNames.TIMESTAMPED_VALUE,
                            group.onInitial().isPresent()
                                    ? wires.arrivalCoder(group)
                                    : wires.beamCoder(group.input()))));
        }
        if (hasWake()) {
            specs.add(timerSpec(WAKE_ID, "wake", group.timesOutByClock() ? "PROCESSING_TIME" : "EVENT_TIME"));
        }
        if (hasEnd()) {
            specs.add(timerSpec(END_ID, "end", "EVENT_TIME"));
        }
        if (group.gathers()) {
            specs.add(timerSpec(BATCH_ID, "batch", "PROCESSING_TIME"));
        }
        return specs;
    }

    private static FieldSpec timerSpec(String id, String name, String domain) {
        return FieldSpec.builder(BeamNames.TIMER_SPEC, name + "Spec", Modifier.PRIVATE, Modifier.FINAL)
                .addAnnotation(timerId(id))
                .initializer("$T.timer($T.$N)", BeamNames.TIMER_SPECS, BeamNames.TIME_DOMAIN, domain)
                .build();
    }

    private List<FieldSpec> transients() {
        List<FieldSpec> fields = new ArrayList<>();
        if (!isGiven()) {
            fields.add(transientField(group.names().anchor(), "handlers"));
        }
        fields.add(transientField(bookkeeping(), "group"));
        if (group.collectsRows()) {
            fields.add(
                    transientField(BeamNames.of(BeamNames.ROWS, group.output().type()), "rows"));
        }
        if (group.isOrdered()) {
            fields.add(transientField(BeamNames.of(BeamNames.INBOX, valueType), "inbox"));
        }
        if (group.takesSeveral()) {
            fields.add(transientField(BeamNames.of(BeamNames.BATCHES, valueType, inputType), "batches"));
        }
        if (!group.state().isRecord()) {
            if (!group.hasLocalState()) {
                fields.add(transientField(stateType, "state"));
            }
            if (group.state().hasValues()) {
                fields.add(transientField(stateType, "defaults"));
            }
        }
        for (Field field : cells.fieldCells()) {
            fields.add(transientField(
                    BeamNames.of(BeamNames.FIELD_CELL, field.storable().type().box()), cells.field(field)));
        }
        for (HandleModel handle : cells.handles()) {
            fields.add(transientField(cells.handleType(handle), cells.handle(handle)));
        }
        for (AlarmModel alarm : group.alarms()) {
            fields.add(transientField(BeamNames.ALARM, cells.alarm(alarm)));
        }
        return fields;
    }

    private static FieldSpec transientField(TypeName type, String name) {
        return FieldSpec.builder(type, name, Modifier.PRIVATE, Modifier.TRANSIENT)
                .build();
    }

    private MethodSpec constructor() {
        MethodSpec.Builder constructor =
                MethodSpec.constructorBuilder().addParameter(BeamNames.GROUP_SETTINGS, "settings");
        if (isGiven()) {
            constructor.addParameter(group.names().anchor(), "handlers");
        }
        constructor.addStatement("this.settings = settings");
        if (isGiven()) {
            constructor.addStatement("this.handlers = handlers");
        }
        return constructor.build();
    }

    private MethodSpec setup() {
        MethodSpec.Builder setup = MethodSpec.methodBuilder("setup")
                .addJavadoc("Makes what is used anew for each call.\n")
                .addAnnotation(DoFnMembers.of("Setup"))
                .addModifiers(Modifier.PUBLIC);
        if (!isGiven()) {
            setup.addStatement("handlers = new $T()", group.names().anchor());
        }
        setup.addStatement(
                group.resets() ? "group = new $T(settings, this::reset)" : "group = new $T(settings)", bookkeeping());
        if (group.collectsRows()) {
            setup.addStatement("rows = new $T<>()", BeamNames.ROWS);
        }
        if (group.isOrdered()) {
            setup.addStatement(
                    "inbox = new $T<>($L)",
                    BeamNames.INBOX,
                    group.onInitial().isPresent() ? wires.arrivalCoder(group) : wires.wire(group.input()));
        }
        if (group.takesSeveral()) {
            setup.addStatement(
                    "batches = new $T<>(settings, $L, $L)",
                    BeamNames.BATCHES,
                    group.isOrdered(),
                    group.onInitial().isPresent()
                            ? CodeBlock.of("$T::event", BeamNames.ARRIVAL)
                            : CodeBlock.of("event -> event"));
        }
        if (group.state().isRecord()) {
            return setup.build();
        }
        if (group.state().hasValues()) {
            setup.addStatement("defaults = new $T()", stateType);
        } else {
            // Without fields of its own the state is only where the handles are found, the same for every call.
            setup.addStatement("state = new $T()", stateType);
        }
        for (Field field : cells.fieldCells()) {
            setup.addStatement(
                    "$N = new $T<>($L)", cells.field(field), BeamNames.FIELD_CELL, wires.wire(field.storable()));
        }
        for (HandleModel handle : cells.handles()) {
            setup.addStatement("$N = $L", cells.handle(handle), cells.newHandle(handle));
        }
        for (int i = 0; i < group.alarms().size(); i++) {
            setup.addStatement(
                    "$N = group.alarm($L)", cells.alarm(group.alarms().get(i)), i);
        }
        return setup.build();
    }

    private MethodSpec allowedTimestampSkew() {
        return MethodSpec.methodBuilder("getAllowedTimestampSkew")
                .addJavadoc("Without bound: the timer always holds the watermark at or before what the group emits.\n")
                .addAnnotation(Override.class)
                .addAnnotation(AnnotationSpec.builder(SuppressWarnings.class)
                        .addMember("value", "$S", "deprecation")
                        .build())
                .addModifiers(Modifier.PUBLIC)
                .returns(BeamNames.JODA_DURATION)
                .addStatement("return $T.millis($T.MAX_VALUE)", BeamNames.JODA_DURATION, Long.class)
                .build();
    }

    // ------------------------------------------------------------------ process

    private MethodSpec process() {
        MethodSpec.Builder process = MethodSpec.methodBuilder("process")
                .addJavadoc(
                        group.isOrdered()
                                ? "Puts one event into the inbox, where it waits for the watermark.\n"
                                : group.gathers()
                                        ? "Puts one event into the inbox, where it waits for others.\n"
                                        : "Handles one event.\n")
                .addAnnotation(DoFnMembers.of("ProcessElement"))
                .addModifiers(Modifier.PUBLIC)
                .addParameter(annotated(elementType, "element", "Element"))
                .addParameter(annotated(BeamNames.JODA_INSTANT, "timestamp", "Timestamp"))
                .addParameter(BeamNames.BOUNDED_WINDOW, "window")
                .addParameter(Cells.parameter(META_ID, "metaCell", metaType(), true));
        boolean handles = !group.isOrdered() || group.late() == Late.ACCEPT;
        if (handles) {
            process.addParameters(cells.parameters(true));
        }
        addInbox(process);
        addTimers(process);
        process.addParameter(HandlerCalls.OUT);
        if (group.gathers()) {
            // What waits is beside the group, which need not be read to add to it.
            gather(process);
            return store(process, true).build();
        }
        load(process, handles);
        if (group.isOrdered()) {
            buffer(process);
        } else {
            handle(process);
        }
        return store(process, handles).build();
    }

    private void gather(MethodSpec.Builder process) {
        CodeBlock add = CodeBlock.of(
                "batches.add($Zelement.getValue(), timestamp, window, waitingCell, inboxCell, batch, end)");
        boolean accepts = group.knowsLate() && group.late() == Late.ACCEPT;
        if (accepts) {
            process.addStatement("boolean late = group.isLate(timestamp.getMillis(), wake)")
                    .beginControlFlow("if (!late && !$L)", add);
        } else {
            if (group.knowsLate()) {
                process.beginControlFlow("if (group.isLate(timestamp.getMillis(), wake))");
                late(process);
                process.endControlFlow();
            }
            process.beginControlFlow("if (!$L)", add);
        }
        process.addStatement("return").endControlFlow();
        load(process, true);
        process.addStatement(calls.callFlush(CodeBlock.of("element.getKey()")));
        if (accepts) {
            process.beginControlFlow("if (late)");
            forgetStale(process);
            process.addStatement(calls.callEvent(
                            CodeBlock.of("element.getKey()"),
                            CodeBlock.of("element.getValue()"),
                            CodeBlock.of("timestamp"),
                            CodeBlock.of("true")))
                    .endControlFlow();
        }
        arm(process);
    }

    private void forgetStale(MethodSpec.Builder process) {
        if (group.ttl() > 0) {
            process.beginControlFlow("if (group.isStaleBefore(timestamp.getMillis()))")
                    .addCode(calls.clear())
                    .endControlFlow();
        }
    }

    private void handle(MethodSpec.Builder process) {
        if (group.knowsLate() && group.late() != Late.ACCEPT) {
            process.beginControlFlow("if (group.isLate(timestamp.getMillis(), wake))");
            late(process);
            process.endControlFlow();
        }
        forgetStale(process);
        CodeBlock isLate = CodeBlock.of(group.knowsLate() ? "group.isLate(timestamp.getMillis(), wake)" : "false");
        process.addStatement(calls.callEvent(
                CodeBlock.of("element.getKey()"),
                CodeBlock.of("element.getValue()"),
                CodeBlock.of("timestamp"),
                group.late() == Late.ACCEPT ? isLate : CodeBlock.of("false")));
        arm(process);
    }

    private void buffer(MethodSpec.Builder process) {
        boolean arrivals = group.onInitial().isPresent();
        process.addStatement("long time = timestamp.getMillis()")
                .beginControlFlow(
                        arrivals
                                ? "if (element.getValue().isEvent() && group.isLate(time, wake))"
                                : "if (group.isLate(time, wake))");
        if (group.late() == Late.ACCEPT) {
            process.addStatement(calls.callEvent(
                    CodeBlock.of("element.getKey()"),
                    CodeBlock.of(arrivals ? "element.getValue().event()" : "element.getValue()"),
                    CodeBlock.of("timestamp"),
                    CodeBlock.of("true")));
            process.nextControlFlow("else");
        } else {
            late(process);
            process.endControlFlow();
        }
        process.addStatement("inboxCell.add($T.of(element.getValue(), timestamp))", BeamNames.TIMESTAMPED_VALUE)
                .beginControlFlow("if (!group.buffered(time))")
                .addStatement("return")
                .endControlFlow();
        if (group.late() == Late.ACCEPT) {
            process.endControlFlow();
        }
        arm(process);
    }

    private void late(MethodSpec.Builder process) {
        if (tags.emitsLate()) {
            process.addStatement("group.lateEmitted()")
                    .addStatement(
                            "out.get($N).outputWithTimestamp(element.getValue()$L, timestamp)",
                            Tags.LATE,
                            group.onInitial().isPresent() ? ".event()" : "");
        } else {
            process.addStatement("group.lateDropped()");
        }
        process.addStatement("return");
    }

    private void arm(MethodSpec.Builder method) {
        if (group.timesOutByClock()) {
            method.addStatement("group.armByClock(wake, end)");
        } else if (hasWake()) {
            method.addStatement("group.arm(wake)");
        }
    }

    // ------------------------------------------------------------------ timers

    private MethodSpec.Builder onTimer(String id, String name, String javadoc) {
        MethodSpec.Builder method = MethodSpec.methodBuilder(name)
                .addJavadoc(javadoc)
                .addAnnotation(AnnotationSpec.builder(DoFnMembers.of("OnTimer"))
                        .addMember("value", "$S", id)
                        .build())
                .addModifiers(Modifier.PUBLIC)
                .addParameter(DoFnMembers.of("OnTimerContext"), "context")
                .addParameter(annotated(keyType, "key", "Key"))
                .addParameter(BeamNames.BOUNDED_WINDOW, "window")
                .addParameter(Cells.parameter(META_ID, "metaCell", metaType(), true))
                .addParameters(cells.parameters(true));
        addInbox(method);
        addTimers(method);
        method.addParameter(HandlerCalls.OUT);
        load(method, true);
        return method;
    }

    /** Takes up the group: its plain fields go from handler to handler, and what the last has left is stored. */
    private void load(MethodSpec.Builder method, boolean handles) {
        method.addStatement("$T kept = metaCell.read()", BeamNames.of(BeamNames.KEPT, stateType))
                .addStatement("group.load(kept, window)");
        if (handles && group.state().hasFields()) {
            method.addStatement("$T fields = $T.fieldsOf(kept)", stateType, BeamNames.KEPT);
        }
    }

    private MethodSpec.Builder store(MethodSpec.Builder method, boolean handles) {
        return method.addStatement(
                handles && group.state().hasFields()
                        ? "group.store(metaCell, kept, fields)"
                        : "group.store(metaCell, kept)");
    }

    private MethodSpec wake() {
        String doc = group.isOrdered()
                ? "Handles the events that the watermark has passed, in order, and the timeouts between them.\n"
                : group.isUntimed()
                        ? "Forgets the group, if the watermark has passed its time to live.\n"
                        : "Handles the timeout, if the watermark has passed it.\n";
        MethodSpec.Builder wake = onTimer(WAKE_ID, "wake", doc)
                .beginControlFlow("if (!group.wakes(context.fireTimestamp(), wake))")
                .addStatement("return")
                .endControlFlow();
        if (group.gathers()) {
            wake.addStatement(calls.callFlush(CodeBlock.of("key")));
        }
        if (group.isOrdered()) {
            TypeName nextType = BeamNames.of(BeamNames.TIMESTAMPED_VALUE, valueType);
            if (group.takesSeveral()) {
                wake.addStatement("batches.take(inbox.release(inboxCell, group))")
                        .beginControlFlow("while (batches.hasNext())")
                        .addStatement("$T next = batches.peek()", nextType);
            } else {
                wake.beginControlFlow("for ($T next : inbox.release(inboxCell, group))", nextType);
            }
            wake.addStatement("long time = next.getTimestamp().getMillis()");
            if (group.isDueInEventTime()) {
                wake.beginControlFlow("while (group.isDueBefore(time))")
                        .addStatement(calls.callDue())
                        .endControlFlow();
            }
            if (!group.takesSeveral() || group.onInitial().isPresent()) {
                wake.addStatement("group.released(time)");
            }
            if (group.onInitial().isPresent()) {
                wake.beginControlFlow("if (!next.getValue().isEvent())");
                if (group.takesSeveral()) {
                    wake.addStatement("batches.skip()");
                }
                wake.addStatement(calls.callInitial()).addStatement("continue").endControlFlow();
            }
            if (group.takesSeveral()) {
                wake.addStatement("$T batch = batches.next(group)", BeamNames.of(BeamNames.BATCH, inputType))
                        .addStatement("group.released(batch.time().getMillis())")
                        .addStatement(
                                calls.callEvents(CodeBlock.of("key"), CodeBlock.of("batch"), CodeBlock.of("false")));
            } else {
                wake.addStatement(calls.callEvent(
                        CodeBlock.of("key"),
                        CodeBlock.of(group.onInitial().isPresent() ? "next.getValue().event()" : "next.getValue()"),
                        CodeBlock.of("next.getTimestamp()"),
                        CodeBlock.of("false")));
            }
            wake.endControlFlow();
        }
        if (group.isDueInEventTime()) {
            fireDue(wake);
        }
        return store(wake.addStatement("group.arm(wake)"), true).build();
    }

    private MethodSpec wakeByClock() {
        MethodSpec.Builder wake = onTimer(WAKE_ID, "wake", "Handles the timeout, if it has passed.\n");
        if (group.gathers()) {
            wake.addStatement(calls.callFlush(CodeBlock.of("key")));
        }
        wake.beginControlFlow("if (group.wakesByClock(context.timestamp(), wake))")
                .addCode(dueByClock("isDueByClock"))
                .endControlFlow()
                .addStatement("group.armByClock(wake, end)");
        return store(wake, true).build();
    }

    private CodeBlock dueByClock(String test) {
        return group.alarms().isEmpty()
                ? CodeBlock.builder().addStatement(calls.callDue()).build()
                : CodeBlock.builder()
                        .beginControlFlow("while (group.$N())", test)
                        .addStatement(calls.callDue())
                        .endControlFlow()
                        .build();
    }

    private MethodSpec batch() {
        MethodSpec.Builder batch = onTimer(BATCH_ID, "batch", "Handles the events that have waited long enough.\n")
                .addStatement(calls.callFlush(CodeBlock.of("key")));
        arm(batch);
        return store(batch, true).build();
    }

    private MethodSpec end() {
        MethodSpec.Builder end = onTimer(END_ID, "end", "Handles the events that still wait when the window ends.\n")
                .addStatement("group.ends()")
                .addStatement(calls.callFlush(CodeBlock.of("key")));
        if (group.isDueInEventTime()) {
            fireDue(end);
        }
        arm(end);
        return store(end, true).build();
    }

    private void fireDue(MethodSpec.Builder method) {
        method.beginControlFlow(group.hasSeveralDue() ? "while (group.isDue())" : "if (group.isDue())");
        if (group.isUntimed()) {
            method.addStatement("group.forgetStale()").addCode(calls.clear());
        } else {
            method.addStatement(calls.callDue());
        }
        method.endControlFlow();
    }

    private MethodSpec endByClock() {
        MethodSpec.Builder end = onTimer(
                END_ID,
                "end",
                "Handles a timeout that is pending at the end of the window; runners disagree about the timer itself.\n");
        if (group.gathers()) {
            end.beginControlFlow("if (waitingCell.read() != null)")
                    .addStatement(calls.callFlush(CodeBlock.of("key")))
                    .addStatement("group.endsAfterWaiting()")
                    .endControlFlow();
        }
        end.beginControlFlow("if (group.endsByClock(wake))")
                .addCode(dueByClock("isPending"))
                .endControlFlow();
        if (group.onExpire().isPresent()) {
            end.beginControlFlow("if (group.isExpiring())")
                    .addStatement(calls.callExpire())
                    .endControlFlow();
        }
        return store(end.addStatement("group.armByClock(wake, end)"), true).build();
    }

    private void addTimers(MethodSpec.Builder method) {
        if (hasWake()) {
            method.addParameter(timer(WAKE_ID, "wake"));
        }
        if (hasEnd()) {
            method.addParameter(timer(END_ID, "end"));
        }
        if (group.gathers()) {
            method.addParameter(timer(BATCH_ID, "batch"));
        }
    }

    private void addInbox(MethodSpec.Builder method) {
        if (group.gathers()) {
            method.addParameter(Cells.parameter(WAITING_ID, "waitingCell", WAITING_TYPE, true));
        }
        if (hasInbox()) {
            method.addParameter(Cells.parameter(INBOX_ID, "inboxCell", inboxType(valueType), true));
        }
    }

    private static ParameterSpec timer(String id, String name) {
        return ParameterSpec.builder(BeamNames.TIMER, name)
                .addAnnotation(timerId(id))
                .build();
    }

    private static AnnotationSpec timerId(String id) {
        return AnnotationSpec.builder(DoFnMembers.of("TimerId"))
                .addMember("value", "$S", id)
                .build();
    }

    private static ParameterSpec annotated(TypeName type, String name, String annotation) {
        return ParameterSpec.builder(type, name)
                .addAnnotation(DoFnMembers.of(annotation))
                .build();
    }

    private TypeName metaType() {
        return BeamNames.of(BeamNames.VALUE_STATE, BeamNames.of(BeamNames.KEPT, stateType));
    }

    static TypeName inboxType(TypeName valueType) {
        return BeamNames.of(BeamNames.BAG_STATE, BeamNames.of(BeamNames.TIMESTAMPED_VALUE, valueType));
    }

    static boolean discards(GroupModel group) {
        return group.atEnd() == AtEnd.DISCARD;
    }
}
