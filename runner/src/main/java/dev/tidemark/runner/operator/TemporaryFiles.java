package dev.tidemark.runner.operator;

import dev.tidemark.runner.plan.Plan;
import dev.tidemark.runner.plan.RowKind;
import dev.tidemark.runner.plan.Stage;
import dev.tidemark.runner.plan.Step;
import dev.tidemark.runner.state.TaskLedger;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.beam.sdk.io.fs.ResolveOptions.StandardResolveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.beam.sdk.options.ValueProvider;
import org.apache.beam.sdk.options.ValueProvider.StaticValueProvider;
import org.apache.beam.sdk.transforms.DoFn;
import org.jspecify.annotations.Nullable;

/**
 * Where the pipeline's files are before they get their names. Beam puts them beside the output, in a directory that jobs may share, so
 * nobody knows whose the files are that a killed process has left. A job that keeps state gets a directory of its own there: what is in it,
 * and is named by no checkpoint, can be removed.
 *
 * <p>Beam has no setting for that which a runner could make. But tasks work with copies of a DoFn, made by serialization: the copy is
 * given the other directory.
 */
public final class TemporaryFiles {
    private static final String LOCAL = "file";

    private TemporaryFiles() {}

    /** The directories in which the steps of a plan have temporary files of this job's, on this machine. */
    public static Set<String> directories(Plan plan, String temporaryName) {
        Set<String> directories = new LinkedHashSet<>();
        for (Stage stage : plan.stages()) {
            for (Step step : stage.steps()) {
                ValueProvider<ResourceId> base =
                        step instanceof Step.Call call ? call.function().temporaryFiles() : null;
                ResourceId own = base == null ? null : ownDirectory(base, temporaryName);
                if (own != null) {
                    directories.add(own.toString());
                }
            }
        }
        return directories;
    }

    /** The temporary files that the last committed epoch counts on. */
    public static Set<String> committed(Plan plan, TaskLedger ledger) {
        Set<String> files = new LinkedHashSet<>();
        for (Stage stage : plan.stages()) {
            for (Step step : stage.steps()) {
                if (step instanceof Step.SyncFiles) {
                    ledger.step(OperatorChain.ledgerName(step))
                            .readAll(RowKind.TEMPORARY, (group, rest, value) -> files.add(name(rest)));
                }
            }
        }
        return files;
    }

    static byte[] row(String file) {
        return file.getBytes(StandardCharsets.UTF_8);
    }

    static String name(byte[] row) {
        return new String(row, StandardCharsets.UTF_8);
    }

    /** The same step, with its temporary files in the job's own directory, where it has any. */
    static Step.ParDo inOwnDirectory(Step.ParDo step, String temporaryName) {
        ValueProvider<ResourceId> base = step.function().temporaryFiles();
        ResourceId own = base == null ? null : ownDirectory(base, temporaryName);
        if (base == null || own == null) {
            return step;
        }
        DoFn<?, ?> copy = copy(step.function().fn(), base, StaticValueProvider.of(own));
        return new Step.ParDo(
                step.id(), step.name(), step.input(), step.function().with(copy));
    }

    /** Null where the directory is on another machine, or is not known before the files are written. */
    private static @Nullable ResourceId ownDirectory(ValueProvider<ResourceId> base, String temporaryName) {
        ResourceId directory = base.isAccessible() ? base.get() : null;
        return directory != null && LOCAL.equals(directory.getScheme())
                ? directory.resolve(temporaryName, StandardResolveOptions.RESOLVE_DIRECTORY)
                : null;
    }

    private static DoFn<?, ?> copy(DoFn<?, ?> fn, Object replaced, Object by) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (Replacing out = new Replacing(bytes, replaced, by)) {
                out.writeObject(fn);
            }
            try (Loading in = new Loading(new ByteArrayInputStream(bytes.toByteArray()))) {
                return (DoFn<?, ?>) in.readObject();
            }
        } catch (IOException | ClassNotFoundException e) {
            throw new IllegalArgumentException("unable to copy " + fn.getClass().getName(), e);
        }
    }

    /** Writes one object in the place of another. */
    private static final class Replacing extends ObjectOutputStream {
        private final Object replaced;
        private final Object by;

        Replacing(OutputStream out, Object replaced, Object by) throws IOException {
            super(out);
            this.replaced = replaced;
            this.by = by;
            enableReplaceObject(true);
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // that very object, not one like it
        protected Object replaceObject(Object each) {
            return each == replaced ? by : each;
        }
    }

    /** Finds classes where the user's are. */
    private static final class Loading extends ObjectInputStream {
        Loading(InputStream in) throws IOException {
            super(in);
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass described) throws IOException, ClassNotFoundException {
            ClassLoader users = Thread.currentThread().getContextClassLoader();
            try {
                return Class.forName(described.getName(), false, users);
            } catch (ClassNotFoundException e) {
                return super.resolveClass(described);
            }
        }
    }
}
