package dev.tidemark.processor.declaration;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.Trees;
import java.util.Objects;
import javax.annotation.processing.Messager;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.RecordComponentElement;
import javax.tools.Diagnostic;

/** A place in the source that a diagnostic can point at: the smallest thing that is wrong. */
public sealed interface Site {

    /** Prints a message that points here. */
    void print(Messager messager, Diagnostic.Kind kind, String message);

    /** A type, method, parameter or field. */
    record Declaration(Element element) implements Site {
        @Override
        public void print(Messager messager, Diagnostic.Kind kind, String message) {
            messager.printMessage(kind, message, element);
        }
    }

    /** An annotation, as a whole. */
    record Annotation(Element element, AnnotationMirror mirror) implements Site {
        @Override
        public void print(Messager messager, Diagnostic.Kind kind, String message) {
            messager.printMessage(kind, message, element, mirror);
        }
    }

    /** A value written in an annotation. */
    record Value(Element element, AnnotationMirror mirror, AnnotationValue value) implements Site {
        @Override
        public void print(Messager messager, Diagnostic.Kind kind, String message) {
            messager.printMessage(kind, message, element, mirror, value);
        }
    }

    /** An expression in a method. */
    record Expression(Trees trees, CompilationUnitTree unit, Tree tree) implements Site {
        @Override
        public void print(Messager messager, Diagnostic.Kind kind, String message) {
            trees.printMessage(kind, message, tree, unit);
        }
    }

    /** What a member is a member of. */
    static Element owner(Element member) {
        return Objects.requireNonNull(member.getEnclosingElement(), "only packages have no owner");
    }

    /** The place of an element. */
    static Site of(Element element) {
        return new Declaration(element);
    }

    /**
     * The place of a component of a record: that of its private field. javac 17 gives a diagnostic on the component itself
     * no position at all, and one on its implicit accessor never gets one.
     */
    static Site ofComponent(RecordComponentElement component) {
        for (Element member : owner(component).getEnclosedElements()) {
            if (member.getKind() == ElementKind.FIELD && member.getSimpleName().equals(component.getSimpleName())) {
                return new Declaration(member);
            }
        }
        return new Declaration(owner(component));
    }
}
