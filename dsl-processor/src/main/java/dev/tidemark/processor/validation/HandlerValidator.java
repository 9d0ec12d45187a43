package dev.tidemark.processor.validation;

import com.palantir.javapoet.TypeName;
import dev.tidemark.Key;
import dev.tidemark.OutputMode;
import dev.tidemark.TimeoutDomain;
import dev.tidemark.processor.declaration.GroupDeclaration;
import dev.tidemark.processor.declaration.Site;
import dev.tidemark.processor.model.GroupModel.Argument;
import dev.tidemark.processor.model.GroupModel.HandlerModel;
import dev.tidemark.processor.model.GroupModel.Returns;
import dev.tidemark.processor.schema.Storable.Composite;
import dev.tidemark.processor.schema.Storable.Field;
import dev.tidemark.processor.validation.InputValidator.Input;
import dev.tidemark.processor.validation.OutputValidator.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;

/** Checks the handler methods: what they take, and what they return. */
final class HandlerValidator {
    private static final String PACKAGE = "dev.tidemark.";

    private final Types types;
    private final Elements elements;
    private final ValidationReport.Builder report;

    /** The handlers of a valid group. */
    record Handlers(HandlerModel onEvent, Optional<HandlerModel> onTimeout) {
        boolean takesTimeout() {
            return takesTimeout(onEvent) || timeoutTakesTimeout();
        }

        boolean timeoutTakesTimeout() {
            return onTimeout.map(Handlers::takesTimeout).orElse(false);
        }

        private static boolean takesTimeout(HandlerModel handler) {
            return handler.arguments().stream().anyMatch(Argument.Timeout.class::isInstance);
        }
    }

    HandlerValidator(Types types, Elements elements, ValidationReport.Builder report) {
        this.types = types;
        this.elements = elements;
        this.report = report;
    }

    Optional<Handlers> validate(GroupDeclaration group, Optional<Input> input, Optional<Output> output) {
        int before = report.errors();
        if (group.onEvent().isEmpty()) {
            missing(group);
        }
        once(group.onEvent(), "@OnEvent");
        once(group.onTimeout(), "@OnTimeout");
        if (!group.onTimeout().isEmpty() && group.timeout().domain().value() == TimeoutDomain.NONE) {
            report.add(
                    ErrorCode.TimeoutHandlerUnused,
                    Site.of(group.onTimeout().get(0)),
                    "%s is never called: the group has no timeout. Write timeout = @Timeout(EVENT_TIME) or"
                            + " timeout = @Timeout(value = EVENT_TIME, after = \"10 minutes\")",
                    group.onTimeout().get(0).getSimpleName());
        }
        if (report.errors() > before
                || input.isEmpty()
                || output.isEmpty()
                || group.states().size() != 1) {
            return Optional.empty();
        }
        HandlerModel onEvent = handler(group, group.onEvent().get(0), input.get(), output.get(), false);
        Optional<HandlerModel> onTimeout = group.onTimeout().stream()
                .findFirst()
                .map(method -> handler(group, method, input.get(), output.get(), true));
        return report.errors() > before ? Optional.empty() : Optional.of(new Handlers(onEvent, onTimeout));
    }

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

    private HandlerModel handler(
            GroupDeclaration group, ExecutableElement method, Input input, Output output, boolean timeout) {
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
        List<Argument> arguments = new ArrayList<>();
        for (VariableElement parameter : method.getParameters()) {
            argument(group, method, parameter, input, output, timeout).ifPresent(arguments::add);
        }
        boolean takesInput = arguments.stream().anyMatch(Argument.Input.class::isInstance);
        if (!timeout
                && !takesInput
                && arguments.size() == method.getParameters().size()) {
            report.add(
                    ErrorCode.HandlerParameter,
                    Site.of(method),
                    "%s takes no %s, which it is called for; make it the first parameter",
                    name,
                    input.element().getSimpleName());
        }
        boolean takesOut = arguments.stream().anyMatch(Argument.Out.class::isInstance);
        Returns returns = returns(group, method, output, takesOut, timeout);
        return new HandlerModel(name, method.getModifiers().contains(Modifier.STATIC), returns, List.copyOf(arguments));
    }

    // ------------------------------------------------------------------ parameters

    private Optional<Argument> argument(
            GroupDeclaration group,
            ExecutableElement method,
            VariableElement parameter,
            Input input,
            Output output,
            boolean timeout) {
        TypeMirror type = parameter.asType();
        if (parameter.getAnnotation(Key.class) != null) {
            return keyArgument(parameter, input);
        }
        if (!timeout && types.isSameType(type, input.element().asType())) {
            return Optional.of(new Argument.Input());
        }
        if (types.isSameType(type, group.states().get(0).asType())) {
            return Optional.of(new Argument.State());
        }
        String name = rawName(type);
        return switch (name) {
            case PACKAGE + "Group" -> Optional.of(new Argument.Live());
            case PACKAGE + "Out" -> outArgument(group, parameter, output);
            case PACKAGE + "EventTimeout" ->
                timeoutArgument(
                        group, parameter, TimeoutDomain.EVENT_TIME, ErrorCode.EventTimeoutDomain, "EventTimeout");
            case PACKAGE + "ClockTimeout" ->
                timeoutArgument(
                        group, parameter, TimeoutDomain.PROCESSING_TIME, ErrorCode.ClockTimeoutDomain, "ClockTimeout");
            default -> {
                if (timeout && name.equals(PACKAGE + "Cause")) {
                    yield Optional.of(new Argument.Cause());
                }
                report.add(
                        ErrorCode.HandlerParameter,
                        Site.of(parameter),
                        "%s cannot be given a %s %s. It can take: %s",
                        method.getSimpleName(),
                        type,
                        parameter.getSimpleName(),
                        injectable(group, input, output, timeout));
                yield Optional.empty();
            }
        };
    }

    private static String rawName(TypeMirror type) {
        return type instanceof DeclaredType declared && declared.asElement() instanceof TypeElement element
                ? element.getQualifiedName().toString()
                : type.toString();
    }

    private static String injectable(GroupDeclaration group, Input input, Output output, boolean timeout) {
        List<String> all = new ArrayList<>();
        if (!timeout) {
            all.add(input.element().getSimpleName().toString());
        }
        all.add("@Key " + keyText(input));
        all.add(group.states().get(0).getSimpleName().toString());
        all.add("Group");
        all.add("Out<" + output.element().getSimpleName() + ">");
        if (!group.timeout().after().explicit()) {
            if (group.timeout().domain().value() == TimeoutDomain.EVENT_TIME) {
                all.add("EventTimeout");
            } else if (group.timeout().domain().value() == TimeoutDomain.PROCESSING_TIME) {
                all.add("ClockTimeout");
            }
        }
        if (timeout) {
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
            manyRows(parameter.getSimpleName() + " takes any number of rows", Site.of(parameter), output);
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

    // ------------------------------------------------------------------ results

    private Returns returns(
            GroupDeclaration group, ExecutableElement method, Output output, boolean takesOut, boolean timeout) {
        TypeMirror type = method.getReturnType();
        String row = output.element().getSimpleName().toString();
        if (type.getKind() == TypeKind.VOID) {
            if (!takesOut && !timeout) {
                boolean update = group.output().value() == OutputMode.UPDATE;
                boolean echo = update
                        || method.getParameters().stream()
                                .anyMatch(each -> rawName(each.asType()).equals(PACKAGE + "Out"));
                if (!echo && group.onTimeout().isEmpty()) {
                    report.add(
                            ErrorCode.HandlerReturn,
                            Site.of(method),
                            "the group can emit nothing: %s returns void and takes no Out<%s>. Take one, or return %s,"
                                    + " Optional<%s>, List<%s> or Stream<%s>",
                            method.getSimpleName(),
                            row,
                            row,
                            row,
                            row,
                            row);
                }
            }
            return Returns.NOTHING;
        }
        Optional<Returns> returns = rows(type, output);
        if (returns.isEmpty()) {
            boolean handle = rawName(type).startsWith("java.util.") || type instanceof DeclaredType;
            report.add(
                    handle ? ErrorCode.OutputNotPermitted : ErrorCode.HandlerReturn,
                    Site.of(method),
                    "%s returns %s, but the output of the group is %s. Return %s, Optional<%s>, List<%s> or Stream<%s>, or void"
                            + " beside an Out<%s>",
                    method.getSimpleName(),
                    type,
                    row,
                    row,
                    row,
                    row,
                    row,
                    row);
            return Returns.NOTHING;
        }
        if (takesOut) {
            report.add(
                    ErrorCode.HandlerReturn,
                    Site.of(method),
                    "%s returns rows and takes an Out<%s>; choose one of the two",
                    method.getSimpleName(),
                    row);
        }
        if (group.output().value() == OutputMode.UPDATE
                && returns.get() != Returns.ONE
                && returns.get() != Returns.OPTIONAL) {
            manyRows(method.getSimpleName() + " returns any number of rows", Site.of(method), output);
        }
        return returns.get();
    }

    private void manyRows(String what, Site site, Output output) {
        String row = output.element().getSimpleName().toString();
        report.add(
                ErrorCode.UpdateManyRows,
                site,
                "%s, but with output = UPDATE a group has one row at a time. Return %s or Optional<%s>",
                what,
                row,
                row);
    }

    private Optional<Returns> rows(TypeMirror type, Output output) {
        if (isRow(type, output)) {
            return Optional.of(Returns.ONE);
        }
        if (!(type instanceof DeclaredType declared)
                || declared.getTypeArguments().size() != 1) {
            return Optional.empty();
        }
        TypeMirror argument = declared.getTypeArguments().get(0);
        if (!isRow(argument, output)) {
            return Optional.empty();
        }
        return switch (rawName(type)) {
            case "java.util.Optional" -> Optional.of(Returns.OPTIONAL);
            case "java.util.List" -> Optional.of(Returns.LIST);
            case "java.util.stream.Stream" -> Optional.of(Returns.STREAM);
            default -> Optional.empty();
        };
    }

    /** The output itself, or one of its alternatives. */
    private boolean isRow(TypeMirror type, Output output) {
        return type.getKind() == TypeKind.DECLARED
                && types.isSubtype(type, output.element().asType())
                && elements.getTypeElement(rawName(type)) != null;
    }
}
