package dev.tidemark.examples;

import dev.tidemark.runner.inspect.SavedCell;
import dev.tidemark.runner.inspect.SavedJob;
import dev.tidemark.runner.inspect.SavedStep;
import dev.tidemark.runner.plan.Durability;
import dev.tidemark.runner.store.SavedState;
import dev.tidemark.runner.store.SavedState.Copy;
import dev.tidemark.runner.store.StateDirectory;
import dev.tidemark.runner.store.StateOptions;
import dev.tidemark.runner.store.StoreException;
import dev.tidemark.runtime.StoredForms;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * What {@code ./tidemark} does with the directory of a job that does not run. Nothing is changed, but that {@code savepoint create}
 * makes one. Exit codes: 0 well, 1 it cannot be done, 2 an error of the command line, 4 what is there is damaged.
 */
final class StateCommands {
    private static final int FAILED = 1;
    private static final int DAMAGED = 4;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    private StateCommands() {}

    /** Runs {@code checkpoints}, {@code savepoint} or {@code state} with the arguments that follow. */
    static int run(String... args) {
        return new CommandLine(new Root())
                .setExecutionExceptionHandler((failure, command, parsed) -> told(failure))
                .execute(args);
    }

    private static int told(Exception failure) throws Exception {
        if (!(failure instanceof StoreException)) {
            throw failure;
        }
        String message = String.valueOf(failure.getMessage());
        Console.failure(message);
        Console.debug(failure);
        return message.startsWith("TM-STORE-009") || message.startsWith("TM-STORE-010") ? DAMAGED : FAILED;
    }

    @Command(
            name = "tidemark",
            subcommands = {Checkpoints.class, Savepoint.class, State.class})
    static final class Root {}

    /** Where jobs keep their states, and how to write a listing. */
    static final class Where {
        @Option(
                names = "--state-dir",
                paramLabel = "DIR",
                description = "Where the jobs keep their states. Default: ~/.local/state/tidemark")
        private @Nullable String directory;

        @Option(
                names = {"-o", "--output"},
                description = "table or json (an object per line). Default: ${DEFAULT-VALUE}")
        private Listing.Style style = Listing.Style.table;

        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                description = "This.")
        @SuppressWarnings("UnusedVariable") // that it is there is enough for picocli
        private boolean help;

        String root() {
            return directory == null ? Durability.defaultDirectory() : directory;
        }

        Listing listing(String... columns) {
            return new Listing(style, columns);
        }
    }

    /** Without a subcommand: help, and the exit code of a wrong command line. */
    abstract static class Family implements Callable<Integer> {
        @Spec
        private @Nullable CommandSpec spec;

        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                description = "This.")
        @SuppressWarnings("UnusedVariable") // that it is there is enough for picocli
        private boolean help;

        @Override
        public Integer call() {
            CommandLine command = Objects.requireNonNull(spec).commandLine();
            command.usage(command.getErr());
            return CommandLine.ExitCode.USAGE;
        }
    }

    private static void list(Where where, List<Copy> copies) {
        Listing listing = where.listing("epoch", "made", "files", "bytes", "path");
        for (Copy copy : copies) {
            boolean known = copy.epoch() >= 0;
            listing.add(
                    known ? copy.epoch() : "damaged",
                    TIME.format(Instant.ofEpochMilli(copy.millis())),
                    copy.files().size(),
                    copy.bytes(),
                    copy.path());
        }
        listing.print();
    }

    private static void verify(String path) throws StoreException {
        Copy copy = SavedState.verify(path);
        Console.row("whole: epoch " + copy.epoch() + ", " + copy.files().size() + " files, " + copy.bytes() + " bytes, "
                + copy.path());
    }

    // ---------------------------------------------------------------- checkpoints

    @Command(name = "checkpoints", description = "The checkpoints that a job retains.")
    static final class Checkpoints extends Family {
        @Command(name = "ls", description = "Lists them, the newest first.")
        int ls(@Parameters(paramLabel = "JOB") String job, @Mixin Where where) throws StoreException {
            list(where, SavedState.checkpoints(where.root(), job));
            return 0;
        }

        @Command(name = "show", description = "Shows the files of one.")
        int show(
                @Parameters(paramLabel = "JOB") String job,
                @Parameters(paramLabel = "EPOCH") long epoch,
                @Mixin Where where)
                throws StoreException {
            Listing listing = where.listing("file", "bytes", "crc32c");
            for (Copy copy : chosen(where, job, epoch)) {
                copy.files().forEach(file -> listing.add(file.name(), file.bytes(), file.checksum()));
            }
            listing.print();
            return 0;
        }

        @Command(name = "verify", description = "Compares them, or one, with what their manifests say, byte for byte.")
        int verify(
                @Parameters(paramLabel = "JOB") String job,
                @Parameters(paramLabel = "EPOCH", arity = "0..1") @Nullable Long epoch,
                @Mixin Where where)
                throws StoreException {
            int exit = 0;
            List<Copy> all = epoch == null ? SavedState.checkpoints(where.root(), job) : chosen(where, job, epoch);
            for (Copy copy : all) {
                try {
                    StateCommands.verify(copy.path());
                } catch (StoreException e) {
                    Console.failure(String.valueOf(e.getMessage()));
                    exit = DAMAGED;
                }
            }
            return exit;
        }

        private static List<Copy> chosen(Where where, String job, long epoch) throws StoreException {
            List<Copy> found = SavedState.checkpoints(where.root(), job).stream()
                    .filter(copy -> copy.epoch() == epoch)
                    .toList();
            if (found.isEmpty()) {
                throw new StoreException("TM-STORE-015: job '" + job + "' has no checkpoint of epoch " + epoch
                        + ". ./tidemark checkpoints ls " + job + " lists them.");
            }
            return found;
        }
    }

    // ---------------------------------------------------------------- savepoints

    @Command(name = "savepoint", description = "Copies of a job's state, for its user.")
    static final class Savepoint extends Family {
        @Command(
                name = "create",
                description = "Makes one of what the job committed last. A job that runs makes one itself.")
        int create(
                @Parameters(paramLabel = "JOB") String job,
                @Parameters(
                                paramLabel = "PATH",
                                arity = "0..1",
                                description = "Where to; a place in the job's directory otherwise.")
                        @Nullable
                        String path,
                @Mixin Where where)
                throws StoreException {
            // Refuses where the job has no state, rather than make some.
            SavedState.checkpoints(where.root(), job);
            try (StateDirectory state = StateDirectory.open(where.root(), job, StateOptions.defaults())) {
                Console.row(state.savepoint(
                        path == null ? null : Path.of(path).toAbsolutePath().toString()));
            }
            return 0;
        }

        @Command(name = "ls", description = "Lists those in the job's directory, the newest first.")
        int ls(@Parameters(paramLabel = "JOB") String job, @Mixin Where where) throws StoreException {
            list(where, SavedState.savepoints(where.root(), job));
            return 0;
        }

        @Command(name = "verify", description = "Compares one with what its manifest says, byte for byte.")
        int verify(@Parameters(paramLabel = "PATH") String path, @Mixin Where where) throws StoreException {
            StateCommands.verify(path);
            return 0;
        }
    }

    // ---------------------------------------------------------------- state

    @Command(name = "state", description = "What a job remembers.")
    static final class State extends Family {
        @Command(name = "ls", description = "Lists the jobs that have state, or the steps and states of one.")
        int ls(@Parameters(paramLabel = "JOB", arity = "0..1") @Nullable String job, @Mixin Where where)
                throws StoreException {
            if (job == null) {
                Listing listing = where.listing("job", "directory");
                SavedState.jobs(where.root()).forEach(listing::add);
                listing.print();
                return 0;
            }
            Listing listing = where.listing("step", "what", "form");
            try (SavedJob saved = open(where, job, null)) {
                for (SavedStep step : saved.steps()) {
                    step.form().forEach((aspect, form) -> listing.add(step.name(), aspect, form));
                }
            }
            listing.print();
            return 0;
        }

        @Command(name = "stats", description = "How many rows each step has, and how much they take.")
        int stats(@Parameters(paramLabel = "JOB") String job, @Mixin Where where, @Mixin From from)
                throws StoreException {
            Listing listing = where.listing("step", "rows of", "rows", "bytes");
            try (SavedJob saved = open(where, job, from.copy)) {
                for (SavedStep step : saved.steps()) {
                    step.volumes()
                            .forEach((kind, volume) -> listing.add(step.name(), kind, volume.rows(), volume.bytes()));
                }
            }
            listing.print();
            return 0;
        }

        @Command(name = "get", description = "The states and timers of one key.")
        int get(
                @Parameters(paramLabel = "JOB") String job,
                @Parameters(paramLabel = "KEY", description = "As it is shown by scan.") String key,
                @Mixin Where where,
                @Mixin From from)
                throws StoreException {
            return show(where, job, from, key, Integer.MAX_VALUE) > 0 ? 0 : FAILED;
        }

        @Command(name = "scan", description = "The states and timers of all keys.")
        int scan(
                @Parameters(paramLabel = "JOB") String job,
                @Mixin Where where,
                @Mixin From from,
                @Option(
                                names = "--limit",
                                description = "How many at most. Default: ${DEFAULT-VALUE}",
                                defaultValue = "1000")
                        int limit)
                throws StoreException {
            show(where, job, from, null, limit);
            return 0;
        }

        private static int show(Where where, String job, From from, @Nullable String key, int limit)
                throws StoreException {
            Listing listing = where.listing("step", "window", "key", "state", "kind", "value");
            int[] shown = new int[1];
            try (SavedJob saved = open(where, job, from.copy)) {
                for (SavedStep step : saved.steps()) {
                    if (from.step != null && !step.name().contains(from.step)) {
                        continue;
                    }
                    saved.cells(step.name(), cell -> {
                        if (isShown(cell, key, from) && shown[0] < limit) {
                            shown[0]++;
                            listing.add(cell.step(), cell.window(), cell.key(), cell.name(), cell.kind(), cell.value());
                        }
                    });
                    saved.timers(step.name(), timer -> {
                        boolean wanted = (key == null || key.equals(String.valueOf(timer.key()))) && from.state == null;
                        if (wanted && shown[0] < limit) {
                            shown[0]++;
                            listing.add(
                                    timer.step(),
                                    timer.window(),
                                    timer.key(),
                                    timer.name(),
                                    timer.domain(),
                                    Instant.ofEpochMilli(timer.millis()));
                        }
                    });
                }
            }
            if (key != null && shown[0] == 0) {
                Console.failure("Key " + key + " has no state in job " + job
                        + ". Keys are written as ./tidemark state scan " + job + " shows them.");
                return 0;
            }
            listing.print();
            if (shown[0] == limit) {
                Console.detail("there may be more: --limit=" + limit);
            }
            return shown[0];
        }

        private static boolean isShown(SavedCell cell, @Nullable String key, From from) {
            return (key == null || key.equals(String.valueOf(cell.key())))
                    && (from.state == null || from.state.equals(cell.name()));
        }

        private static SavedJob open(Where where, String job, @Nullable String copy) throws StoreException {
            SavedState state =
                    copy == null ? SavedState.ofJob(where.root(), job) : SavedState.ofCopy(where.root(), job, copy);
            return new SavedJob(state, StoredForms::coder);
        }
    }

    /** Which part of a job's state. */
    static final class From {
        @Option(
                names = "--from",
                paramLabel = "EPOCH|PATH",
                description = "A checkpoint or a savepoint, instead of the newest state.")
        private @Nullable String copy;

        @Option(names = "--step", paramLabel = "NAME", description = "Only steps whose name contains this.")
        private @Nullable String step;

        @Option(names = "--state", paramLabel = "NAME", description = "Only the state of this name.")
        private @Nullable String state;
    }
}
