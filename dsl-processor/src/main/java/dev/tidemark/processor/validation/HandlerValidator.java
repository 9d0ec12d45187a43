package dev.tidemark.processor.validation;

import com.palantir.javapoet.ClassName;
import dev.tidemark.AtEnd;
import dev.tidemark.Key;
import dev.tidemark.Order;
import dev.tidemark.TimeoutDomain;
import dev.tidemark.processor.declaration.GroupDeclaration;
import dev.tidemark.processor.declaration.GroupDeclaration.AlarmDeclaration;
import dev.tidemark.processor.declaration.GroupDeclaration.EventsDeclaration;
import dev.tidemark.processor.declaration.Site;
import dev.tidemark.processor.model.GroupModel.AlarmModel;
import dev.tidemark.processor.model.GroupModel.Argument;
import dev.tidemark.processor.model.GroupModel.BatchModel;
import dev.tidemark.processor.model.GroupModel.EventModel;
import dev.tidemark.processor.model.GroupModel.HandlerModel;
import dev.tidemark.processor.model.GroupModel.Returns;
import dev.tidemark.processor.validation.InputValidator.Input;
import dev.tidemark.processor.validation.OutputValidator.Output;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.VariableElement;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;

/** Checks the handler methods: which there are, and how they are declared. */
final class HandlerValidator {
    private final Types types;
    private final ParameterValidator parameters;
    private final ReturnValidator returns;
    private final ValidationReport.Builder report;

    /** The handlers of a valid group. */
    record Handlers(
            List<EventModel> onEvent,
            Optional<BatchModel> batch,
            Optional<HandlerModel> onTimeout,
            List<AlarmModel> alarms,
            Optional<HandlerModel> onExpire,
            Optional<HandlerModel> onInitial) {
        List<HandlerModel> all() {
            List<HandlerModel> all = new ArrayList<>();
            onEvent.forEach(event -> all.add(event.handler()));
            onTimeout.ifPresent(all::add);
            alarms.forEach(alarm -> all.add(alarm.handler()));
            onExpire.ifPresent(all::add);
            onInitial.ifPresent(all::add);
            return all;
        }

        boolean takesTimeout() {
            return all().stream().anyMatch(Handlers::takesTimeout);
        }

        boolean timeoutTakesTimeout() {
            return onTimeout.map(Handlers::takesTimeout).orElse(false);
        }

        private static boolean takesTimeout(HandlerModel handler) {
            return handler.returns() == Returns.STEP
                    || handler.arguments().stream().anyMatch(Argument.Timeout.class::isInstance);
        }
    }

    HandlerValidator(Types types, Elements elements, ValidationReport.Builder report) {
        this.types = types;
        this.parameters = new ParameterValidator(types, report);
        this.returns = new ReturnValidator(types, elements, report);
        this.report = report;
    }

    Optional<Handlers> validate(GroupDeclaration group, Optional<Input> input, Optional<Output> output) {
        int before = report.errors();
        if (group.onEvent().isEmpty() && group.onEvents().isEmpty()) {
            missing(group);
        }
        Optional<BatchModel> batch = new BatchValidator(report).validate(group);
        if (input.map(valid -> valid.alternatives().isEmpty()).orElse(true)) {
            once(group.onEvent(), "@OnEvent");
        }
        once(group.onTimeout(), "@OnTimeout");
        once(group.onExpire(), "@OnExpire");
        once(group.onInitial(), "@OnInitial");
        if (!group.onTimeout().isEmpty() && group.timeout().domain().value() == TimeoutDomain.NONE) {
            report.add(
                    ErrorCode.TimeoutHandlerUnused,
                    Site.of(group.onTimeout().get(0)),
                    "%s is never called: the group has no timeout. Write timeout = @Timeout(EVENT_TIME) or"
                            + " timeout = @Timeout(value = EVENT_TIME, after = \"10 minutes\")",
                    group.onTimeout().get(0).getSimpleName());
        }
        alarmNames(group);
        if (!group.onExpire().isEmpty() && group.atEnd().value() == AtEnd.DISCARD) {
            report.add(
                    ErrorCode.ExpireDiscarded,
                    group.atEnd().site(),
                    "atEnd = DISCARD forgets a group at the end of its window, where %s is to be called; remove one of the two",
                    group.onExpire().get(0).getSimpleName());
        }
        if (group.states().size() == 1 && ParameterValidator.isPure(group)) {
            pureForm(group);
        }
        if (!group.onInitial().isEmpty() && group.order().value() != Order.EVENT_TIME) {
            report.add(
                    ErrorCode.InitialNeedsOrder,
                    Site.of(group.onInitial().get(0)),
                    "%s is to be called before the events of its key, which only order = EVENT_TIME can see to; write"
                            + " order = EVENT_TIME",
                    group.onInitial().get(0).getSimpleName());
        }
        if (report.errors() > before
                || input.isEmpty()
                || output.isEmpty()
                || group.states().size() != 1) {
            return Optional.empty();
        }
        Input in = input.get();
        Output out = output.get();
        List<EventModel> events = events(group, in, out);
        Optional<HandlerModel> onTimeout = only(group, group.onTimeout(), in, out, Call.TIMEOUT);
        List<AlarmModel> alarms = new ArrayList<>();
        for (AlarmDeclaration alarm : group.onAlarm()) {
            alarms.add(new AlarmModel(alarm.name().value(), handler(group, alarm.method(), in, out, Call.ALARM)));
        }
        // By name, so that moving a method changes nothing.
        alarms.sort(Comparator.comparing(AlarmModel::name));
        Optional<HandlerModel> onExpire = only(group, group.onExpire(), in, out, Call.EXPIRY);
        Optional<HandlerModel> onInitial = only(group, group.onInitial(), in, out, Call.INITIAL);
        if (report.errors() > before) {
            return Optional.empty();
        }
        Handlers handlers = new Handlers(events, batch, onTimeout, List.copyOf(alarms), onExpire, onInitial);
        alarmsSet(group, handlers);
        return report.errors() > before ? Optional.empty() : Optional.of(handlers);
    }

    private List<EventModel> events(GroupDeclaration group, Input input, Output output) {
        if (!group.onEvents().isEmpty()) {
            EventsDeclaration all = group.onEvents().get(0);
            return List.of(new EventModel(
                    ClassName.get(input.element()), handler(group, all.method(), input, output, Call.EVENTS)));
        }
        return new EventHandlers(types, report)
                .assign(group, input).stream()
                        .map(each ->
                                new EventModel(each.type(), handler(group, each.method(), input, output, Call.EVENT)))
                        .toList();
    }

    /** A record has no handles, and its handlers no alarms. */
    private void pureForm(GroupDeclaration group) {
        List<ExecutableElement> others = new ArrayList<>(group.onExpire());
        group.onAlarm().forEach(alarm -> others.add(alarm.method()));
        for (ExecutableElement method : others) {
            report.add(
                    ErrorCode.HandlerShape,
                    Site.of(method),
                    "%s cannot be: a group whose state is a record has @OnEvent, @OnTimeout and @OnInitial alone; write the state"
                            + " as a class",
                    method.getSimpleName());
        }
    }

    private Optional<HandlerModel> only(
            GroupDeclaration group, List<ExecutableElement> methods, Input input, Output output, Call call) {
        return methods.stream().findFirst().map(method -> handler(group, method, input, output, call));
    }

    // ------------------------------------------------------------------ alarms

    private void alarmNames(GroupDeclaration group) {
        Set<String> names = new HashSet<>();
        for (AlarmDeclaration alarm : group.onAlarm()) {
            String name = alarm.name().value();
            if (!SourceVersion.isName(name) || name.contains(".")) {
                report.add(
                        ErrorCode.AlarmName,
                        alarm.name().site(),
                        "\"%s\" cannot be the name of an alarm, which is that of a parameter: Alarm reminder",
                        AnchorValidator.printable(name));
            } else if (!names.add(name)) {
                report.add(
                        ErrorCode.AlarmName,
                        alarm.name().site(),
                        "two methods are @OnAlarm(\"%s\"); an alarm calls one",
                        name);
            }
        }
        if (!group.onAlarm().isEmpty() && group.timeout().domain().value() == TimeoutDomain.NONE) {
            report.add(
                    ErrorCode.AlarmNeedsTimeout,
                    Site.of(group.onAlarm().get(0).method()),
                    "an alarm is measured as the timeout is, and the group has none; write timeout = @Timeout(EVENT_TIME) or"
                            + " timeout = @Timeout(PROCESSING_TIME)");
        }
    }

    private void alarmsSet(GroupDeclaration group, Handlers handlers) {
        for (AlarmDeclaration alarm : group.onAlarm()) {
            String name = alarm.name().value();
            boolean set = handlers.all().stream()
                    .flatMap(handler -> handler.arguments().stream())
                    .anyMatch(argument ->
                            argument instanceof Argument.AlarmOf of && of.name().equals(name));
            if (!set) {
                report.add(
                        ErrorCode.AlarmNeverSet,
                        Site.of(alarm.method()),
                        "%s is never called: no handler takes an Alarm %s to set it",
                        alarm.method().getSimpleName(),
                        name);
            }
        }
    }

    // ------------------------------------------------------------------ methods

    private void missing(GroupDeclaration group) {
        String input = group.inputs().isEmpty()
                ? "Event"
                : group.inputs().get(0).getSimpleName().toString();
        for (ExecutableElement method : ElementFilter.methodsIn(group.anchor().getEnclosedElements())) {
            for (VariableElement parameter : method.getParameters()) {
                if (!group.inputs().isEmpty()
                        && types.isSameType(
                                parameter.asType(), group.inputs().get(0).asType())
                        && method.getAnnotation(Key.class) == null) {
                    report.add(
                            ErrorCode.HandlerMissing,
                            Site.of(method),
                            "%s has no @OnEvent method. %s(%s) looks like one: is @OnEvent missing?",
                            group.anchor().getSimpleName(),
                            method.getSimpleName(),
                            input);
                    return;
                }
            }
        }
        report.add(
                ErrorCode.HandlerMissing,
                group.annotation(),
                "%s has no @OnEvent method. Add: @OnEvent void event(%s event, State state, Group group, Out<Row> out) { ... }",
                group.anchor().getSimpleName(),
                input);
    }

    private void once(List<ExecutableElement> methods, String annotation) {
        if (methods.size() > 1) {
            report.add(
                    ErrorCode.HandlerTwice,
                    Site.of(methods.get(1)),
                    "two methods are %s: %s and %s; keep one",
                    annotation,
                    methods.get(0).getSimpleName(),
                    methods.get(1).getSimpleName());
        }
    }

    private static String events(Input input, Call call) {
        return call == Call.EVENT
                ? input.element().getSimpleName() + " event"
                : "List<" + input.element().getSimpleName() + "> events";
    }

    private HandlerModel handler(
            GroupDeclaration group, ExecutableElement method, Input input, Output output, Call call) {
        String name = method.getSimpleName().toString();
        if (method.getModifiers().contains(Modifier.PRIVATE)) {
            report.add(
                    ErrorCode.HandlerShape,
                    Site.of(method),
                    "%s is private; the generated class in the same package must call it. Remove private",
                    name);
        }
        if (!method.getTypeParameters().isEmpty()) {
            report.add(ErrorCode.HandlerShape, Site.of(method), "%s has type parameters; state the types", name);
        }
        boolean isStatic = method.getModifiers().contains(Modifier.STATIC);
        if (ParameterValidator.isPure(group) && !isStatic) {
            report.add(
                    ErrorCode.HandlerShape,
                    Site.of(method),
                    "%s is not static; the state %s is a record, which a handler replaces: write static Step<%s, %s> %s(%s)",
                    name,
                    group.states().get(0).getSimpleName(),
                    group.states().get(0).getSimpleName(),
                    output.element().getSimpleName(),
                    name,
                    call.isOfEvents()
                            ? events(input, call) + ", Optional<"
                                    + group.states().get(0).getSimpleName() + "> old"
                            : group.states().get(0).getSimpleName() + " old");
            return new HandlerModel(name, false, Returns.STEP, List.of());
        }
        List<Argument> arguments = new ArrayList<>();
        for (VariableElement parameter : method.getParameters()) {
            parameters.argument(group, method, parameter, input, output, call).ifPresent(arguments::add);
        }
        boolean takesInput = arguments.stream().anyMatch(Argument.Input.class::isInstance);
        if (call.isOfEvents()
                && !takesInput
                && arguments.size() == method.getParameters().size()) {
            report.add(
                    ErrorCode.HandlerParameter,
                    Site.of(method),
                    "%s takes no %s, which it is called for; make it the first parameter",
                    name,
                    call == Call.EVENT
                            ? input.element().getSimpleName()
                            : "List<" + input.element().getSimpleName() + ">");
        }
        boolean takesOut = arguments.stream().anyMatch(Argument.Out.class::isInstance);
        return new HandlerModel(
                name, isStatic, returns.returns(group, method, output, takesOut, call), List.copyOf(arguments));
    }
}
