package dev.tidemark.processor.validation;

import dev.tidemark.processor.declaration.GroupDeclaration;
import dev.tidemark.processor.declaration.Site;
import dev.tidemark.processor.model.GroupModel.Construction;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;

/** Checks the annotated class itself, and the name of the group. */
final class AnchorValidator {
    private final Elements elements;
    private final ValidationReport.Builder report;

    AnchorValidator(Elements elements, ValidationReport.Builder report) {
        this.elements = elements;
        this.report = report;
    }

    void validate(GroupDeclaration group) {
        TypeElement anchor = group.anchor();
        String name = anchor.getSimpleName().toString();
        if (anchor.getKind() != ElementKind.CLASS && anchor.getKind() != ElementKind.RECORD) {
            report.add(
                    ErrorCode.AnchorKind,
                    group.annotation(),
                    "@StatefulGroup belongs on the class with the handlers; %s is an %s",
                    name,
                    anchor.getKind().toString().toLowerCase(Locale.ROOT).replace('_', ' '));
            return;
        }
        if (elements.getPackageOf(anchor).isUnnamed()) {
            shape(
                    anchor,
                    name
                            + " is in the unnamed package, which generated code cannot be imported from; give it a package");
        }
        if (anchor.getModifiers().contains(Modifier.ABSTRACT)) {
            shape(anchor, name + " is abstract, so there is no instance to call; annotate the concrete class");
        }
        if (!anchor.getTypeParameters().isEmpty()) {
            shape(anchor, name + " has type parameters; write a class without any, so that its encodings are known");
        }
        for (Element each = anchor; each instanceof TypeElement type; each = type.getEnclosingElement()) {
            if (type.getModifiers().contains(Modifier.PRIVATE)) {
                shape(
                        anchor,
                        type.getSimpleName() + " is private, so generated code cannot see it; make it package-private");
                break;
            }
            if (type.getNestingKind().isNested() && !type.getModifiers().contains(Modifier.STATIC)) {
                shape(
                        anchor,
                        type.getSimpleName() + " is an inner class and needs an instance of "
                                + Site.owner(type).getSimpleName() + "; did you forget static?");
                break;
            }
        }
    }

    private void shape(TypeElement anchor, String message) {
        report.add(ErrorCode.AnchorShape, Site.of(anchor), "%s", message);
    }

    Optional<String> name(GroupDeclaration group) {
        String name = group.name().value();
        if (name.isEmpty()) {
            report.add(
                    ErrorCode.NameMissing,
                    group.name().site(),
                    "the group needs a name: it is the identity of its state, and must never change. Write name = \"%s\"",
                    kebab(group.anchor().getSimpleName().toString()));
            return Optional.empty();
        }
        if (!name.matches("[a-z0-9-]+")) {
            String suggestion = kebab(name);
            report.add(
                    ErrorCode.NameSyntax,
                    group.name().site(),
                    "\"%s\" cannot be the name of a group: use lower-case letters, digits and '-'.%s",
                    printable(name),
                    suggestion.isEmpty() ? "" : " Did you mean \"" + suggestion + "\"?");
            return Optional.empty();
        }
        return Optional.of(name);
    }

    private static String kebab(String name) {
        return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-|-$", "");
    }

    static String printable(String name) {
        return name.replaceAll("\\p{Cntrl}", "?");
    }

    Optional<Construction> construction(GroupDeclaration group, Types types) {
        TypeElement anchor = group.anchor();
        List<ExecutableElement> constructors = ElementFilter.constructorsIn(anchor.getEnclosedElements());
        boolean own = constructors.stream()
                .anyMatch(each ->
                        each.getParameters().isEmpty() && !each.getModifiers().contains(Modifier.PRIVATE));
        TypeMirror serializable =
                elements.getTypeElement("java.io.Serializable").asType();
        boolean given = types.isAssignable(anchor.asType(), serializable);
        if (!own && !given) {
            report.add(
                    ErrorCode.GroupNotSerializable,
                    Site.of(anchor),
                    "%s has no constructor without arguments, so instances of it travel with the pipeline;"
                            + " write: class %s implements Serializable",
                    anchor.getSimpleName(),
                    anchor.getSimpleName());
            return Optional.empty();
        }
        return Optional.of(own && given ? Construction.OWN_OR_GIVEN : own ? Construction.OWN : Construction.GIVEN);
    }
}
