package dev.tidemark.processor.validation;

import dev.tidemark.processor.declaration.GroupDeclaration;
import dev.tidemark.processor.declaration.GroupDeclaration.MigrateDeclaration;
import dev.tidemark.processor.declaration.Site;
import dev.tidemark.processor.model.GroupModel.MigrationModel;
import dev.tidemark.processor.schema.Storable.Composite;
import dev.tidemark.processor.schema.StorableReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;

/** Checks the methods that bring the state from one version to the next. */
final class MigrationValidator {
    private final ValidationReport.Builder report;
    private final StorableReader reader;
    private final String id;

    MigrationValidator(ValidationReport.Builder report, StorableReader reader, String id) {
        this.report = report;
        this.reader = reader;
        this.id = id;
    }

    /** By version, the lowest first. */
    List<MigrationModel> validate(GroupDeclaration group) {
        if (group.states().size() != 1) {
            return List.of();
        }
        List<MigrateDeclaration> declared = new ArrayList<>(group.migrations());
        declared.sort(Comparator.comparingInt(each -> each.from().value()));
        List<MigrationModel> migrations = new ArrayList<>();
        String expected = group.states().get(0).asType().toString();
        for (int i = declared.size() - 1; i >= 0; i--) {
            MigrateDeclaration each = declared.get(i);
            int from = each.from().value();
            if (from < 1 || from >= group.stateVersion()) {
                report.add(
                        ErrorCode.SnapshotVersion,
                        each.from().site(),
                        "%s is from version %d, but the state is of version %d; write @GroupState(version = %d)",
                        each.method().getSimpleName(),
                        from,
                        group.stateVersion(),
                        Math.max(from, 1) + 1);
                return List.of();
            }
            if (i + 1 < declared.size() && declared.get(i + 1).from().value() == from) {
                shape(each.method(), "two methods are @Migrate(from = " + from + "); keep one");
                return List.of();
            }
            Optional<MigrationModel> migration = migration(each.method(), from, expected);
            if (migration.isEmpty()) {
                return List.of();
            }
            migrations.add(0, migration.get());
            expected = each.method().getParameters().get(0).asType().toString();
        }
        return List.copyOf(migrations);
    }

    private Optional<MigrationModel> migration(ExecutableElement method, int from, String expected) {
        String name = method.getSimpleName().toString();
        boolean usable = method.getModifiers().contains(Modifier.STATIC)
                && !method.getModifiers().contains(Modifier.PRIVATE)
                && method.getThrownTypes().isEmpty()
                && method.getParameters().size() == 1
                && method.getReturnType().toString().equals(expected);
        Optional<TypeElement> before = method.getParameters().stream()
                .findFirst()
                .filter(parameter -> parameter.asType() instanceof DeclaredType)
                .map(parameter -> (TypeElement) ((DeclaredType) parameter.asType()).asElement())
                .filter(type -> type.getKind() == ElementKind.RECORD);
        if (!usable || before.isEmpty()) {
            shape(
                    method,
                    name + " brings the state from version " + from + ", so it must be: @Migrate(from = " + from
                            + ") static " + simple(expected) + " " + name + "(V" + from + " old), where V" + from
                            + " is a record of the plain fields of then");
            return Optional.empty();
        }
        Optional<Composite> composite = reader.composite(
                before.get(),
                id + "/state/v" + from,
                before.get().getSimpleName().toString(),
                Site.of(before.get()));
        return composite.map(found -> new MigrationModel(from, name, found));
    }

    private static String simple(String type) {
        return type.substring(type.lastIndexOf('.') + 1);
    }

    private void shape(ExecutableElement method, String message) {
        report.add(ErrorCode.MigrateShape, Site.of(method), "%s", message);
    }
}
