package dev.tidemark.processor;

import com.google.auto.service.AutoService;
import dev.tidemark.StatefulGroup;
import dev.tidemark.processor.declaration.DeclarationReader;
import dev.tidemark.processor.declaration.Written;
import dev.tidemark.processor.validation.ErrorCode;
import dev.tidemark.processor.validation.ValidationReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.Processor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;

/**
 * Sees to it that no two groups of a module have one name. Aggregating, which is why it is a processor of its own: the one
 * that writes can so remain isolating.
 */
@AutoService(Processor.class)
public final class GroupNameProcessor extends AbstractProcessor {
    private record Named(String group, Written<String> name) {}

    /** The groups by name, as text: elements of an earlier round have lost their place. */
    private final Map<String, List<String>> groups = new TreeMap<>();

    /** Made by the compiler. */
    public GroupNameProcessor() {}

    @Override
    public Set<String> getSupportedAnnotationTypes() {
        return Set.of(StatefulGroup.class.getCanonicalName());
    }

    @Override
    public SourceVersion getSupportedSourceVersion() {
        return SourceVersion.latestSupported();
    }

    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
        List<Named> found = new ArrayList<>();
        for (Element element : round.getElementsAnnotatedWith(StatefulGroup.class)) {
            if (element instanceof TypeElement type) {
                Named named = new Named(type.getSimpleName().toString(), DeclarationReader.name(type));
                found.add(named);
                groups.computeIfAbsent(named.name().value(), any -> new ArrayList<>())
                        .add(named.group());
            }
        }
        report(found);
        return false;
    }

    private void report(List<Named> found) {
        ValidationReport.Builder report = new ValidationReport.Builder();
        for (Named each : found) {
            List<String> users = groups.getOrDefault(each.name().value(), List.of());
            if (users.size() > 1 && !each.name().value().isEmpty()) {
                report.add(
                        ErrorCode.NameDuplicate,
                        each.name().site(),
                        "the name \"%s\" is used by %s; their state would be mixed up. Give one another name",
                        each.name().value(),
                        String.join(" and by ", users.stream().sorted().toList()));
            }
        }
        report.build().print(processingEnv.getMessager(), Set.of());
    }
}
