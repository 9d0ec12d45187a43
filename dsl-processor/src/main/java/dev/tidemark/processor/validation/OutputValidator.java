package dev.tidemark.processor.validation;

import com.palantir.javapoet.ClassName;
import dev.tidemark.processor.declaration.GroupDeclaration;
import dev.tidemark.processor.declaration.Site;
import dev.tidemark.processor.model.GeneratedNames;
import dev.tidemark.processor.model.GroupModel.OutputModel;
import dev.tidemark.processor.schema.Storable;
import dev.tidemark.processor.schema.Storable.Composite;
import dev.tidemark.processor.schema.Storable.Field;
import dev.tidemark.processor.schema.Storable.Shape;
import dev.tidemark.processor.schema.StorableReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;

/** Checks the output: a record, or a sealed interface of records, and what the accessors of the result are called. */
final class OutputValidator {
    private static final Set<String> TAKEN = Set.of(
            "all",
            "updates",
            "late",
            "errors",
            "duplicates",
            "getPipeline",
            "expand",
            "finishSpecifyingOutput",
            "getClass",
            "hashCode",
            "toString",
            "clone",
            "finalize",
            "notify",
            "notifyAll",
            "wait",
            "pipeline");

    private final ValidationReport.Builder report;
    private final StorableReader reader;
    private final GeneratedNames names;
    private final String id;

    /** The output of a valid group. */
    record Output(TypeElement element, Composite composite, List<OutputModel> outputs) {}

    OutputValidator(ValidationReport.Builder report, StorableReader reader, GeneratedNames names, String id) {
        this.report = report;
        this.reader = reader;
        this.names = names;
        this.id = id;
    }

    Optional<Output> validate(GroupDeclaration group) {
        Optional<TypeElement> found = new Roles(report).one(group, "GroupOutput", "emit", group.outputs());
        if (found.isEmpty()) {
            return Optional.empty();
        }
        TypeElement output = found.get();
        boolean sealed = output.getKind() == ElementKind.INTERFACE
                && output.getModifiers().contains(Modifier.SEALED);
        if (output.getKind() != ElementKind.RECORD && !sealed) {
            report.add(
                    ErrorCode.RoleKind,
                    Site.of(output),
                    "the output %s is neither a record nor a sealed interface of records",
                    output.getSimpleName());
            return Optional.empty();
        }
        Optional<Storable> storable = reader.read(
                output.asType(), id + "/output", output.getSimpleName().toString(), Site.of(output));
        if (storable.isEmpty()) {
            return Optional.empty();
        }
        Composite composite = (Composite) storable.get();
        List<OutputModel> outputs = new ArrayList<>();
        Map<String, ClassName> accessors = new HashMap<>();
        int before = report.errors();
        if (composite.shape() == Shape.UNION) {
            for (Field field : composite.fields()) {
                outputs.add(output(
                        ((Composite) field.storable()).type(),
                        plural(decapitalised(field.name())),
                        field.number(),
                        output,
                        accessors));
            }
        } else {
            outputs.add(output(
                    composite.type(), decapitalised(output.getSimpleName().toString()), 1, output, accessors));
        }
        return report.errors() > before
                ? Optional.empty()
                : Optional.of(new Output(output, composite, List.copyOf(outputs)));
    }

    private OutputModel output(
            ClassName type, String accessor, int number, TypeElement site, Map<String, ClassName> accessors) {
        ClassName former = accessors.putIfAbsent(accessor, type);
        if (TAKEN.contains(accessor) || SourceVersion.isKeyword(accessor) || former != null) {
            report.add(
                    ErrorCode.OutputName,
                    Site.of(site),
                    "the rows %s would be %s() of %s.Result, which %s; rename the record",
                    type.simpleName(),
                    accessor,
                    names.group().simpleName(),
                    former != null
                            ? "is that of " + former.simpleName() + ", too"
                            : SourceVersion.isKeyword(accessor) ? "is a word of Java" : "means something else");
        }
        return new OutputModel(type, accessor, number);
    }

    static String decapitalised(String name) {
        return Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }

    /** The plural of an English noun, as far as its spelling tells. */
    static String plural(String noun) {
        if (noun.matches(".*(s|x|z|ch|sh)")) {
            return noun + "es";
        }
        if (noun.matches(".*[^aeiou]y")) {
            return noun.substring(0, noun.length() - 1) + "ies";
        }
        return noun + "s";
    }
}
