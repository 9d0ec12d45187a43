package dev.tidemark.benchmarks.dsl;

import dev.tidemark.processor.GroupNameProcessor;
import dev.tidemark.processor.StatefulGroupProcessor;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.Completion;
import javax.annotation.processing.ProcessingEnvironment;
import javax.annotation.processing.Processor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/**
 * What generating costs: compiles copies of the four groups of the examples, 200 in all unless another number is given, with
 * the processors and without. The first run is the one that a build pays, with a compiler that is still cold. Told are
 * milliseconds of processor time of the compiling thread, so that a busy machine tells about the same as a quiet one.
 */
public final class CompileCost {
    private static final Path EXAMPLES = Path.of("examples/src/main/java/dev/tidemark/examples");
    private static final List<String> GROUPS = List.of("UserActivity", "CountWindow", "UserSessions", "BurstAlert");
    private static final int RUNS = 3;

    private CompileCost() {}

    /** Run at the root of the sources. */
    public static void main(String[] args) throws IOException {
        int number = args.length > 0 ? Integer.parseInt(args[0]) : 200;
        List<JavaFileObject> sources = sources(number);
        System.out.println(number + " groups, milliseconds of processor time");
        System.out.printf(
                Locale.ROOT,
                "%-10s%14s%14s%14s%14s%10s%10s%12s%n",
                "run",
                "our processors",
                "-proc:only",
                "with all",
                "-proc:none",
                "rounds",
                "files",
                "characters");
        for (int run = 1; run <= RUNS; run++) {
            Path directory = Files.createTempDirectory("compile-cost");
            Path generated = Files.createDirectory(directory.resolve("generated"));
            Timed only = new Timed(new StatefulGroupProcessor());
            Timed onlyNames = new Timed(new GroupNameProcessor());
            long processing = compile(sources, generated, directory, List.of("-proc:only"), List.of(only, onlyNames));
            List<JavaFileObject> both = new ArrayList<>(sources);
            long characters = 0;
            for (Path file : files(generated)) {
                String text = Files.readString(file);
                characters += text.length();
                both.add(new Text(generated.relativize(file).toString(), text));
            }
            long without = compile(both, directory, directory, List.of("-proc:none"), List.of());
            Path again = Files.createDirectory(directory.resolve("again"));
            long with = compile(
                    sources,
                    again,
                    directory,
                    List.of(),
                    List.of(new StatefulGroupProcessor(), new GroupNameProcessor()));
            System.out.printf(
                    Locale.ROOT,
                    "%-10d%14d%14d%14d%14d%10d%10d%12d%n",
                    run,
                    (only.nanos + onlyNames.nanos) / 1_000_000,
                    processing / 1_000_000,
                    with / 1_000_000,
                    without / 1_000_000,
                    only.rounds,
                    both.size() - sources.size(),
                    characters);
            delete(directory);
        }
    }

    private static List<JavaFileObject> sources(int number) throws IOException {
        List<JavaFileObject> sources = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            String group = GROUPS.get(i % GROUPS.size());
            String text = Files.readString(EXAMPLES.resolve(group + ".java"))
                    .replace("class " + group, "class " + group + i)
                    .replaceAll("name = \"([a-z-]+)\"", "name = \"$1-" + i + "\"")
                    .replace("package dev.tidemark.examples;", "package compiled.p" + i % 20 + ";");
            sources.add(new Text("compiled/p" + i % 20 + "/" + group + i + ".java", text));
        }
        return sources;
    }

    private static long compile(
            List<JavaFileObject> sources,
            Path generated,
            Path classes,
            List<String> options,
            List<? extends Processor> processors)
            throws IOException {
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = javac.getStandardFileManager(said, Locale.ROOT, StandardCharsets.UTF_8)) {
            files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(classes));
            files.setLocationFromPaths(StandardLocation.SOURCE_OUTPUT, List.of(generated));
            List<String> all = new ArrayList<>(options);
            all.addAll(List.of("--release", "17", "-implicit:none"));
            long before = cpuNanos();
            JavaCompiler.CompilationTask task = javac.getTask(null, files, said, all, null, sources);
            if (!processors.isEmpty()) {
                task.setProcessors(processors);
            }
            if (!task.call()) {
                throw new IllegalStateException("does not compile: " + said.getDiagnostics());
            }
            return cpuNanos() - before;
        }
    }

    /** Of this thread, which javac does all of its work on: other work on the machine does not count. */
    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            return walk.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** A source in memory. */
    private static final class Text extends SimpleJavaFileObject {
        private final String text;

        Text(String path, String text) {
            super(URI.create("string:///" + path), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    /** A processor with a watch: what is spent in it, and not in javac. */
    private static final class Timed extends AbstractProcessor {
        private final Processor processor;
        private long nanos;
        private int rounds;

        Timed(Processor processor) {
            this.processor = processor;
        }

        @Override
        public synchronized void init(ProcessingEnvironment environment) {
            processor.init(environment);
        }

        @Override
        public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
            long before = cpuNanos();
            processor.process(annotations, round);
            nanos += cpuNanos() - before;
            rounds++;
            return false;
        }

        @Override
        public Set<String> getSupportedOptions() {
            return processor.getSupportedOptions();
        }

        @Override
        public Set<String> getSupportedAnnotationTypes() {
            return processor.getSupportedAnnotationTypes();
        }

        @Override
        public SourceVersion getSupportedSourceVersion() {
            return processor.getSupportedSourceVersion();
        }

        @Override
        public Iterable<? extends Completion> getCompletions(
                Element element, AnnotationMirror annotation, ExecutableElement member, String userText) {
            return processor.getCompletions(element, annotation, member, userText);
        }
    }
}
