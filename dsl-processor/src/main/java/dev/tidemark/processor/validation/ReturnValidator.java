package dev.tidemark.processor.validation;

import dev.tidemark.OutputMode;
import dev.tidemark.processor.declaration.GroupDeclaration;
import dev.tidemark.processor.declaration.Site;
import dev.tidemark.processor.model.GroupModel.Returns;
import dev.tidemark.processor.validation.OutputValidator.Output;
import java.util.List;
import java.util.Optional;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;

/** Checks what a handler method returns. */
final class ReturnValidator {
    private final Types types;
    private final Elements elements;
    private final ValidationReport.Builder report;

    ReturnValidator(Types types, Elements elements, ValidationReport.Builder report) {
        this.types = types;
        this.elements = elements;
        this.report = report;
    }

    /** How the rows of a handler are had. */
    Returns returns(GroupDeclaration group, ExecutableElement method, Output output, boolean takesOut, Call call) {
        TypeMirror type = method.getReturnType();
        String row = output.element().getSimpleName().toString();
        if (ParameterValidator.isPure(group)) {
            return step(group, method, output);
        }
        if (type.getKind() == TypeKind.VOID) {
            if (!takesOut && call.isOfEvents()) {
                boolean update = group.output().value() == OutputMode.UPDATE;
                boolean echo = update
                        || method.getParameters().stream()
                                .anyMatch(each -> ParameterValidator.rawName(each.asType())
                                        .equals("dev.tidemark.Out"));
                if (!echo
                        && group.onTimeout().isEmpty()
                        && group.onAlarm().isEmpty()
                        && group.onExpire().isEmpty()
                        && group.onEvent().size() + group.onEvents().size() == 1) {
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
            boolean handle = ParameterValidator.rawName(type).startsWith("java.util.") || type instanceof DeclaredType;
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
            manyRows(report, method.getSimpleName() + " returns any number of rows", Site.of(method), output);
        }
        return returns.get();
    }

    /** The state of a record is replaced by what the handler returns. */
    private Returns step(GroupDeclaration group, ExecutableElement method, Output output) {
        TypeMirror type = method.getReturnType();
        if (ParameterValidator.rawName(type).equals("dev.tidemark.Step")) {
            List<? extends TypeMirror> arguments = ((DeclaredType) type).getTypeArguments();
            if (arguments.size() == 2
                    && types.isSameType(arguments.get(0), group.states().get(0).asType())
                    && types.isSameType(arguments.get(1), output.element().asType())) {
                return Returns.STEP;
            }
        }
        String state = group.states().get(0).getSimpleName().toString();
        report.add(
                ErrorCode.HandlerReturn,
                Site.of(method),
                "%s returns %s, but the state %s is a record, which a handler replaces: return Step<%s, %s>",
                method.getSimpleName(),
                type,
                state,
                state,
                output.element().getSimpleName());
        return Returns.STEP;
    }

    static void manyRows(ValidationReport.Builder report, String what, Site site, Output output) {
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
        return switch (ParameterValidator.rawName(type)) {
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
                && elements.getTypeElement(ParameterValidator.rawName(type)) != null;
    }
}
