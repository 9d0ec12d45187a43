package dev.tidemark.processor.validation;

import dev.tidemark.processor.declaration.GroupDeclaration;
import dev.tidemark.processor.declaration.Site;
import dev.tidemark.processor.writing.DoFnMembers;
import java.util.List;
import java.util.Optional;
import javax.lang.model.element.Element;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;

/** Finds the one type that plays a role, and checks what holds for every role. */
final class Roles {
    private final ValidationReport.Builder report;

    Roles(ValidationReport.Builder report) {
        this.report = report;
    }

    Optional<TypeElement> one(GroupDeclaration group, String annotation, String verb, List<TypeElement> candidates) {
        String anchor = group.anchor().getSimpleName().toString();
        if (candidates.isEmpty()) {
            report.add(
                    ErrorCode.RoleMissing,
                    group.annotation(),
                    "which type does %s %s? Annotate one nested in %s with @%s, or name one that is annotated in one of its handlers",
                    anchor,
                    verb,
                    anchor,
                    annotation);
            return Optional.empty();
        }
        if (candidates.size() > 1) {
            report.add(
                    ErrorCode.RoleTwice,
                    Site.of(candidates.get(1)),
                    "%s and %s are both @%s of %s; a group has one",
                    candidates.get(0).getSimpleName(),
                    candidates.get(1).getSimpleName(),
                    annotation,
                    anchor);
            return Optional.empty();
        }
        return accessible(candidates.get(0), annotation) ? Optional.of(candidates.get(0)) : Optional.empty();
    }

    private boolean accessible(TypeElement type, String annotation) {
        String name = type.getSimpleName().toString();
        if (!type.getNestingKind().isNested() && DoFnMembers.NAMES.contains(name)) {
            report.add(
                    ErrorCode.NameShadowedByDoFn,
                    Site.of(type),
                    "inside a DoFn the name %s means DoFn.%s; rename %s, or nest it in the group class",
                    name,
                    name,
                    type.getQualifiedName());
            return false;
        }
        String problem = null;
        for (Element each = type; each instanceof TypeElement outer; each = outer.getEnclosingElement()) {
            if (outer.getModifiers().contains(Modifier.PRIVATE)) {
                problem = outer.getSimpleName()
                        + " is private, so generated code cannot see it; make it package-private or public";
            }
        }
        if (type.getNestingKind().isNested() && !type.getModifiers().contains(Modifier.STATIC)) {
            problem = name + " is an inner class and needs an instance of "
                    + Site.owner(type).getSimpleName() + "; did you forget static?";
        }
        if (!type.getTypeParameters().isEmpty()) {
            problem = name + " has type parameters; write a type without any, so that its encoding is known";
        }
        if (problem != null) {
            report.add(ErrorCode.TypeShape, Site.of(type), "@%s: %s", annotation, problem);
        }
        return problem == null;
    }
}
