package dev.tidemark.runner.conformance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestTag;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs tests of Beam's in this JVM, one after the other, each within a time limit, and writes a line about each to a file as
 * soon as it is over. A test that exceeds the limit is interrupted after its threads have been printed; if it does not let go
 * then, the JVM ends, and whoever started it goes on with the rest.
 */
public final class SuiteRun {
    private static final long LET_GO_MILLIS = 30_000;

    private final Path results;
    private final long limitMillis;
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "time limit");
        thread.setDaemon(true);
        return thread;
    });

    private @Nullable Running current;

    /** The test that runs, and what will happen to it when its time is over. */
    private static final class Running {
        final String test;
        final boolean validatesRunner;
        final Thread thread = Thread.currentThread();
        final long began = System.nanoTime();
        Future<?> limit = CompletableFuture.completedFuture(null);
        boolean interrupted;

        Running(String test, boolean validatesRunner) {
            this.test = test;
            this.validatesRunner = validatesRunner;
        }

        long millis() {
            return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        }
    }

    private SuiteRun(Path results, long limitMillis) {
        this.results = results;
        this.limitMillis = limitMillis;
    }

    /**
     * Runs the tests.
     *
     * @param args the file to append results to; the time limit in seconds; the tags, separated by commas; the excluded tags; a
     *     pattern that a test's name must match; a file with the names of tests that have been run, a line each time; how often
     *     to run every test; further tags, of which a test must have one unless there are none; the classes
     */
    public static void main(String[] args) throws IOException {
        SuiteRun run = new SuiteRun(Path.of(args[0]), TimeUnit.SECONDS.toMillis(Long.parseLong(args[1])));
        Pattern wanted = Pattern.compile(args[4]);
        List<String> done = Files.exists(Path.of(args[5])) ? Files.readAllLines(Path.of(args[5])) : List.of();
        Launcher launcher = LauncherFactory.create();
        for (int round = 0; round < Integer.parseInt(args[6]); round++) {
            int doneBefore = round;
            launcher.execute(
                    request(
                            args,
                            test -> wanted.matcher(test).find() && Collections.frequency(done, test) <= doneBefore),
                    run.new Listener());
        }
        System.exit(0);
    }

    private static LauncherDiscoveryRequest request(String[] args, Predicate<String> wanted) {
        LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request()
                .selectors(List.of(args).subList(8, args.length).stream()
                        .map(DiscoverySelectors::selectClass)
                        .toList())
                .filters(
                        TagFilter.includeTags(args[2].split(",", -1)),
                        TagFilter.excludeTags(args[3].split(",", -1)),
                        (PostDiscoveryFilter) test -> {
                            if (!(test.getSource().orElse(null) instanceof MethodSource method)) {
                                return FilterResult.included("not a test");
                            }
                            return FilterResult.includedIf(wanted.test(name(method, test.getDisplayName())));
                        });
        if (!args[7].isEmpty()) {
            request.filters(TagFilter.includeTags(args[7].split(",", -1)));
        }
        return request.build();
    }

    private static String name(MethodSource method, String displayName) {
        String type = method.getClassName();
        return type.substring(type.lastIndexOf('.') + 1) + "." + displayName.replace('\t', ' ');
    }

    private static Optional<String> name(TestIdentifier test) {
        return test.isTest() && test.getSource().orElse(null) instanceof MethodSource method
                ? Optional.of(name(method, test.getDisplayName()))
                : Optional.empty();
    }

    private final class Listener implements TestExecutionListener {
        @Override
        public void executionStarted(TestIdentifier identifier) {
            name(identifier).ifPresent(test -> begin(test, validatesRunner(identifier)));
        }

        @Override
        public void executionSkipped(TestIdentifier identifier, String reason) {
            name(identifier).ifPresent(test -> skip(test, validatesRunner(identifier), reason));
        }

        @Override
        public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
            String reason = result.getThrowable().map(Object::toString).orElse("");
            result.getThrowable().ifPresent(failure -> failure.printStackTrace());
            Optional<String> test = name(identifier);
            if (test.isPresent()) {
                Outcome.Kind kind = switch (result.getStatus()) {
                    case SUCCESSFUL -> Outcome.Kind.PASSED;
                    case ABORTED -> Outcome.Kind.SKIPPED;
                    case FAILED -> Outcome.Kind.FAILED;
                };
                end(test.get(), kind, reason);
            } else if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                // A class that cannot be loaded or set up: its tests have not run, and nobody else would say so.
                write(new Outcome(
                        identifier.getLegacyReportingName(), Outcome.Kind.FAILED, 0, true, firstLine(reason)));
            }
        }
    }

    private static boolean validatesRunner(TestIdentifier test) {
        return Outcome.validatesRunner(
                test.getTags().stream().map(TestTag::getName).collect(Collectors.toSet()));
    }

    private synchronized void begin(String test, boolean validatesRunner) {
        System.out.println("▸ " + test);
        put(running(results), test, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
        Running begun = new Running(test, validatesRunner);
        begun.limit = watch.schedule(() -> interrupt(begun), limitMillis, TimeUnit.MILLISECONDS);
        current = begun;
    }

    private synchronized void end(String test, Outcome.Kind kind, String reason) {
        Running ended = current;
        if (ended == null) {
            throw new IllegalStateException(test + " has ended without having begun");
        }
        current = null;
        ended.limit.cancel(false);
        write(new Outcome(
                test,
                ended.interrupted ? Outcome.Kind.HUNG : kind,
                ended.millis(),
                ended.validatesRunner,
                firstLine(reason)));
        // Where it was interrupted, the next test must not notice.
        Thread.interrupted();
    }

    private synchronized void skip(String test, boolean validatesRunner, String reason) {
        write(new Outcome(test, Outcome.Kind.SKIPPED, 0, validatesRunner, firstLine(reason)));
    }

    /** The file that says which test runs, and is there only while one does: what a JVM that was ended cannot say any more. */
    static Path running(Path results) {
        return Path.of(results + ".running");
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("").replace('\t', ' ');
    }

    private void write(Outcome outcome) {
        System.out.println("  " + outcome);
        put(results, outcome.line(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        try {
            Files.deleteIfExists(running(results));
        } catch (IOException e) {
            throw new IllegalStateException("cannot delete " + running(results), e);
        }
    }

    private static void put(Path file, String text, OpenOption... how) {
        try {
            Files.writeString(file, text, StandardCharsets.UTF_8, how);
        } catch (IOException e) {
            throw new IllegalStateException("cannot write " + file, e);
        }
    }

    private synchronized void interrupt(Running late) {
        if (late != current) {
            return;
        }
        System.out.println("✗ " + late.test + " has exceeded its " + limitMillis + " ms; all threads:");
        Thread.getAllStackTraces().forEach((each, stack) -> {
            System.out.println("\"" + each.getName() + "\" " + each.getState());
            for (StackTraceElement frame : stack) {
                System.out.println("    at " + frame);
            }
        });
        late.interrupted = true;
        late.limit = watch.schedule(() -> giveUp(late), LET_GO_MILLIS, TimeUnit.MILLISECONDS);
        late.thread.interrupt();
    }

    private synchronized void giveUp(Running late) {
        if (late == current) {
            write(new Outcome(
                    late.test,
                    Outcome.Kind.HUNG,
                    late.millis(),
                    late.validatesRunner,
                    "it did not let go when it was interrupted"));
            Runtime.getRuntime().halt(3);
        }
    }
}
