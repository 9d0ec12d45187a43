package dev.tidemark.processor.declaration;

import java.lang.annotation.Annotation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;

/**
 * Reads the members of one annotation, each with its place. Defaults come from the annotation class that this processor was
 * built with: javac may not have read those of the class file yet, when a nested annotation is itself a default.
 */
final class AnnotationReader {
    private final Element element;
    private final AnnotationMirror outermost;
    private final Class<?> annotation;
    private final Map<? extends ExecutableElement, ? extends AnnotationValue> written;

    private AnnotationReader(
            Element element,
            AnnotationMirror outermost,
            Class<?> annotation,
            Map<? extends ExecutableElement, ? extends AnnotationValue> written) {
        this.element = element;
        this.outermost = outermost;
        this.annotation = annotation;
        this.written = written;
    }

    static Optional<AnnotationReader> of(Element element, Class<? extends Annotation> annotation) {
        for (AnnotationMirror mirror : element.getAnnotationMirrors()) {
            TypeElement type = (TypeElement) mirror.getAnnotationType().asElement();
            if (type.getQualifiedName().contentEquals(annotation.getCanonicalName())) {
                return Optional.of(new AnnotationReader(element, mirror, annotation, mirror.getElementValues()));
            }
        }
        return Optional.empty();
    }

    Site site() {
        return new Site.Annotation(element, outermost);
    }

    Written<String> string(String member) {
        return read(member, String.class);
    }

    /** The elements of an array, each with its place. */
    List<Written<String>> strings(String member) {
        List<Written<String>> all = new ArrayList<>();
        value(member).ifPresent(value -> {
            for (Object each : (List<?>) value.getValue()) {
                AnnotationValue element = (AnnotationValue) each;
                all.add(new Written<>(
                        (String) element.getValue(), true, new Site.Value(this.element, outermost, element)));
            }
        });
        return List.copyOf(all);
    }

    Written<Integer> integer(String member) {
        return read(member, Integer.class);
    }

    <E extends Enum<E>> Written<E> constant(String member, Class<E> type) {
        return read(member, type);
    }

    /** A nested annotation; its members that are not written have the place of the outermost one. */
    AnnotationReader nested(String member) {
        Class<?> type = method(member).getReturnType();
        return value(member)
                .map(value -> (AnnotationMirror) value.getValue())
                .map(mirror -> new AnnotationReader(element, outermost, type, mirror.getElementValues()))
                .orElseGet(() -> new AnnotationReader(element, outermost, type, Map.of()));
    }

    private <T> Written<T> read(String member, Class<T> type) {
        Optional<AnnotationValue> value = value(member);
        if (value.isPresent()) {
            return new Written<>(
                    convert(value.get().getValue(), type), true, new Site.Value(element, outermost, value.get()));
        }
        return new Written<>(type.cast(method(member).getDefaultValue()), false, site());
    }

    private static <T> T convert(Object value, Class<T> type) {
        if (type.isEnum() && value instanceof VariableElement constant) {
            for (T each : type.getEnumConstants()) {
                if (constant.getSimpleName().contentEquals(((Enum<?>) each).name())) {
                    return each;
                }
            }
        }
        return type.cast(value);
    }

    private Optional<AnnotationValue> value(String member) {
        for (Map.Entry<? extends ExecutableElement, ? extends AnnotationValue> entry : written.entrySet()) {
            if (entry.getKey().getSimpleName().contentEquals(member)) {
                return Optional.of(entry.getValue());
            }
        }
        return Optional.empty();
    }

    private java.lang.reflect.Method method(String member) {
        try {
            return annotation.getDeclaredMethod(member);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(annotation + " has no member " + member, e);
        }
    }
}
