package dev.tidemark.processor.writing;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.NameAllocator;
import com.palantir.javapoet.TypeName;
import dev.tidemark.ErrorPolicy;
import dev.tidemark.Late;
import dev.tidemark.processor.model.GroupModel;
import dev.tidemark.processor.model.GroupModel.OutputModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.lang.model.element.Modifier;

/** The tags of what leaves the DoFn of a group. The ids derive from the number of the alternative, not from its name. */
final class Tags {
    static final String ROWS = "ROWS";
    static final String UPDATES = "UPDATES";
    static final String LATE = "LATE";
    static final String ERRORS = "ERRORS";

    private final GroupModel group;
    private final NameAllocator names = new NameAllocator();

    Tags(GroupModel group) {
        this.group = group;
        for (String taken : List.of(ROWS, UPDATES, LATE, ERRORS)) {
            names.newName(taken);
        }
        for (OutputModel output : group.outputs()) {
            names.newName(
                    output.accessor().replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toUpperCase(Locale.ROOT), output);
        }
    }

    /** The tag of an alternative of a sealed output. */
    String of(OutputModel output) {
        return names.get(output);
    }

    boolean emitsLate() {
        return group.late() == Late.EMIT;
    }

    boolean emitsErrors() {
        return group.onError() == ErrorPolicy.EMIT;
    }

    TypeName upsert() {
        return BeamNames.of(
                BeamNames.UPSERT,
                group.key().storable().type().box(),
                group.output().type());
    }

    /** The tags beside the main one. */
    List<String> additional() {
        List<String> tags = new ArrayList<>();
        if (group.isSealed()) {
            group.outputs().forEach(output -> tags.add(of(output)));
        }
        if (group.isUpdate()) {
            tags.add(UPDATES);
        }
        if (emitsLate()) {
            tags.add(LATE);
        }
        if (emitsErrors()) {
            tags.add(ERRORS);
        }
        return tags;
    }

    /** The tags as constants. */
    List<FieldSpec> fields() {
        List<FieldSpec> fields = new ArrayList<>();
        fields.add(tag(ROWS, "rows", group.output().type()));
        if (group.isSealed()) {
            for (OutputModel output : group.outputs()) {
                fields.add(tag(of(output), "rows-" + output.number(), output.type()));
            }
        }
        if (group.isUpdate()) {
            fields.add(tag(UPDATES, "updates", upsert()));
        }
        if (emitsLate()) {
            fields.add(tag(LATE, "late", group.input().type()));
        }
        if (emitsErrors()) {
            fields.add(tag(
                    ERRORS,
                    "errors",
                    BeamNames.of(BeamNames.FAILED, group.input().type())));
        }
        return fields;
    }

    static FieldSpec tag(String name, String id, TypeName type) {
        return FieldSpec.builder(BeamNames.of(BeamNames.TUPLE_TAG, type), name, Modifier.STATIC, Modifier.FINAL)
                .initializer(CodeBlock.of("new $T<>($S) {}", BeamNames.TUPLE_TAG, id))
                .build();
    }
}
