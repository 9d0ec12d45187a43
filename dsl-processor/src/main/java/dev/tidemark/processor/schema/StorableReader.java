package dev.tidemark.processor.schema;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.TypeName;
import dev.tidemark.FieldNumber;
import dev.tidemark.processor.declaration.Site;
import dev.tidemark.processor.schema.Storable.Composite;
import dev.tidemark.processor.schema.Storable.Container;
import dev.tidemark.processor.schema.Storable.EnumOf;
import dev.tidemark.processor.schema.Storable.Field;
import dev.tidemark.processor.schema.Storable.OptionalOf;
import dev.tidemark.processor.schema.Storable.Primitive;
import dev.tidemark.processor.schema.Storable.Scalar;
import dev.tidemark.processor.schema.Storable.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;

/**
 * Finds out how types are stored. What cannot be is reported with the path that leads to it, and read as empty. One reader
 * serves one group, so that a type met twice has one coder.
 */
public final class StorableReader {
    /** What can be stored, for messages. */
    public static final String STORABLE =
            "Storable are: String, the primitives and their boxes, byte[], enums, the types of java.time, Joda Instant and "
                    + "Duration, Optional, records of these, sealed interfaces of records, and List, Set and Map of these";

    /** Takes the problems found. */
    public interface Problems {
        /** A type that cannot be stored. */
        void fieldType(Site site, String message);

        /** A field number that cannot be. */
        void fieldNumber(Site site, String message);

        /** A type of a shape that generated code cannot use. */
        void typeShape(Site site, String message);
    }

    private static final Map<String, Scalar> SCALARS = scalars();
    private static final Map<TypeKind, Primitive> PRIMITIVES = Map.of(
            TypeKind.BOOLEAN, new Primitive(TypeName.BOOLEAN, "bool", "bool", "BOOLEAN"),
            TypeKind.BYTE, new Primitive(TypeName.BYTE, "int64", "int8", "BYTE"),
            TypeKind.SHORT, new Primitive(TypeName.SHORT, "int64", "int16", "SHORT"),
            TypeKind.CHAR, new Primitive(TypeName.CHAR, "int64", "char16", "CHARACTER"),
            TypeKind.INT, new Primitive(TypeName.INT, "int64", "int32", "INTEGER"),
            TypeKind.LONG, new Primitive(TypeName.LONG, "int64", "int64", "LONG"),
            TypeKind.FLOAT, new Primitive(TypeName.FLOAT, "float32", "float32", "FLOAT"),
            TypeKind.DOUBLE, new Primitive(TypeName.DOUBLE, "float64", "float64", "DOUBLE"));

    private final Problems problems;
    private final Map<TypeElement, Composite> known = new HashMap<>();
    private final List<TypeElement> path = new ArrayList<>();

    /** Reports to {@code problems}. */
    public StorableReader(Problems problems) {
        this.problems = problems;
    }

    /**
     * How a type is stored, if it can be.
     *
     * @param id what names the encoding: derived from the group and from field numbers
     * @param where the path that leads here, for messages
     * @param site what to point at
     */
    public Optional<Storable> read(TypeMirror type, String id, String where, Site site) {
        Primitive primitive = PRIMITIVES.get(type.getKind());
        if (primitive != null) {
            return Optional.of(primitive);
        }
        if (type.getKind() == TypeKind.ARRAY && type.toString().equals("byte[]")) {
            return Optional.of(new Scalar(TypeName.get(type), "BYTES", false, true));
        }
        if (!(type instanceof DeclaredType declared) || !(declared.asElement() instanceof TypeElement element)) {
            return unsupported(type, where, site);
        }
        String name = element.getQualifiedName().toString();
        Scalar scalar = SCALARS.get(name);
        if (scalar != null) {
            return Optional.of(scalar);
        }
        return switch (name) {
            case "java.util.Optional" -> element(declared, id, where, site).map(OptionalOf::new);
            case "java.util.List" -> container(declared, "list", id, where, site);
            case "java.util.Set" -> container(declared, "set", id, where, site);
            case "java.util.Map" -> container(declared, "map", id, where, site);
            default -> declaredType(element, type, id, where, site);
        };
    }

    private Optional<Storable> declaredType(TypeElement element, TypeMirror type, String id, String where, Site site) {
        if (element.getKind() == ElementKind.ENUM) {
            return accessible(element, where, site)
                    ? Optional.of(new EnumOf(ClassName.get(element), id))
                    : Optional.empty();
        }
        if (element.getKind() == ElementKind.RECORD) {
            return composite(element, id, where, site).map(Storable.class::cast);
        }
        if (element.getKind() == ElementKind.INTERFACE && element.getModifiers().contains(Modifier.SEALED)) {
            return union(element, id, where, site).map(Storable.class::cast);
        }
        return unsupported(type, where, site);
    }

    /** A record, by its components. */
    public Optional<Composite> composite(TypeElement element, String id, String where, Site site) {
        if (!accessible(element, where, site)) {
            return Optional.empty();
        }
        return once(element, where, site, () -> {
            Map<String, Member> members = new LinkedHashMap<>();
            for (Element each : element.getEnclosedElements()) {
                if (each instanceof RecordComponentElement component) {
                    members.put(
                            component.getSimpleName().toString(),
                            new Member(component, component.asType(), Site.ofComponent(component)));
                }
            }
            return fields(members, id, element.getSimpleName().toString())
                    .map(fields -> new Composite(ClassName.get(element), id, Shape.RECORD, fields));
        });
    }

    /** A sealed interface, by its records. */
    private Optional<Composite> union(TypeElement element, String id, String where, Site site) {
        if (!accessible(element, where, site)) {
            return Optional.empty();
        }
        return once(element, where, site, () -> {
            List<Field> alternatives = new ArrayList<>();
            boolean complete = true;
            int number = 0;
            for (TypeMirror permitted : element.getPermittedSubclasses()) {
                number++;
                TypeElement alternative = (TypeElement) ((DeclaredType) permitted).asElement();
                String name = alternative.getSimpleName().toString();
                if (alternative.getKind() != ElementKind.RECORD) {
                    problems.fieldType(
                            Site.of(alternative),
                            name + " is permitted by " + element.getSimpleName()
                                    + " but is no record; only records can be stored");
                    complete = false;
                    continue;
                }
                Optional<Composite> read = composite(alternative, id + "." + number, name, Site.of(alternative));
                complete &= read.isPresent();
                if (read.isPresent()) {
                    alternatives.add(new Field(number, name, read.get()));
                }
            }
            return complete
                    ? Optional.of(new Composite(ClassName.get(element), id, Shape.UNION, List.copyOf(alternatives)))
                    : Optional.empty();
        });
    }

    /** A field or component. */
    public record Member(Element element, TypeMirror type, Site site) {}

    /** The fields of a type, numbered: those that say so as they say, the others from 1 in order, skipping what is taken. */
    public Optional<List<Field>> fields(Map<String, Member> members, String id, String owner) {
        Optional<Map<String, Integer>> numbers = numbers(members, owner);
        if (numbers.isEmpty()) {
            return Optional.empty();
        }
        List<Field> fields = new ArrayList<>();
        boolean complete = true;
        for (Map.Entry<String, Member> entry : members.entrySet()) {
            String name = entry.getKey();
            Member member = entry.getValue();
            int number = Objects.requireNonNull(numbers.get().get(name));
            Optional<Storable> storable = read(member.type(), id + "." + number, owner + "." + name, member.site());
            complete &= storable.isPresent();
            storable.ifPresent(found -> fields.add(new Field(number, name, found, isFixed(member))));
        }
        return complete ? Optional.of(List.copyOf(fields)) : Optional.empty();
    }

    /** Whether the number of a member is written. */
    public static boolean isFixed(Member member) {
        return member.element().getAnnotation(FieldNumber.class) != null;
    }

    /** The numbers of the fields of a type. */
    public Optional<Map<String, Integer>> numbers(Map<String, Member> members, String owner) {
        Map<Integer, String> taken = new HashMap<>();
        Map<String, Integer> numbers = new LinkedHashMap<>();
        boolean complete = true;
        for (Map.Entry<String, Member> entry : members.entrySet()) {
            FieldNumber annotation = entry.getValue().element().getAnnotation(FieldNumber.class);
            if (annotation == null) {
                continue;
            }
            int number = annotation.value();
            String former = taken.putIfAbsent(number, entry.getKey());
            if (number < 1 || number > 0xFFFF) {
                problems.fieldNumber(
                        entry.getValue().site(),
                        owner + "." + entry.getKey() + " has the field number " + number
                                + "; it must be from 1 to 65535");
                complete = false;
            } else if (former != null) {
                problems.fieldNumber(
                        entry.getValue().site(),
                        owner + "." + entry.getKey() + " has the field number " + number + ", as " + owner + "."
                                + former + "; give it another one");
                complete = false;
            }
            numbers.put(entry.getKey(), number);
        }
        int next = 1;
        for (String name : members.keySet()) {
            if (!numbers.containsKey(name)) {
                while (taken.containsKey(next)) {
                    next++;
                }
                numbers.put(name, next);
                taken.put(next, name);
            }
        }
        return complete ? Optional.of(numbers) : Optional.empty();
    }

    private interface Reading {
        Optional<Composite> read();
    }

    private Optional<Composite> once(TypeElement element, String where, Site site, Reading reading) {
        Composite already = known.get(element);
        if (already != null) {
            return Optional.of(already);
        }
        if (path.contains(element)) {
            problems.fieldType(
                    site,
                    where + " leads back to " + element.getSimpleName()
                            + ", which would contain itself; hold an id instead");
            return Optional.empty();
        }
        path.add(element);
        try {
            Optional<Composite> result = reading.read();
            result.ifPresent(composite -> known.put(element, composite));
            return result;
        } finally {
            path.remove(path.size() - 1);
        }
    }

    private Optional<Storable> element(DeclaredType type, String id, String where, Site site) {
        if (type.getTypeArguments().isEmpty()) {
            return raw(type, where, site);
        }
        TypeMirror argument = type.getTypeArguments().get(0);
        return read(argument, id + ".1", where, site).flatMap(found -> nestedOptional(found, argument, where, site));
    }

    private Optional<Storable> container(DeclaredType type, String wires, String id, String where, Site site) {
        if (type.getTypeArguments().isEmpty()) {
            return raw(type, where, site);
        }
        List<Storable> elements = new ArrayList<>();
        for (TypeMirror argument : type.getTypeArguments()) {
            Optional<Storable> element = read(argument, id + "." + (elements.size() + 1), where, site)
                    .flatMap(found -> nestedOptional(found, argument, where, site));
            if (element.isEmpty()) {
                return Optional.empty();
            }
            elements.add(element.get());
        }
        ClassName raw = ClassName.get((TypeElement) type.asElement());
        return Optional.of(new Container(raw, wires, List.copyOf(elements)));
    }

    private Optional<Storable> nestedOptional(Storable found, TypeMirror type, String where, Site site) {
        if (found instanceof OptionalOf) {
            problems.fieldType(
                    site, where + " holds " + type + "; leave the Optional out, and do not add what is absent");
            return Optional.empty();
        }
        return Optional.of(found);
    }

    private Optional<Storable> raw(TypeMirror type, String where, Site site) {
        problems.fieldType(site, where + " is a raw " + type + "; say of what, for example " + type + "<String>");
        return Optional.empty();
    }

    private Optional<Storable> unsupported(TypeMirror type, String where, Site site) {
        problems.fieldType(site, "cannot store " + where + " of type " + type + ". " + STORABLE);
        return Optional.empty();
    }

    private boolean accessible(TypeElement element, String where, Site site) {
        for (Element each = element; each instanceof TypeElement type; each = type.getEnclosingElement()) {
            if (type.getModifiers().contains(Modifier.PRIVATE)) {
                problems.typeShape(
                        site,
                        where + ": " + type.getSimpleName()
                                + " is private, so generated code cannot see it; make it package-private or public");
                return false;
            }
        }
        if (!element.getTypeParameters().isEmpty()) {
            problems.typeShape(
                    site,
                    where + ": " + element.getSimpleName()
                            + " has type parameters; write a type without any, so that its encoding is known");
            return false;
        }
        return true;
    }

    private static Map<String, Scalar> scalars() {
        Map<String, Scalar> all = new HashMap<>();
        for (String box :
                List.of("Boolean", "Byte", "Short", "Character", "Integer", "Long", "Float", "Double", "String")) {
            boolean floating = box.equals("Float") || box.equals("Double");
            add(all, "java.lang", box, box.toUpperCase(java.util.Locale.ROOT), !floating);
        }
        for (String time : List.of(
                "Duration",
                "Instant",
                "LocalDate",
                "LocalTime",
                "LocalDateTime",
                "ZoneOffset",
                "ZoneId",
                "OffsetTime",
                "OffsetDateTime",
                "ZonedDateTime",
                "Year",
                "YearMonth",
                "MonthDay",
                "Period")) {
            add(
                    all,
                    "java.time",
                    time,
                    time.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(java.util.Locale.ROOT),
                    true);
        }
        add(all, "org.joda.time", "Instant", "JODA_INSTANT", true);
        add(all, "org.joda.time", "Duration", "JODA_DURATION", true);
        return Map.copyOf(all);
    }

    private static void add(Map<String, Scalar> all, String pack, String name, String wires, boolean deterministic) {
        all.put(pack + "." + name, new Scalar(ClassName.get(pack, name), wires, true, deterministic));
    }
}
