package dev.tidemark.processor.validation;

import com.palantir.javapoet.ClassName;
import dev.tidemark.processor.declaration.GroupDeclaration;
import dev.tidemark.processor.declaration.Site;
import dev.tidemark.processor.validation.InputValidator.Input;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.util.Types;

/** Finds the handler of each kind of event: one for all, or of a sealed input one for each of its records. */
final class EventHandlers {
    private final Types types;
    private final ValidationReport.Builder report;

    /** A handler and the events that it takes. */
    record EventHandler(ClassName type, ExecutableElement method) {}

    EventHandlers(Types types, ValidationReport.Builder report) {
        this.types = types;
        this.report = report;
    }

    List<EventHandler> assign(GroupDeclaration group, Input input) {
        List<ExecutableElement> methods = group.onEvent();
        if (input.alternatives().isEmpty() || (methods.size() == 1 && takes(methods.get(0), input.element()))) {
            return List.of(new EventHandler(ClassName.get(input.element()), methods.get(0)));
        }
        List<EventHandler> assigned = new ArrayList<>();
        for (TypeElement alternative : input.alternatives()) {
            List<ExecutableElement> takers = methods.stream()
                    .filter(method -> takes(method, alternative))
                    .toList();
            if (takers.isEmpty()) {
                report.add(
                        ErrorCode.HandlerMissing,
                        group.annotation(),
                        "no @OnEvent method takes a %s, which %s permits. Add: @OnEvent void %s(%s event, ...) { ... }",
                        alternative.getSimpleName(),
                        input.element().getSimpleName(),
                        OutputValidator.decapitalised(
                                alternative.getSimpleName().toString()),
                        alternative.getSimpleName());
            } else if (takers.size() > 1) {
                report.add(
                        ErrorCode.HandlerTwice,
                        Site.of(takers.get(1)),
                        "two methods are @OnEvent of %s: %s and %s; keep one",
                        alternative.getSimpleName(),
                        takers.get(0).getSimpleName(),
                        takers.get(1).getSimpleName());
            } else {
                assigned.add(new EventHandler(ClassName.get(alternative), takers.get(0)));
            }
        }
        for (ExecutableElement method : methods) {
            if (input.alternatives().stream().noneMatch(each -> takes(method, each))) {
                report.add(
                        ErrorCode.HandlerParameter,
                        Site.of(method),
                        "%s takes none of the records of %s, or all of them beside methods that take one; make one its first"
                                + " parameter",
                        method.getSimpleName(),
                        input.element().getSimpleName());
            }
        }
        return assigned;
    }

    private boolean takes(ExecutableElement method, TypeElement type) {
        for (VariableElement parameter : method.getParameters()) {
            if (types.isSameType(parameter.asType(), type.asType())) {
                return true;
            }
        }
        return false;
    }
}
