package dev.tidemark.processor.declaration;

import java.util.Map;
import java.util.Optional;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;

/** Reads the members of one annotation, each with its place. */
final class AnnotationReader {
    private final Element element;
    private final AnnotationMirror outermost;
    private final AnnotationMirror mirror;

    private AnnotationReader(Element element, AnnotationMirror outermost, AnnotationMirror mirror) {
        this.element = element;
        this.outermost = outermost;
        this.mirror = mirror;
    }

    static Optional<AnnotationReader> of(Element element, String annotation) {
        return mirror(element, annotation).map(mirror -> new AnnotationReader(element, mirror, mirror));
    }

    static Optional<AnnotationMirror> mirror(Element element, String annotation) {
        for (AnnotationMirror mirror : element.getAnnotationMirrors()) {
            if (((TypeElement) mirror.getAnnotationType().asElement())
                    .getQualifiedName()
                    .contentEquals(annotation)) {
                return Optional.of(mirror);
            }
        }
        return Optional.empty();
    }

    Site site() {
        return new Site.Annotation(element, outermost);
    }

    Written<String> string(String member) {
        return read(member, value -> String.valueOf(value.getValue()));
    }

    Written<Integer> integer(String member) {
        return read(member, value -> (Integer) value.getValue());
    }

    <E extends Enum<E>> Written<E> constant(String member, Class<E> type) {
        return read(
                member,
                value -> Enum.valueOf(
                        type,
                        ((VariableElement) value.getValue()).getSimpleName().toString()));
    }

    /** A nested annotation; its members that are not written have the place of the outermost one. */
    AnnotationReader nested(String member) {
        return new AnnotationReader(
                element, outermost, (AnnotationMirror) value(member).getValue());
    }

    private interface Conversion<T> {
        T of(AnnotationValue value);
    }

    private <T> Written<T> read(String member, Conversion<T> conversion) {
        for (Map.Entry<? extends ExecutableElement, ? extends AnnotationValue> entry :
                mirror.getElementValues().entrySet()) {
            if (entry.getKey().getSimpleName().contentEquals(member)) {
                Site site = new Site.Value(element, outermost, entry.getValue());
                return new Written<>(conversion.of(entry.getValue()), true, site);
            }
        }
        return new Written<>(conversion.of(value(member)), false, site());
    }

    private AnnotationValue value(String member) {
        for (Map.Entry<? extends ExecutableElement, ? extends AnnotationValue> entry :
                mirror.getElementValues().entrySet()) {
            if (entry.getKey().getSimpleName().contentEquals(member)) {
                return entry.getValue();
            }
        }
        for (Element each : mirror.getAnnotationType().asElement().getEnclosedElements()) {
            if (each instanceof ExecutableElement method
                    && method.getSimpleName().contentEquals(member)) {
                AnnotationValue value = method.getDefaultValue();
                if (value != null) {
                    return value;
                }
            }
        }
        throw new IllegalStateException(mirror + " has no value for " + member);
    }
}
