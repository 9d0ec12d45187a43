package dev.tidemark.processor.declaration;

import dev.tidemark.AtEnd;
import dev.tidemark.Deduplicate;
import dev.tidemark.ErrorPolicy;
import dev.tidemark.GroupInput;
import dev.tidemark.GroupOutput;
import dev.tidemark.GroupState;
import dev.tidemark.Key;
import dev.tidemark.Late;
import dev.tidemark.Migrate;
import dev.tidemark.OnAlarm;
import dev.tidemark.OnError;
import dev.tidemark.OnEvent;
import dev.tidemark.OnEvents;
import dev.tidemark.OnExpire;
import dev.tidemark.OnInitial;
import dev.tidemark.OnTimeout;
import dev.tidemark.Order;
import dev.tidemark.OutputMode;
import dev.tidemark.StatefulGroup;
import dev.tidemark.TimeoutDomain;
import dev.tidemark.TimeoutFrom;
import dev.tidemark.Ttl;
import dev.tidemark.processor.declaration.GroupDeclaration.AlarmDeclaration;
import dev.tidemark.processor.declaration.GroupDeclaration.DeduplicateDeclaration;
import dev.tidemark.processor.declaration.GroupDeclaration.EventsDeclaration;
import dev.tidemark.processor.declaration.GroupDeclaration.MigrateDeclaration;
import dev.tidemark.processor.declaration.GroupDeclaration.TimeoutDeclaration;
import java.lang.annotation.Annotation;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;

/** Reads an annotated class into a {@link GroupDeclaration}; judges nothing. */
public final class DeclarationReader {
    private DeclarationReader() {}

    /** The name of the group that this type anchors, as it is written. */
    public static Written<String> name(TypeElement anchor) {
        return AnnotationReader.of(anchor, StatefulGroup.class)
                .orElseThrow(() -> new IllegalStateException(anchor + " is no group"))
                .string("name");
    }

    /** The declaration of the group that this type anchors. */
    public static GroupDeclaration read(TypeElement anchor) {
        AnnotationReader group = AnnotationReader.of(anchor, StatefulGroup.class)
                .orElseThrow(() -> new IllegalStateException(anchor + " is no group"));
        AnnotationReader timeout = group.nested("timeout");
        List<ExecutableElement> onEvent = methods(anchor, OnEvent.class);
        List<ExecutableElement> onTimeout = methods(anchor, OnTimeout.class);
        List<EventsDeclaration> onEvents = events(anchor);
        List<ExecutableElement> ofEvents = new ArrayList<>(onEvent);
        onEvents.forEach(each -> ofEvents.add(each.method()));
        List<TypeElement> inputs = roles(anchor, ofEvents, GroupInput.class);
        List<ExecutableElement> handlers = handlers(anchor);
        List<TypeElement> states = roles(anchor, handlers, GroupState.class);
        return new GroupDeclaration(
                anchor,
                group.site(),
                group.string("name"),
                new TimeoutDeclaration(
                        timeout.constant("value", TimeoutDomain.class),
                        timeout.string("after"),
                        timeout.constant("from", TimeoutFrom.class),
                        timeout.string("maxAge")),
                group.constant("order", Order.class),
                group.string("lateness"),
                group.constant("late", Late.class),
                group.constant("output", OutputMode.class),
                group.constant("atEnd", AtEnd.class),
                group.string("ttl"),
                AnnotationReader.of(anchor, OnError.class)
                        .map(onError ->
                                onError.constant("value", ErrorPolicy.class).value())
                        .orElse(ErrorPolicy.FAIL),
                inputs,
                inputs.stream()
                        .findFirst()
                        .flatMap(input -> AnnotationReader.of(input, Deduplicate.class))
                        .map(each ->
                                new DeduplicateDeclaration(each.strings("on"), each.site(), each.string("within"))),
                states,
                states.stream()
                        .findFirst()
                        .flatMap(state -> AnnotationReader.of(state, GroupState.class))
                        .map(state -> state.integer("version").value())
                        .orElse(1),
                roles(anchor, handlers, GroupOutput.class),
                onEvent,
                onEvents,
                onTimeout,
                alarms(anchor),
                methods(anchor, OnExpire.class),
                methods(anchor, OnInitial.class),
                migrations(anchor),
                methods(anchor, Key.class));
    }

    /** The time to live of a field of the state, if it has one. */
    public static Optional<Written<String>> ttl(Element field) {
        return AnnotationReader.of(field, Ttl.class).map(ttl -> ttl.string("value"));
    }

    private static List<MigrateDeclaration> migrations(TypeElement anchor) {
        List<MigrateDeclaration> found = new ArrayList<>();
        for (ExecutableElement method : methods(anchor, Migrate.class)) {
            AnnotationReader.of(method, Migrate.class)
                    .ifPresent(migrate -> found.add(new MigrateDeclaration(migrate.integer("from"), method)));
        }
        return List.copyOf(found);
    }

    private static List<EventsDeclaration> events(TypeElement anchor) {
        List<EventsDeclaration> found = new ArrayList<>();
        for (ExecutableElement method : methods(anchor, OnEvents.class)) {
            AnnotationReader.of(method, OnEvents.class)
                    .ifPresent(events -> found.add(
                            new EventsDeclaration(events.integer("maxBatch"), events.string("maxDelay"), method)));
        }
        return List.copyOf(found);
    }

    private static List<AlarmDeclaration> alarms(TypeElement anchor) {
        List<AlarmDeclaration> found = new ArrayList<>();
        for (ExecutableElement method : methods(anchor, OnAlarm.class)) {
            AnnotationReader.of(method, OnAlarm.class)
                    .ifPresent(alarm -> found.add(new AlarmDeclaration(alarm.string("value"), method)));
        }
        return List.copyOf(found);
    }

    /** All handlers: a group may emit at its timeout alone, or at the end of its window. */
    private static List<ExecutableElement> handlers(TypeElement anchor) {
        List<ExecutableElement> handlers = new ArrayList<>();
        for (Class<? extends Annotation> annotation : List.of(
                OnEvent.class, OnEvents.class, OnTimeout.class, OnAlarm.class, OnExpire.class, OnInitial.class)) {
            handlers.addAll(methods(anchor, annotation));
        }
        return handlers;
    }

    private static List<ExecutableElement> methods(TypeElement anchor, Class<? extends Annotation> annotation) {
        List<ExecutableElement> found = new ArrayList<>();
        for (ExecutableElement method : ElementFilter.methodsIn(anchor.getEnclosedElements())) {
            if (method.getAnnotation(annotation) != null) {
                found.add(method);
            }
        }
        return List.copyOf(found);
    }

    /** Nested types come first; without any, those that the handlers name. */
    private static List<TypeElement> roles(
            TypeElement anchor, List<ExecutableElement> handlers, Class<? extends Annotation> role) {
        Set<TypeElement> found = new LinkedHashSet<>();
        for (TypeElement nested : ElementFilter.typesIn(anchor.getEnclosedElements())) {
            if (nested.getAnnotation(role) != null) {
                found.add(nested);
            }
        }
        if (found.isEmpty()) {
            for (ExecutableElement handler : handlers) {
                collect(handler.getReturnType(), role, found);
                for (VariableElement parameter : handler.getParameters()) {
                    collect(parameter.asType(), role, found);
                }
            }
        }
        return List.copyOf(found);
    }

    private static void collect(TypeMirror type, Class<? extends Annotation> role, Set<TypeElement> found) {
        if (type instanceof DeclaredType declared) {
            if (declared.asElement() instanceof TypeElement element && element.getAnnotation(role) != null) {
                found.add(element);
            }
            declared.getTypeArguments().forEach(argument -> collect(argument, role, found));
        }
    }
}
