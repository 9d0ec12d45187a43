package dev.tidemark.processor.writing;

import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.TypeName;
import javax.lang.model.element.Modifier;

/** What every generated class carries. */
final class Suppressions {
    /** A record that was stored before a component existed reads it as null; nobody's null checker can allow for that. */
    static final AnnotationSpec NULLNESS = AnnotationSpec.builder(SuppressWarnings.class)
            .addMember("value", "$S", "NullAway")
            .build();

    private Suppressions() {}

    static FieldSpec serialVersion() {
        return FieldSpec.builder(TypeName.LONG, "serialVersionUID", Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL)
                .initializer("1L")
                .build();
    }
}
