package dev.tidemark.processor.validation;

import dev.tidemark.processor.declaration.GroupDeclaration;
import dev.tidemark.processor.declaration.Site;
import dev.tidemark.processor.model.GroupModel;
import dev.tidemark.processor.model.GroupModel.MigrationModel;
import dev.tidemark.processor.snapshot.Compatibility;
import dev.tidemark.processor.snapshot.Compatibility.Break;
import dev.tidemark.processor.snapshot.Snapshot;
import dev.tidemark.processor.snapshot.Snapshot.StoredRecord;
import dev.tidemark.processor.snapshot.SnapshotJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.util.ElementFilter;

/**
 * Compares the stored form of a group with the one that is committed, {@code <name>.json} in the directory that the option
 * {@code tidemark.snapshots} names; without the option there is nothing to compare with.
 */
public final class SnapshotValidator {
    private final Path directory;
    private final boolean accept;

    /** With {@code accept}, what is in the source is written over what is committed. */
    public SnapshotValidator(Path directory, boolean accept) {
        this.directory = directory;
        this.accept = accept;
    }

    /** What stored state would not survive. */
    public ValidationReport validate(GroupDeclaration declaration, GroupModel group) {
        ValidationReport.Builder report = new ValidationReport.Builder();
        Path file = directory.resolve(group.name() + ".json");
        Snapshot current = Snapshot.of(group);
        try {
            if (!Files.exists(file)) {
                missing(declaration, current, file, report);
                return report.build();
            }
            Snapshot former = SnapshotJson.read(Files.readString(file));
            if (accept) {
                Files.writeString(file, SnapshotJson.write(current.after(former)));
            } else {
                compare(declaration, group, former, current, report);
                outdated(declaration, former, current, report);
            }
        } catch (IOException | SnapshotJson.UnreadableException e) {
            report.add(
                    ErrorCode.SnapshotUnreadable,
                    declaration.name().site(),
                    "the snapshot of \"%s\" cannot be read: %s. Restore it from version control, or write it anew with"
                            + " -Atidemark.accept=true",
                    group.name(),
                    String.valueOf(e.getMessage()));
        }
        return report.build();
    }

    private void missing(GroupDeclaration declaration, Snapshot current, Path file, ValidationReport.Builder report)
            throws IOException {
        if (accept) {
            Files.createDirectories(directory);
            Files.writeString(file, SnapshotJson.write(current));
            return;
        }
        report.add(
                ErrorCode.SnapshotMissing,
                declaration.name().site(),
                "there is no snapshot of \"%s\" yet, so changes of its state cannot be checked. Compile once with"
                        + " -Atidemark.accept=true, and commit %s.json",
                current.name(),
                current.name());
    }

    /** What is not in the snapshot is compared with nothing when it changes next. */
    private static void outdated(
            GroupDeclaration declaration, Snapshot former, Snapshot current, ValidationReport.Builder report) {
        String now = SnapshotJson.write(current.after(former));
        if (report.errors() == 0 && !now.equals(SnapshotJson.write(former))) {
            report.add(
                    ErrorCode.SnapshotOutdated,
                    declaration.name().site(),
                    "the snapshot of \"%s\" can still be read, but does not have what is new, so that the next change of it would"
                            + " not be noticed. Compile once with -Atidemark.accept=true, and commit %s.json",
                    current.name(),
                    current.name());
        }
    }

    private static void compare(
            GroupDeclaration declaration,
            GroupModel group,
            Snapshot former,
            Snapshot current,
            ValidationReport.Builder report) {
        TypeElement state = declaration.states().get(0);
        if (!former.key().equals(current.key())) {
            report.add(
                    ErrorCode.SnapshotIncompatible,
                    declaration.name().site(),
                    "\"%s\" no longer finds what was stored: its key was %s, is %s. Restore it, or give the group a new name,"
                            + " which abandons the stored state",
                    group.name(),
                    former.key(),
                    current.key());
            return;
        }
        if (current.version() < former.version()) {
            report.add(
                    ErrorCode.SnapshotVersion,
                    Site.of(state),
                    "the version of %s is %d, but %d is committed; versions only grow. Write @GroupState(version = %d)",
                    state.getSimpleName(),
                    current.version(),
                    former.version(),
                    former.version());
            return;
        }
        Optional<MigrationModel> migration = group.migrations().stream()
                .filter(each -> each.from() == former.version())
                .findFirst();
        for (Break each : Compatibility.breaks(former, current)) {
            if (each.isPlain() && migration.isPresent()) {
                continue;
            }
            if (each.isPlain() && current.version() > former.version()) {
                report.add(
                        ErrorCode.MigrateMissing,
                        site(state, each),
                        "\"%s\" no longer reads what version %d stored: %s. Add: @Migrate(from = %d) static %s"
                                + " fromV%d(%sV%d old) { ... }",
                        group.name(),
                        former.version(),
                        each.message(),
                        former.version(),
                        state.getSimpleName(),
                        former.version(),
                        state.getSimpleName(),
                        former.version());
            } else {
                report.add(
                        ErrorCode.SnapshotIncompatible,
                        site(state, each),
                        "\"%s\" no longer reads what was stored: %s. %s, or abandon the stored state with"
                                + " -Atidemark.accept=true",
                        group.name(),
                        each.message(),
                        each.isPlain()
                                ? "Write version = " + (former.version() + 1) + " and a method @Migrate(from = "
                                        + former.version() + ")"
                                : "Give the new field another number with @FieldNumber");
            }
        }
        migration.ifPresent(each -> migrated(declaration, former, each, report));
    }

    /** What a migration takes must read what was stored. */
    private static void migrated(
            GroupDeclaration declaration, Snapshot former, MigrationModel migration, ValidationReport.Builder report) {
        StoredRecord before = former.records().get("state");
        if (before == null) {
            return;
        }
        StoredRecord plain = new StoredRecord(
                before.fields().stream()
                        .filter(field -> field.cell().equals("fields"))
                        .toList(),
                List.of());
        for (Break each : Compatibility.breaks(plain, Snapshot.of(migration.before()), true)) {
            report.add(
                    ErrorCode.SnapshotIncompatible,
                    declaration.migrations().stream()
                            .filter(declared ->
                                    declared.method().getSimpleName().contentEquals(migration.method()))
                            .findFirst()
                            .map(declared -> Site.of(declared.method()))
                            .orElse(declaration.annotation()),
                    "%s does not take what version %d stored: %s",
                    migration.method(),
                    migration.from(),
                    each.message());
        }
    }

    private static Site site(TypeElement state, Break each) {
        for (VariableElement field : ElementFilter.fieldsIn(state.getEnclosedElements())) {
            if (field.getSimpleName().contentEquals(each.field().name())) {
                return Site.of(field);
            }
        }
        return Site.of(state);
    }
}
