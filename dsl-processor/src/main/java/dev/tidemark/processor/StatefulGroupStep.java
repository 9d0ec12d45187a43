package dev.tidemark.processor;

import com.google.auto.common.BasicAnnotationProcessor.Step;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSetMultimap;
import com.palantir.javapoet.ClassName;
import dev.tidemark.StatefulGroup;
import dev.tidemark.processor.declaration.DeclarationReader;
import dev.tidemark.processor.declaration.GroupDeclaration;
import dev.tidemark.processor.declaration.Site;
import dev.tidemark.processor.model.GeneratedNames;
import dev.tidemark.processor.validation.ErrorCode;
import dev.tidemark.processor.validation.GroupValidator;
import dev.tidemark.processor.validation.GroupValidator.Validated;
import dev.tidemark.processor.validation.RepeatabilityValidator;
import dev.tidemark.processor.validation.SnapshotValidator;
import dev.tidemark.processor.validation.Targets;
import dev.tidemark.processor.validation.ValidationReport;
import dev.tidemark.processor.writing.GroupWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.Element;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.tools.Diagnostic;

/** The way of one annotated class: read, validate, then write the group, or a stub beside the errors. */
final class StatefulGroupStep implements Step {
    private final ProcessingEnvironment environment;

    StatefulGroupStep(ProcessingEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public Set<String> annotations() {
        return ImmutableSet.of(StatefulGroup.class.getCanonicalName());
    }

    @Override
    public ImmutableSet<Element> process(ImmutableSetMultimap<String, Element> elementsByAnnotation) {
        for (Element element : elementsByAnnotation.values()) {
            process((TypeElement) element);
        }
        return ImmutableSet.of();
    }

    private void process(TypeElement anchor) {
        GroupDeclaration group = DeclarationReader.read(anchor);
        GeneratedNames names = new GeneratedNames(ClassName.get(anchor));
        GroupValidator validator = new GroupValidator(
                environment.getElementUtils(),
                environment.getTypeUtils(),
                Targets.of(Optional.ofNullable(environment.getOptions().get(StatefulGroupProcessor.TARGETS))));
        ValidationReport anchorReport = validator.validateAnchor(group);
        print(anchorReport, anchor);
        if (anchorReport.hasErrors()) {
            return;
        }
        Validated validated = validator.validate(group, names);
        print(validated.report(), anchor);
        print(new RepeatabilityValidator(environment).validate(group), anchor);
        snapshots()
                .ifPresent(snapshots ->
                        validated.model().ifPresent(model -> print(snapshots.validate(group, model), anchor)));
        GroupWriter writer = new GroupWriter(environment.getFiler(), anchor);
        try {
            if (validated.model().isPresent()) {
                writer.write(validated.model().get());
            } else {
                boolean isPublic = anchor.getModifiers().contains(Modifier.PUBLIC);
                writer.writeStub(names, isPublic, only(group.inputs()), only(group.outputs()));
            }
        } catch (GroupWriter.NameTakenException taken) {
            ValidationReport.Builder report = new ValidationReport.Builder();
            report.add(
                    ErrorCode.GeneratedNameTaken,
                    Site.of(anchor),
                    "%s is to be generated for %s, but a class of that name exists; rename one of them",
                    taken.name(),
                    anchor.getSimpleName());
            print(report.build(), anchor);
        } catch (IOException e) {
            Site.of(anchor)
                    .print(
                            environment.getMessager(),
                            Diagnostic.Kind.ERROR,
                            "cannot write " + names.group().simpleName() + ": " + e.getMessage());
        }
    }

    private Optional<SnapshotValidator> snapshots() {
        return Optional.ofNullable(environment.getOptions().get(StatefulGroupProcessor.SNAPSHOTS))
                .map(directory -> new SnapshotValidator(
                        Path.of(directory),
                        Boolean.parseBoolean(environment.getOptions().get(StatefulGroupProcessor.ACCEPT))));
    }

    private static Optional<ClassName> only(List<TypeElement> types) {
        return types.size() == 1
                        && types.get(0).getTypeParameters().isEmpty()
                        && !types.get(0).getModifiers().contains(Modifier.PRIVATE)
                ? Optional.of(ClassName.get(types.get(0)))
                : Optional.empty();
    }

    private void print(ValidationReport report, TypeElement anchor) {
        SuppressWarnings suppressed = anchor.getAnnotation(SuppressWarnings.class);
        report.print(
                environment.getMessager(), suppressed == null ? Set.of() : Set.copyOf(List.of(suppressed.value())));
    }
}
