package dev.tidemark.runner.conformance;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.experimental.runners.Enclosed;
import org.junit.runner.RunWith;

/** Beam's own tests of runners, as they are in two of its jars on the class path, run in JVMs of their own. */
final class Suite {
    /** What needs another process or service, which a runner cannot bring. */
    private static final List<String> EXCLUDED_TAGS = List.of(
            "org.apache.beam.sdk.testing.UsesSdkHarnessEnvironment", "org.apache.beam.sdk.testing.UsesExternalService");

    private static final int LIMIT_SECONDS = Integer.getInteger("conformance.limitSeconds", 120);
    private static final int FORKS = Integer.getInteger("conformance.forks", 2);

    private final String tag;
    private final Mode mode;
    private final Choice choice;
    private final Path directory;

    /**
     * @param tag the category that the tests must have
     * @param choice which of them to run, and how often
     */
    Suite(String tag, Mode mode, Choice choice, Path directory) {
        this.tag = tag;
        this.mode = mode;
        this.choice = choice;
        this.directory = directory;
    }

    /** Runs the tests, and returns what came of each, in the order of their names. */
    List<Outcome> run() throws IOException, InterruptedException {
        Files.createDirectories(directory);
        List<String> classes = testClasses(choice.classes());
        List<Fork> forks = new ArrayList<>();
        for (int i = 0; i < FORKS; i++) {
            List<String> part = new ArrayList<>();
            for (int c = i; c < classes.size(); c += FORKS) {
                part.add(classes.get(c));
            }
            forks.add(new Fork(directory.resolve(mode + "-" + i), part));
        }
        for (Fork fork : forks) {
            fork.begin();
        }
        List<Outcome> outcomes = new ArrayList<>();
        for (Fork fork : forks) {
            outcomes.addAll(fork.end());
        }
        outcomes.sort(Comparator.comparing(Outcome::test));
        return outcomes;
    }

    /** What came of the tests in the last run of a mode, as far as it was written down. */
    static List<Outcome> left(Mode mode, Path directory) throws IOException {
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < FORKS; i++) {
            outcomes.addAll(Outcome.read(directory.resolve(mode + "-" + i + ".tsv")));
        }
        return outcomes;
    }

    /** The classes of tests in Beam's jars whose names match; which tests of them are run is a matter of tags. */
    static List<String> testClasses(String pattern) throws IOException {
        TreeSet<String> names = new TreeSet<>();
        for (Path jar : classPath()) {
            String file = String.valueOf(jar.getFileName());
            if (file.startsWith("beam-") && file.endsWith("-tests.jar")) {
                try (JarFile opened = new JarFile(jar.toFile())) {
                    opened.stream()
                            .map(entry -> entry.getName())
                            .filter(name -> name.matches("org/apache/beam/.*(Tests?|IT)\\.class"))
                            .map(name -> name.substring(0, name.length() - 6).replace('/', '.'))
                            .filter(name -> name.matches(pattern))
                            .filter(Suite::runsByItself)
                            .forEach(names::add);
                }
            }
        }
        names.removeAll(excluded().keySet());
        if (names.isEmpty()) {
            throw new IllegalStateException("none of Beam's test jars is on the class path");
        }
        return List.copyOf(names);
    }

    /** Classes that cannot be run here, with the reason. */
    static Map<String, String> excluded() throws IOException {
        Map<String, String> excluded = new LinkedHashMap<>();
        for (String[] columns : rows("excluded.tsv")) {
            excluded.put(columns[0], columns[1]);
        }
        return excluded;
    }

    /** The rows of a file of this suite, without its comments. */
    static List<String[]> rows(String file) throws IOException {
        return Files.readAllLines(Path.of("src", "test", "conformance", file), StandardCharsets.UTF_8).stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("\t", -1))
                .toList();
    }

    /** Nested classes of tests are run by the class around them where that says so, else by themselves. */
    private static boolean runsByItself(String name) {
        int nested = name.indexOf('$');
        if (nested < 0) {
            return true;
        }
        try {
            RunWith around = Class.forName(name.substring(0, nested), false, Suite.class.getClassLoader())
                    .getAnnotation(RunWith.class);
            return around == null || around.value() != Enclosed.class;
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("a class that is in a jar of the class path is not found: " + name, e);
        }
    }

    private static List<Path> classPath() {
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path", ""));
        return Arrays.stream(path.split(File.pathSeparator, -1)).map(Path::of).toList();
    }

    /** A JVM that runs a part of the tests, and another one for the rest each time it did not survive one. */
    private final class Fork {
        private static final int MOST_ATTEMPTS = 20;

        private final Path results;
        private final Path done;
        private final Path log;
        private final List<String> classes;
        private Process process;

        Fork(Path base, List<String> classes) throws IOException {
            this.results = Path.of(base + ".tsv");
            this.done = Path.of(base + ".done");
            this.log = Path.of(base + ".log");
            this.classes = classes;
            Files.deleteIfExists(results);
            Files.deleteIfExists(SuiteRun.running(results));
            Files.deleteIfExists(done);
            Files.deleteIfExists(log);
        }

        private void begin() throws IOException {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-ea",
                    "-XX:+ExitOnOutOfMemoryError",
                    // For keys of 100 MB, which are encoded for the checks, too.
                    "-Xmx" + System.getProperty("conformance.heap", "10g"),
                    "-DbeamTestPipelineOptions=" + mode.json(),
                    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                    "-cp",
                    classPath().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)),
                    SuiteRun.class.getName(),
                    results.toString(),
                    Integer.toString(LIMIT_SECONDS),
                    tag,
                    String.join(",", EXCLUDED_TAGS),
                    choice.pattern(),
                    done.toString(),
                    Integer.toString(choice.repeat()),
                    choice.about()));
            command.addAll(classes);
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        }

        private List<Outcome> end() throws IOException, InterruptedException {
            for (int attempt = 1; process.waitFor() != 0; attempt++) {
                if (attempt == MOST_ATTEMPTS) {
                    throw new IllegalStateException("the tests end their JVM again and again: see " + log);
                }
                List<String> tests = new ArrayList<>(
                        Outcome.read(results).stream().map(Outcome::test).toList());
                Path running = SuiteRun.running(results);
                if (Files.exists(running)) {
                    String last = Files.readString(running, StandardCharsets.UTF_8);
                    Outcome outcome = new Outcome(last, Outcome.Kind.FAILED, 0, true, "it ended its JVM: see " + log);
                    Files.writeString(
                            results,
                            outcome.line(),
                            StandardCharsets.UTF_8,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.APPEND);
                    tests.add(last);
                }
                Files.write(done, tests);
                begin();
            }
            return Outcome.read(results);
        }
    }
}
