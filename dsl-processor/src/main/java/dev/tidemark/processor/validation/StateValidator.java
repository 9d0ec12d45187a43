package dev.tidemark.processor.validation;

import com.palantir.javapoet.ClassName;
import dev.tidemark.Cell;
import dev.tidemark.processor.declaration.DeclarationReader;
import dev.tidemark.processor.declaration.GroupDeclaration;
import dev.tidemark.processor.declaration.Site;
import dev.tidemark.processor.model.GroupModel.HandleKind;
import dev.tidemark.processor.model.GroupModel.HandleModel;
import dev.tidemark.processor.model.GroupModel.StateModel;
import dev.tidemark.processor.schema.Storable;
import dev.tidemark.processor.schema.Storable.Composite;
import dev.tidemark.processor.schema.Storable.Field;
import dev.tidemark.processor.schema.Storable.Shape;
import dev.tidemark.processor.schema.StorableReader;
import dev.tidemark.processor.schema.StorableReader.Member;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;

/** Checks the state class: its fields, and that an empty one can be made. */
final class StateValidator {
    private static final Map<String, HandleKind> HANDLES = Map.of(
            "dev.tidemark.Bag", HandleKind.BAG,
            "dev.tidemark.Members", HandleKind.MEMBERS,
            "dev.tidemark.Table", HandleKind.TABLE,
            "dev.tidemark.Tally", HandleKind.TALLY,
            "dev.tidemark.Timeline", HandleKind.TIMELINE);

    private final ValidationReport.Builder report;
    private final StorableReader reader;
    private final String id;
    private final Targets targets;

    StateValidator(ValidationReport.Builder report, StorableReader reader, String id, Targets targets) {
        this.targets = targets;
        this.report = report;
        this.reader = reader;
        this.id = id;
    }

    Optional<StateModel> validate(GroupDeclaration group) {
        Optional<TypeElement> found = new Roles(report).one(group, "GroupState", "remember", group.states());
        if (found.isEmpty()) {
            return Optional.empty();
        }
        TypeElement state = found.get();
        String name = state.getSimpleName().toString();
        if (state.getKind() == ElementKind.RECORD) {
            return record(group, state);
        }
        if (state.getKind() != ElementKind.CLASS || state.getModifiers().contains(Modifier.ABSTRACT)) {
            report.add(
                    ErrorCode.RoleKind,
                    Site.of(state),
                    "the state %s is %s; handlers change it in place, so write static class %s { ... }",
                    name,
                    state.getKind() == ElementKind.CLASS ? "abstract" : aKindOf(state),
                    name);
            return Optional.empty();
        }
        int before = report.errors();
        constructor(state);
        version(group, name);
        Map<String, Member> members = members(state);
        Optional<Map<String, Integer>> numbers = reader.numbers(members, name);
        if (numbers.isEmpty()) {
            return Optional.empty();
        }
        List<Field> plain = new ArrayList<>();
        List<Field> cells = new ArrayList<>();
        List<HandleModel> handles = new ArrayList<>();
        Map<Integer, Long> ttls = new TreeMap<>();
        members.forEach((field, member) -> {
            int number = Objects.requireNonNull(numbers.get().get(field));
            Optional<HandleKind> handle = handleKind(member.type());
            boolean cell = member.element().getAnnotation(Cell.class) != null;
            DeclarationReader.ttl(member.element())
                    .ifPresent(ttl -> ttls.put(number, new DurationReader(report).read("ttl", ttl, false)));
            if (cell && handle.isPresent()) {
                cellField(
                        member,
                        name + "." + field + " is a " + handleName(handle.get())
                                + ", which has a cell of its own already; remove @Cell");
            }
            if (handle.isPresent()) {
                handle(handle.get(), number, name, field, member).ifPresent(handles::add);
            } else {
                reader.read(member.type(), id + "/state." + number, name + "." + field, member.site())
                        .ifPresent(storable -> {
                            if (cell && storable instanceof Storable.OptionalOf) {
                                cellField(
                                        member,
                                        name + "." + field
                                                + " is an Optional with a cell of its own; leave the Optional out, and let null say that there is nothing");
                            }
                            (cell ? cells : plain)
                                    .add(new Field(number, field, storable, StorableReader.isFixed(member)));
                        });
            }
        });
        if (report.errors() > before) {
            return Optional.empty();
        }
        Composite composite = new Composite(ClassName.get(state), id + "/state", Shape.STATE, List.copyOf(plain));
        return Optional.of(new StateModel(
                composite, group.stateVersion(), List.copyOf(cells), List.copyOf(handles), Map.copyOf(ttls)));
    }

    private void version(GroupDeclaration group, String name) {
        if (group.stateVersion() < 1) {
            report.add(
                    ErrorCode.StateVersion,
                    Site.of(group.states().get(0)),
                    "the version of %s is %d; versions begin at 1",
                    name,
                    group.stateVersion());
        }
    }

    /** A record is stored as a whole, and never changed. */
    private Optional<StateModel> record(GroupDeclaration group, TypeElement state) {
        String name = state.getSimpleName().toString();
        int before = report.errors();
        version(group, name);
        Optional<Composite> composite = reader.composite(state, id + "/state", name, Site.of(state));
        return composite.isEmpty() || report.errors() > before
                ? Optional.empty()
                : Optional.of(new StateModel(composite.get(), group.stateVersion(), List.of(), List.of(), Map.of()));
    }

    private void cellField(Member member, String message) {
        report.add(ErrorCode.CellField, member.site(), "%s", message);
    }

    private static String handleName(HandleKind kind) {
        return kind.name().charAt(0) + kind.name().substring(1).toLowerCase(Locale.ROOT);
    }

    private void constructor(TypeElement state) {
        boolean usable = ElementFilter.constructorsIn(state.getEnclosedElements()).stream()
                .anyMatch(each -> each.getParameters().isEmpty()
                        && !each.getModifiers().contains(Modifier.PRIVATE)
                        && each.getThrownTypes().isEmpty());
        if (!usable) {
            report.add(
                    ErrorCode.StateConstructor,
                    Site.of(state),
                    "%s has no constructor without arguments, so no empty state can be made; add %s() {}",
                    state.getSimpleName(),
                    state.getSimpleName());
        }
        if (!state.getSuperclass().toString().equals("java.lang.Object")) {
            report.add(
                    ErrorCode.RoleKind,
                    Site.of(state),
                    "the state %s extends %s, whose fields would not be stored; write the fields into %s",
                    state.getSimpleName(),
                    state.getSuperclass(),
                    state.getSimpleName());
        }
    }

    private Map<String, Member> members(TypeElement state) {
        Map<String, Member> members = new LinkedHashMap<>();
        for (VariableElement field : ElementFilter.fieldsIn(state.getEnclosedElements())) {
            if (field.getModifiers().contains(Modifier.STATIC)
                    || field.getModifiers().contains(Modifier.TRANSIENT)) {
                continue;
            }
            for (Modifier modifier : List.of(Modifier.PRIVATE, Modifier.FINAL)) {
                if (field.getModifiers().contains(modifier)) {
                    report.add(
                            ErrorCode.StateFieldModifiers,
                            Site.of(field),
                            "%s.%s is %s, so generated code cannot set it; remove %s",
                            state.getSimpleName(),
                            field.getSimpleName(),
                            modifier,
                            modifier);
                }
            }
            members.put(field.getSimpleName().toString(), new Member(field, field.asType(), Site.of(field)));
        }
        return members;
    }

    private Optional<HandleKind> handleKind(TypeMirror type) {
        return type instanceof DeclaredType declared && declared.asElement() instanceof TypeElement element
                ? Optional.ofNullable(HANDLES.get(element.getQualifiedName().toString()))
                        .map(kind -> kind == HandleKind.TIMELINE && !targets.haveOrderedLists()
                                ? HandleKind.BAG_TIMELINE
                                : kind)
                : Optional.empty();
    }

    private Optional<HandleModel> handle(HandleKind kind, int number, String state, String field, Member member) {
        if (kind == HandleKind.TALLY) {
            return Optional.of(new HandleModel(
                    kind, number, field, StorableReader.isFixed(member), Optional.empty(), Optional.empty()));
        }
        List<? extends TypeMirror> arguments = ((DeclaredType) member.type()).getTypeArguments();
        String where = state + "." + field;
        if (arguments.isEmpty()) {
            report.add(
                    ErrorCode.FieldType,
                    member.site(),
                    "%s is a raw %s; say of what, for example %s<String>",
                    where,
                    member.type(),
                    member.type());
            return Optional.empty();
        }
        if (kind == HandleKind.TABLE) {
            Optional<Storable> key =
                    deterministic(arguments.get(0), id + "/state." + number + ".1", where, member, "a key of a table");
            Optional<Storable> value = element(arguments.get(1), id + "/state." + number + ".2", where, member);
            return key.isEmpty() || value.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new HandleModel(kind, number, field, StorableReader.isFixed(member), key, value));
        }
        String elementId = id + "/state." + number;
        Optional<Storable> element = kind == HandleKind.MEMBERS
                ? deterministic(arguments.get(0), elementId, where, member, "a set of members")
                : element(arguments.get(0), elementId, where, member);
        return element.map(storable -> new HandleModel(
                kind, number, field, StorableReader.isFixed(member), Optional.empty(), Optional.of(storable)));
    }

    private Optional<Storable> element(TypeMirror type, String elementId, String where, Member member) {
        Optional<Storable> element = reader.read(type, elementId, where, member.site());
        if (element.isPresent() && element.get() instanceof Storable.OptionalOf) {
            report.add(
                    ErrorCode.FieldType,
                    member.site(),
                    "%s holds %s; leave the Optional out, and do not add what is absent",
                    where,
                    type);
            return Optional.empty();
        }
        return element;
    }

    private Optional<Storable> deterministic(
            TypeMirror type, String elementId, String where, Member member, String what) {
        Optional<Storable> element = element(type, elementId, where, member);
        Optional<String> problem = element.flatMap(storable -> KeyDeterminism.problem(storable, where));
        if (problem.isPresent()) {
            report.add(
                    ErrorCode.KeyNotDeterministic,
                    member.site(),
                    "%s",
                    problem.get().replace("cannot be a key, or part of one", "cannot be " + what));
            return Optional.empty();
        }
        return element;
    }

    private static String aKindOf(TypeElement type) {
        String kind = type.getKind().toString().toLowerCase(Locale.ROOT).replace('_', ' ');
        return (kind.equals("record") ? "a " : "an ") + kind;
    }
}
