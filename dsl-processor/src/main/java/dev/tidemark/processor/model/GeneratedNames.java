package dev.tidemark.processor.model;

import com.palantir.javapoet.ClassName;

/** The names of what is generated for a group; those of a nested class {@code Outer.Inner} begin with {@code Outer_Inner}. */
public record GeneratedNames(ClassName anchor) {

    /** The transform. */
    public ClassName group() {
        return named("Group");
    }

    /** What the transform returns. */
    public ClassName result() {
        return group().nestedClass("Result");
    }

    /** The key record, of a group with more than one key component; {@code Key} would mean that of DoFn where it is used. */
    public ClassName key() {
        return group().nestedClass("CompositeKey");
    }

    /** The DoFn. */
    public ClassName doFn() {
        return named("DoFn");
    }

    /** The holder of the coders. */
    public ClassName coders() {
        return named("Coders");
    }

    /** The holder of the row forms. */
    public ClassName rows() {
        return named("Rows");
    }

    /** The tester. */
    public ClassName tester() {
        return named("Tester");
    }

    private ClassName named(String suffix) {
        return ClassName.get(anchor.packageName(), String.join("_", anchor.simpleNames()) + suffix);
    }
}
