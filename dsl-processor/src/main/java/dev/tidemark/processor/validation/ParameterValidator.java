package dev.tidemark.processor.validation;

import com.palantir.javapoet.TypeName;
import dev.tidemark.Key;
import dev.tidemark.OutputMode;
import dev.tidemark.TimeoutDomain;
import dev.tidemark.processor.declaration.GroupDeclaration;
import dev.tidemark.processor.declaration.Site;
import dev.tidemark.processor.model.GroupModel.Argument;
import dev.tidemark.processor.schema.Storable.Composite;
import dev.tidemark.processor.schema.Storable.Field;
import dev.tidemark.processor.validation.InputValidator.Input;
import dev.tidemark.processor.validation.OutputValidator.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.Types;

/** Checks what a handler method takes. */
final class ParameterValidator {
    private static final String PACKAGE = "dev.tidemark.";

    private final Types types;
    private final ValidationReport.Builder report;

    ParameterValidator(Types types, ValidationReport.Builder report) {
        this.types = types;
        this.report = report;
    }

    /** What is given for a parameter, if anything can be. */
    Optional<Argument> argument(
            GroupDeclaration group,
            ExecutableElement method,
            VariableElement parameter,
            Input input,
            Output output,
            Call call) {
        TypeMirror type = parameter.asType();
        if (parameter.getAnnotation(Key.class) != null) {
            return keyArgument(parameter, input);
        }
        if (call == Call.EVENT && input.isEvent(types, type)) {
            return Optional.of(new Argument.Input());
        }
        if (call == Call.EVENTS && input.isEvents(types, type)) {
            return Optional.of(new Argument.Input());
        }
        boolean pure = isPure(group);
        if (types.isSameType(type, group.states().get(0).asType()) && !(pure && call.isOfEvents())) {
            return Optional.of(pure ? new Argument.Old(false) : new Argument.State());
        }
        String name = rawName(type);
        if (pure && name.equals("java.util.Optional") && isOptionalState(group, type)) {
            return Optional.of(new Argument.Old(true));
        }
        boolean timed = call != Call.EXPIRY && !pure;
        return switch (pure && !name.equals(PACKAGE + "Cause") ? "" : name) {
            case PACKAGE + "Group" -> Optional.of(new Argument.Live());
            case PACKAGE + "Out" -> outArgument(group, parameter, output);
            case PACKAGE + "EventTimeout" ->
                timed
                        ? timeoutArgument(
                                group,
                                parameter,
                                TimeoutDomain.EVENT_TIME,
                                ErrorCode.EventTimeoutDomain,
                                "EventTimeout")
                        : refused(group, method, parameter, input, output, call);
            case PACKAGE + "ClockTimeout" ->
                timed
                        ? timeoutArgument(
                                group,
                                parameter,
                                TimeoutDomain.PROCESSING_TIME,
                                ErrorCode.ClockTimeoutDomain,
                                "ClockTimeout")
                        : refused(group, method, parameter, input, output, call);
            case PACKAGE + "Alarm" ->
                timed ? alarmArgument(group, parameter) : refused(group, method, parameter, input, output, call);
            case PACKAGE + "Cause" ->
                call.hasCause()
                        ? Optional.of(new Argument.Cause())
                        : refused(group, method, parameter, input, output, call);
            default -> refused(group, method, parameter, input, output, call);
        };
    }

    /** Whether the state is a record, which handlers replace instead of changing it. */
    static boolean isPure(GroupDeclaration group) {
        return group.states().get(0).getKind() == ElementKind.RECORD;
    }

    private boolean isOptionalState(GroupDeclaration group, TypeMirror type) {
        List<? extends TypeMirror> arguments = ((DeclaredType) type).getTypeArguments();
        return arguments.size() == 1
                && types.isSameType(arguments.get(0), group.states().get(0).asType());
    }

    private Optional<Argument> refused(
            GroupDeclaration group,
            ExecutableElement method,
            VariableElement parameter,
            Input input,
            Output output,
            Call call) {
        if (call == Call.EVENT && input.isEvents(types, parameter.asType())) {
            report.add(
                    ErrorCode.HandlerParameter,
                    Site.of(parameter),
                    "%s is called for each event, but takes a %s. Write @OnEvents, or take one event: %s",
                    method.getSimpleName(),
                    parameter.asType(),
                    input.element().getSimpleName());
            return Optional.empty();
        }
        report.add(
                ErrorCode.HandlerParameter,
                Site.of(parameter),
                "%s cannot be given a %s %s. It can take: %s",
                method.getSimpleName(),
                parameter.asType(),
                parameter.getSimpleName(),
                injectable(group, input, output, call));
        return Optional.empty();
    }

    private Optional<Argument> alarmArgument(GroupDeclaration group, VariableElement parameter) {
        String name = parameter.getSimpleName().toString();
        List<String> names =
                group.onAlarm().stream().map(alarm -> alarm.name().value()).toList();
        if (names.contains(name)) {
            return Optional.of(new Argument.AlarmOf(name));
        }
        Optional<String> near = Suggestions.nearest(name, names);
        String remedy = near.map(word -> "Did you mean \"" + word + "\"?")
                .orElseGet(() -> names.isEmpty()
                        ? "Add: @OnAlarm(\"" + name + "\") void " + name + "(...) { ... }"
                        : "The alarms are: " + String.join(", ", names));
        report.add(
                ErrorCode.AlarmUnknown,
                Site.of(parameter),
                "no method is @OnAlarm(\"%s\"), so the alarm of this parameter would call nothing. %s",
                name,
                remedy);
        return Optional.empty();
    }

    static String rawName(TypeMirror type) {
        return type instanceof DeclaredType declared && declared.asElement() instanceof TypeElement element
                ? element.getQualifiedName().toString()
                : type.toString();
    }

    private static String injectable(GroupDeclaration group, Input input, Output output, Call call) {
        List<String> all = new ArrayList<>();
        if (call == Call.EVENT) {
            all.add(input.element().getSimpleName().toString());
        } else if (call == Call.EVENTS) {
            all.add("List<" + input.element().getSimpleName() + ">");
        }
        all.add("@Key " + keyText(input));
        String state = group.states().get(0).getSimpleName().toString();
        if (isPure(group)) {
            all.add(call.isOfEvents() ? "Optional<" + state + ">" : state);
            if (call.hasCause()) {
                all.add("Cause");
            }
            return String.join(", ", all);
        }
        all.add(state);
        all.add("Group");
        all.add("Out<" + output.element().getSimpleName() + ">");
        if (!group.timeout().after().explicit() && call != Call.EXPIRY) {
            if (group.timeout().domain().value() == TimeoutDomain.EVENT_TIME) {
                all.add("EventTimeout");
            } else if (group.timeout().domain().value() == TimeoutDomain.PROCESSING_TIME) {
                all.add("ClockTimeout");
            }
        }
        if (call != Call.EXPIRY) {
            group.onAlarm().forEach(alarm -> all.add("Alarm " + alarm.name().value()));
        }
        if (call.hasCause()) {
            all.add("Cause");
        }
        return String.join(", ", all);
    }

    private static String keyText(Input input) {
        if (input.key().isComposite()) {
            return ((Composite) input.key().storable())
                    .fields().stream()
                            .map(field -> field.storable().type() + " " + field.name())
                            .collect(Collectors.joining(", @Key "));
        }
        return input.key().storable().type().toString();
    }

    private Optional<Argument> keyArgument(VariableElement parameter, Input input) {
        TypeName type = TypeName.get(parameter.asType());
        if (!input.key().isComposite()) {
            if (type.box().equals(input.key().storable().type().box())) {
                return Optional.of(new Argument.KeyPart(Optional.empty(), type));
            }
        } else {
            for (Field field : ((Composite) input.key().storable()).fields()) {
                if (parameter.getSimpleName().contentEquals(field.name())
                        && type.box().equals(field.storable().type().box())) {
                    return Optional.of(new Argument.KeyPart(Optional.of(field.name()), type));
                }
            }
        }
        report.add(
                ErrorCode.HandlerParameter,
                Site.of(parameter),
                "%s %s is not the key; it is @Key %s",
                type,
                parameter.getSimpleName(),
                keyText(input));
        return Optional.empty();
    }

    private Optional<Argument> outArgument(GroupDeclaration group, VariableElement parameter, Output output) {
        List<? extends TypeMirror> arguments = ((DeclaredType) parameter.asType()).getTypeArguments();
        if (arguments.size() != 1
                || !types.isSameType(arguments.get(0), output.element().asType())) {
            report.add(
                    ErrorCode.OutputNotPermitted,
                    Site.of(parameter),
                    "%s emits what the group does not: its output is %s. Write Out<%s>",
                    parameter.asType(),
                    output.element().getSimpleName(),
                    output.element().getSimpleName());
            return Optional.empty();
        }
        if (group.output().value() == OutputMode.UPDATE) {
            ReturnValidator.manyRows(
                    report, parameter.getSimpleName() + " takes any number of rows", Site.of(parameter), output);
            return Optional.empty();
        }
        return Optional.of(new Argument.Out());
    }

    private Optional<Argument> timeoutArgument(
            GroupDeclaration group, VariableElement parameter, TimeoutDomain domain, ErrorCode code, String handle) {
        if (group.timeout().domain().value() != domain) {
            report.add(
                    code,
                    Site.of(parameter),
                    "%s cannot be set in this group, whose timeout is %s; write timeout = @Timeout(%s)",
                    (domain == TimeoutDomain.EVENT_TIME ? "an " : "a ") + handle,
                    group.timeout().domain().value(),
                    domain);
            return Optional.empty();
        }
        if (group.timeout().after().explicit()) {
            report.add(
                    ErrorCode.TimeoutSetTwice,
                    Site.of(parameter),
                    "the timeout re-arms itself, because the group says after = \"%s\"; remove after, or this %s",
                    group.timeout().after().value(),
                    handle);
            return Optional.empty();
        }
        return Optional.of(new Argument.Timeout());
    }
}
