package dev.tidemark.runner.conformance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestExecutionResult;
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
    private final Map<String, Long> began = new HashMap<>();

    private @Nullable String current;
    private @Nullable Thread testThread;
    private long deadline;
    private boolean interrupted;

    private SuiteRun(Path results, long limitMillis) {
        this.results = results;
        this.limitMillis = limitMillis;
    }

    /**
     * Runs the tests.
     *
     * @param args the file to append results to; the time limit in seconds; the tags, separated by commas; the excluded tags; a
     *     pattern that a test's name must match; a file with the names of tests that are not to be run; the classes
     */
    public static void main(String[] args) throws IOException {
        SuiteRun run = new SuiteRun(Path.of(args[0]), TimeUnit.SECONDS.toMillis(Long.parseLong(args[1])));
        Pattern wanted = Pattern.compile(args[4]);
        List<String> done = Files.exists(Path.of(args[5])) ? Files.readAllLines(Path.of(args[5])) : List.of();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(List.of(args).subList(6, args.length).stream()
                        .map(DiscoverySelectors::selectClass)
                        .toList())
                .filters(
                        TagFilter.includeTags(args[2].split(",", -1)),
                        TagFilter.excludeTags(args[3].split(",", -1)),
                        (PostDiscoveryFilter) test -> {
                            if (!(test.getSource().orElse(null) instanceof MethodSource method)) {
                                return FilterResult.included("not a test");
                            }
                            String name = name(method, test.getDisplayName());
                            boolean takes = wanted.matcher(name).find() && !done.contains(name);
                            return FilterResult.includedIf(takes);
                        })
                .build();
        Thread watch = new Thread(run::watch, "time limit");
        watch.setDaemon(true);
        watch.start();
        Launcher launcher = LauncherFactory.create();
        launcher.execute(request, run.new Listener());
        System.exit(0);
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
            name(identifier).ifPresent(SuiteRun.this::begin);
        }

        @Override
        public void executionSkipped(TestIdentifier identifier, String reason) {
            name(identifier).ifPresent(test -> end(test, Outcome.Kind.SKIPPED, reason));
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
                write(new Outcome(identifier.getLegacyReportingName(), Outcome.Kind.FAILED, 0, firstLine(reason)));
            }
        }
    }

    private synchronized void begin(String test) {
        System.out.println("▸ " + test);
        began.put(test, System.nanoTime());
        current = test;
        testThread = Thread.currentThread();
        deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMillis);
        interrupted = false;
    }

    private synchronized void end(String test, Outcome.Kind kind, String reason) {
        long since = Objects.requireNonNullElse(began.remove(test), System.nanoTime());
        Outcome.Kind asSeen = interrupted && test.equals(current) ? Outcome.Kind.HUNG : kind;
        write(new Outcome(test, asSeen, (System.nanoTime() - since) / 1_000_000, firstLine(reason)));
        current = null;
        if (interrupted) {
            // The interrupt must not reach the next test.
            interrupted = Thread.interrupted();
        }
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("").replace('\t', ' ');
    }

    private void write(Outcome outcome) {
        System.out.println("  " + outcome);
        try {
            Files.writeString(
                    results,
                    outcome.line(),
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new IllegalStateException("cannot write " + results, e);
        }
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(200);
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void look() {
        Thread thread = testThread;
        String test = current;
        if (test == null || thread == null || System.nanoTime() < deadline) {
            return;
        }
        if (interrupted) {
            write(new Outcome(test, Outcome.Kind.HUNG, limitMillis, "it did not let go when it was interrupted"));
            Runtime.getRuntime().halt(3);
        }
        System.out.println("✗ " + test + " has exceeded its " + limitMillis + " ms; all threads:");
        Thread.getAllStackTraces().forEach((each, stack) -> {
            if (stack.length > 0 && !each.getName().equals("time limit")) {
                System.out.println("\"" + each.getName() + "\" " + each.getState());
                for (StackTraceElement frame : stack) {
                    System.out.println("    at " + frame);
                }
            }
        });
        interrupted = true;
        deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LET_GO_MILLIS);
        thread.interrupt();
    }
}
