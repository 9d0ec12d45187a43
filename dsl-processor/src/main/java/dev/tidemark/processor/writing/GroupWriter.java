package dev.tidemark.processor.writing;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.tidemark.processor.model.GeneratedNames;
import dev.tidemark.processor.model.GroupModel;
import dev.tidemark.processor.snapshot.Snapshot;
import dev.tidemark.processor.snapshot.SnapshotJson;
import java.io.IOException;
import java.io.Writer;
import java.util.Optional;
import javax.annotation.processing.Filer;
import javax.annotation.processing.FilerException;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.tools.FileObject;
import javax.tools.StandardLocation;

/** Writes the files of a group. Each has the annotated class as its only originating element: the processor isolates. */
public final class GroupWriter {
    private final Filer filer;
    private final TypeElement anchor;

    /** Writes for this annotated class. */
    public GroupWriter(Filer filer, TypeElement anchor) {
        this.filer = filer;
        this.anchor = anchor;
    }

    /** A class to be generated exists already, in a source. One in a class file is what an earlier run left. */
    public static final class NameTakenException extends IOException {
        private static final long serialVersionUID = 1L;

        private final String name;

        NameTakenException(String name, FilerException cause) {
            super(name + " exists already", cause);
            this.name = name;
        }

        /** The simple name of the class. */
        public String name() {
            return name;
        }
    }

    /** Writes all of a valid group. */
    public void write(GroupModel group) throws IOException {
        WireExpressions wires = new WireExpressions(group.names());
        wires.add(group.input());
        wires.add(group.key().storable());
        wires.add(group.state().plain());
        group.state().cells().forEach(cell -> wires.add(cell.storable()));
        group.state().handles().forEach(handle -> {
            handle.key().ifPresent(wires::add);
            handle.element().ifPresent(wires::add);
        });
        group.migrations().forEach(migration -> wires.add(migration.before()));
        if (group.onInitial().isPresent()) {
            wires.add(group.state().whole());
        }
        wires.add(group.output());
        Tags tags = new Tags(group);
        RowsWriter rows = new RowsWriter(group);
        write(group.names(), new TransformWriter(group, wires, tags, rows).write());
        write(group.names(), new DoFnWriter(group, wires, tags).write());
        write(group.names(), new CodersWriter(group, wires).write());
        snapshot(group);
        write(group.names(), new TesterWriter(group, tags).write());
        if (!rows.isEmpty()) {
            write(group.names(), rows.write());
        }
    }

    /** The stored form goes along with the classes, so that tools can read the state without them. */
    private void snapshot(GroupModel group) throws IOException {
        FileObject file;
        try {
            file = filer.createResource(
                    StandardLocation.CLASS_OUTPUT, "", "META-INF/tidemark/" + group.name() + ".json", anchor);
        } catch (FilerException taken) {
            // Another group has this name, which is an error of its own, said where the names are.
            return;
        }
        try (Writer out = file.openWriter()) {
            out.write(SnapshotJson.write(Snapshot.of(group)));
        }
    }

    /**
     * Writes what the user's code calls, with bodies that throw, for a group that is not valid: so that the errors on the
     * screen are those about the group, and not that the generated class is missing.
     */
    public void writeStub(GeneratedNames names, boolean isPublic, Optional<ClassName> input, Optional<ClassName> output)
            throws IOException {
        TypeName in = input.<TypeName>map(type -> type).orElse(ClassName.get(Object.class));
        TypeName out = output.<TypeName>map(type -> type).orElse(ClassName.get(Object.class));
        TypeSpec.Builder type = TypeSpec.classBuilder(names.group())
                .addJavadoc("Not generated: {@link $T} has errors.\n", names.anchor())
                .addAnnotation(BeamNames.GENERATED)
                .addModifiers(Modifier.FINAL)
                .addMethod(MethodSpec.constructorBuilder()
                        .addModifiers(Modifier.PRIVATE)
                        .build())
                .addMethod(MethodSpec.methodBuilder("transform")
                        .addModifiers(Modifier.STATIC)
                        .addModifiers(isPublic ? new Modifier[] {Modifier.PUBLIC} : new Modifier[0])
                        .returns(ParameterizedTypeName.get(
                                BeamNames.P_TRANSFORM,
                                BeamNames.of(BeamNames.P_COLLECTION, in),
                                BeamNames.of(BeamNames.P_COLLECTION, out)))
                        .addStatement("throw new $T($S)", AssertionError.class, "not generated: see the compile errors")
                        .build());
        if (isPublic) {
            type.addModifiers(Modifier.PUBLIC);
        }
        write(names, type.build());
    }

    private void write(GeneratedNames names, TypeSpec type) throws IOException {
        JavaFile file = JavaFile.builder(
                        names.group().packageName(),
                        type.toBuilder().addOriginatingElement(anchor).build())
                .skipJavaLangImports(true)
                .indent("  ")
                .build();
        try {
            file.writeTo(filer);
        } catch (FilerException taken) {
            throw new NameTakenException(type.name(), taken);
        }
    }
}
