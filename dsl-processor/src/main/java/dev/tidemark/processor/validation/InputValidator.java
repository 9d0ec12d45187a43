package dev.tidemark.processor.validation;

import com.palantir.javapoet.ClassName;
import dev.tidemark.EventTime;
import dev.tidemark.Key;
import dev.tidemark.TimeoutDomain;
import dev.tidemark.processor.declaration.GroupDeclaration;
import dev.tidemark.processor.declaration.GroupDeclaration.DeduplicateDeclaration;
import dev.tidemark.processor.declaration.Site;
import dev.tidemark.processor.declaration.Written;
import dev.tidemark.processor.model.GeneratedNames;
import dev.tidemark.processor.model.GroupModel.DeduplicateModel;
import dev.tidemark.processor.model.GroupModel.KeyModel;
import dev.tidemark.processor.model.GroupModel.PartModel;
import dev.tidemark.processor.schema.Storable;
import dev.tidemark.processor.schema.Storable.Composite;
import dev.tidemark.processor.schema.Storable.Field;
import dev.tidemark.processor.schema.Storable.Shape;
import dev.tidemark.processor.schema.StorableReader;
import dev.tidemark.processor.validation.TimeoutValidator.Times;
import java.lang.annotation.Annotation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.Types;

/** Checks the input record, its key and its event time. */
final class InputValidator {
    /** What the events of a batch may be taken as. */
    private static final List<String> BATCHES = List.of("java.util.List", "java.util.Collection", "java.lang.Iterable");

    private final ValidationReport.Builder report;
    private final StorableReader reader;
    private final GeneratedNames names;
    private final String id;

    /** The input of a valid group. */
    record Input(
            TypeElement element,
            List<TypeElement> alternatives,
            Composite composite,
            KeyModel key,
            List<PartModel> parts,
            Optional<DeduplicateModel> deduplicate) {
        /** Whether a parameter of this type is given the event. */
        boolean isEvent(Types types, TypeMirror type) {
            return types.isSameType(type, element.asType())
                    || alternatives.stream().anyMatch(each -> types.isSameType(type, each.asType()));
        }

        /** Whether a parameter of this type is given the events of a batch. */
        boolean isEvents(Types types, TypeMirror type) {
            return type instanceof DeclaredType declared
                    && declared.getTypeArguments().size() == 1
                    && types.isSameType(declared.getTypeArguments().get(0), element.asType())
                    && BATCHES.contains(ParameterValidator.rawName(type));
        }
    }

    InputValidator(ValidationReport.Builder report, StorableReader reader, GeneratedNames names, String id) {
        this.report = report;
        this.reader = reader;
        this.names = names;
        this.id = id;
    }

    Optional<Input> validate(GroupDeclaration group, Optional<Times> times) {
        Optional<TypeElement> found = new Roles(report).one(group, "GroupInput", "read", group.inputs());
        if (found.isEmpty()) {
            return Optional.empty();
        }
        TypeElement input = found.get();
        if (input.getKind() == ElementKind.INTERFACE && input.getModifiers().contains(Modifier.SEALED)) {
            return sealed(group, input, times);
        }
        if (input.getKind() != ElementKind.RECORD) {
            report.add(
                    ErrorCode.RoleKind,
                    Site.of(input),
                    "the input %s is neither a record nor a sealed interface of records; write record %s(@Key String id, ...)",
                    input.getSimpleName(),
                    input.getSimpleName());
            return Optional.empty();
        }
        Optional<Composite> composite =
                reader.composite(input, id + "/input", input.getSimpleName().toString(), Site.of(input));
        Optional<KeyModel> key = key(group, input);
        int before = report.errors();
        Optional<String> eventTime = eventTime(group, input, times);
        if (composite.isEmpty() || key.isEmpty() || report.errors() > before) {
            return Optional.empty();
        }
        Optional<DeduplicateModel> deduplicate = deduplicate(group, input, composite.get());
        if (report.errors() > before) {
            return Optional.empty();
        }
        PartModel part = new PartModel(ClassName.get(input), key.get().components(), eventTime);
        return Optional.of(new Input(input, List.of(), composite.get(), key.get(), List.of(part), deduplicate));
    }

    private Optional<DeduplicateModel> deduplicate(GroupDeclaration group, TypeElement input, Composite composite) {
        if (group.deduplicate().isEmpty()) {
            return Optional.empty();
        }
        DeduplicateDeclaration written = group.deduplicate().get();
        long within = new DurationReader(report).read("time within which events are the same", written.within(), false);
        if (written.on().isEmpty()) {
            report.add(
                    ErrorCode.DeduplicateOn,
                    written.site(),
                    "what tells the events apart? Write on = {\"%s\", ...}: components of %s",
                    composite.fields().isEmpty()
                            ? "id"
                            : composite.fields().get(0).name(),
                    input.getSimpleName());
        }
        List<Field> on = new ArrayList<>();
        for (Written<String> name : written.on()) {
            Optional<Field> field = composite.fields().stream()
                    .filter(each -> each.name().equals(name.value()))
                    .findFirst();
            if (field.isEmpty()) {
                List<String> all = composite.fields().stream().map(Field::name).toList();
                report.add(
                        ErrorCode.DeduplicateOn,
                        name.site(),
                        "%s has no component \"%s\". %s",
                        input.getSimpleName(),
                        AnchorValidator.printable(name.value()),
                        Suggestions.nearest(name.value(), all)
                                .map(word -> "Did you mean \"" + word + "\"?")
                                .orElse("Its components are: " + String.join(", ", all)));
                continue;
            }
            Optional<String> problem = KeyDeterminism.problem(field.get().storable(), name.value());
            if (problem.isPresent()) {
                report.add(
                        ErrorCode.DeduplicateOn,
                        name.site(),
                        "%s",
                        problem.get().replace("cannot be a key, or part of one", "cannot tell events apart"));
                continue;
            }
            on.add(field.get());
        }
        return Optional.of(new DeduplicateModel(List.copyOf(on), within));
    }

    /** Several inputs: each record has the key, and says when it happened, in components of its own. */
    private Optional<Input> sealed(GroupDeclaration group, TypeElement input, Optional<Times> times) {
        int before = report.errors();
        Optional<Storable> storable =
                reader.read(input.asType(), id + "/input", input.getSimpleName().toString(), Site.of(input));
        List<TypeElement> alternatives = new ArrayList<>();
        for (TypeMirror permitted : input.getPermittedSubclasses()) {
            alternatives.add((TypeElement) ((DeclaredType) permitted).asElement());
        }
        if (storable.isEmpty()) {
            return Optional.empty();
        }
        List<PartModel> parts = new ArrayList<>();
        group.deduplicate()
                .ifPresent(written -> report.add(
                        ErrorCode.DeduplicateOn,
                        written.site(),
                        "%s is several inputs, which no components tell apart; deduplicate each before the group",
                        input.getSimpleName()));
        Optional<KeyModel> first = Optional.empty();
        Optional<Boolean> timed = Optional.empty();
        for (TypeElement alternative : alternatives) {
            Optional<KeyModel> key = key(group, group.keyMethods().isEmpty() ? alternative : input);
            Optional<String> eventTime = eventTime(group, alternative, parts.isEmpty() ? times : Optional.empty());
            if (key.isEmpty() || report.errors() > before) {
                return Optional.empty();
            }
            if (first.isPresent() && !first.get().storable().equals(key.get().storable())) {
                report.add(
                        ErrorCode.KeySignature,
                        Site.of(alternative),
                        "%s has another key than %s: all records of %s must have the same, of the same names and types",
                        alternative.getSimpleName(),
                        alternatives.get(0).getSimpleName(),
                        input.getSimpleName());
                return Optional.empty();
            }
            if (timed.isPresent() && timed.get() != eventTime.isPresent()) {
                report.add(
                        ErrorCode.EventTimeTwice,
                        Site.of(alternative),
                        "of the records of %s some have an @EventTime and %s does not, or the other way round; mark one in each",
                        input.getSimpleName(),
                        alternative.getSimpleName());
                return Optional.empty();
            }
            first = first.or(() -> key);
            timed = Optional.of(eventTime.isPresent());
            parts.add(new PartModel(ClassName.get(alternative), key.get().components(), eventTime));
        }
        return first.map(key -> new Input(
                input,
                List.copyOf(alternatives),
                (Composite) storable.get(),
                key,
                List.copyOf(parts),
                Optional.empty()));
    }

    private static List<RecordComponentElement> components(TypeElement input, Class<? extends Annotation> annotation) {
        List<RecordComponentElement> found = new ArrayList<>();
        for (Element each : input.getEnclosedElements()) {
            if (each instanceof RecordComponentElement component && component.getAnnotation(annotation) != null) {
                found.add(component);
            }
        }
        return found;
    }

    // ------------------------------------------------------------------ key

    private Optional<KeyModel> key(GroupDeclaration group, TypeElement input) {
        List<RecordComponentElement> components = components(input, Key.class);
        if (!group.keyMethods().isEmpty()) {
            return keyMethod(group, input, !components.isEmpty());
        }
        if (components.isEmpty()) {
            report.add(
                    ErrorCode.KeyMissing,
                    Site.of(input),
                    "group \"%s\" has no key. Mark one component of %s, or several: %s(@Key %s, ...)",
                    group.name().value(),
                    input.getSimpleName(),
                    input.getSimpleName(),
                    input.getRecordComponents().isEmpty()
                            ? "String id"
                            : input.getRecordComponents().get(0).asType() + " "
                                    + input.getRecordComponents().get(0).getSimpleName());
            return Optional.empty();
        }
        List<Field> fields = new ArrayList<>();
        for (RecordComponentElement component : components) {
            int number = fields.size() + 1;
            Optional<Storable> part = keyPart(
                    component.asType(),
                    components.size() == 1 ? id + "/key" : id + "/key." + number,
                    input.getSimpleName() + "." + component.getSimpleName(),
                    Site.ofComponent(component));
            if (part.isEmpty()) {
                return Optional.empty();
            }
            fields.add(new Field(number, component.getSimpleName().toString(), part.get()));
        }
        List<String> componentNames = fields.stream().map(Field::name).toList();
        if (fields.size() == 1) {
            return Optional.of(new KeyModel(fields.get(0).storable(), componentNames, Optional.empty()));
        }
        Composite record = new Composite(names.key(), id + "/key", Shape.RECORD, List.copyOf(fields));
        return Optional.of(new KeyModel(record, componentNames, Optional.empty()));
    }

    private Optional<KeyModel> keyMethod(GroupDeclaration group, TypeElement input, boolean components) {
        ExecutableElement method = group.keyMethods().get(0);
        if (components || group.keyMethods().size() > 1) {
            report.add(
                    ErrorCode.KeySignature,
                    Site.of(method),
                    "the key of \"%s\" is stated twice: by %s() and %s; keep one",
                    group.name().value(),
                    method.getSimpleName(),
                    components ? "by @Key on a component of " + input.getSimpleName() : "by another method");
            return Optional.empty();
        }
        if (!isStaticOf(method, input)) {
            report.add(
                    ErrorCode.KeySignature,
                    Site.of(method),
                    "%s computes the key, so it must be: @Key static %s %s(%s input)",
                    method.getSimpleName(),
                    method.getReturnType(),
                    method.getSimpleName(),
                    input.getSimpleName());
            return Optional.empty();
        }
        return keyPart(method.getReturnType(), id + "/key", "the key", Site.of(method))
                .map(storable -> new KeyModel(
                        storable, List.of(), Optional.of(method.getSimpleName().toString())));
    }

    private static boolean isStaticOf(ExecutableElement method, TypeElement input) {
        return method.getModifiers().contains(Modifier.STATIC)
                && !method.getModifiers().contains(Modifier.PRIVATE)
                && method.getThrownTypes().isEmpty()
                && method.getParameters().size() == 1
                && method.getParameters()
                        .get(0)
                        .asType()
                        .toString()
                        .equals(input.asType().toString());
    }

    private Optional<Storable> keyPart(TypeMirror type, String partId, String where, Site site) {
        Optional<Storable> storable = reader.read(type, partId, where, site);
        if (storable.isEmpty()) {
            return storable;
        }
        Optional<String> problem = KeyDeterminism.problem(storable.get(), where);
        if (problem.isPresent()) {
            report.add(ErrorCode.KeyNotDeterministic, site, "%s", problem.get());
            return Optional.empty();
        }
        return storable;
    }

    // ------------------------------------------------------------------ event time

    private Optional<String> eventTime(GroupDeclaration group, TypeElement input, Optional<Times> times) {
        List<RecordComponentElement> marked = components(input, EventTime.class);
        if (marked.size() > 1) {
            report.add(
                    ErrorCode.EventTimeTwice,
                    Site.ofComponent(marked.get(1)),
                    "%s has two event times, %s and %s; an event happens once",
                    input.getSimpleName(),
                    marked.get(0).getSimpleName(),
                    marked.get(1).getSimpleName());
            return Optional.empty();
        }
        if (marked.isEmpty()) {
            if (times.isPresent() && times.get().needEventTime()) {
                boolean byTimeout = group.timeout().domain().value() == TimeoutDomain.EVENT_TIME;
                report.add(
                        ErrorCode.EventTimeMissing,
                        byTimeout
                                ? group.timeout().domain().site()
                                : group.order().site(),
                        "the group lives by event time, but no component of %s says when it happened; the timestamp of the element"
                                + " is taken. Mark one with @EventTime, or suppress with @SuppressWarnings(\"Tidemark/EventTimeMissing\")",
                        input.getSimpleName());
            }
            return Optional.empty();
        }
        RecordComponentElement component = marked.get(0);
        String type = component.asType().toString();
        if (!List.of("java.time.Instant", "org.joda.time.Instant", "long", "java.lang.Long")
                .contains(type)) {
            report.add(
                    ErrorCode.EventTimeType,
                    Site.ofComponent(component),
                    "%s is a %s; an event time is a java.time.Instant, a Joda Instant, or long milliseconds",
                    component.getSimpleName(),
                    type);
            return Optional.empty();
        }
        return Optional.of(component.getSimpleName().toString());
    }
}
