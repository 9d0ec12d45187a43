package dev.tidemark.processor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.annotation.processing.Processor;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/** Runs javac with the processors over sources held in memory. */
final class Compilations {
    private Compilations() {}

    private static final Path GROUPS = Path.of("src/test/java/dev/tidemark/processor/groups");

    /** The example groups, in the order of their names. */
    static List<Source> groups() {
        List<Source> sources = new ArrayList<>();
        try (Stream<Path> files = Files.list(GROUPS)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (!name.equals("package-info.java")) {
                    sources.add(new Source(
                            "dev.tidemark.processor.groups." + name.replace(".java", ""), Files.readString(file)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.copyOf(sources);
    }

    /** A source file. */
    record Source(String name, String text) {
        private JavaFileObject file() {
            return new SimpleJavaFileObject(
                    URI.create("string:///" + name.replace('.', '/') + ".java"), JavaFileObject.Kind.SOURCE) {
                @Override
                public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                    return text;
                }
            };
        }
    }

    /** What a diagnostic says, and where. */
    record Said(Diagnostic.Kind kind, long line, String message) {}

    /** What came of a compilation: diagnostics, and the generated sources by path. */
    record Outcome(List<Said> said, Map<String, String> generated) {}

    /** Compiles with every lint that generated code has to pass. */
    static Outcome compile(List<Source> sources) {
        return compile(sources, List.of());
    }

    /** The same with options of the processor. */
    static Outcome compile(List<Source> sources, List<String> options) {
        return compile(sources, options, List.of(new StatefulGroupProcessor(), new GroupNameProcessor()));
    }

    /** The same with other processors. */
    static Outcome compile(List<Source> sources, List<String> options, List<? extends Processor> processors) {
        List<String> all = new ArrayList<>(List.of(
                "-Xlint:all,-auxiliaryclass,-classfile,-path,-processing,-serial",
                "--release",
                "17",
                "-implicit:none"));
        all.addAll(options);
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        try (StandardJavaFileManager files =
                        javac.getStandardFileManager(diagnostics, Locale.ROOT, StandardCharsets.UTF_8);
                Output output = new Output(Files.createTempDirectory("tidemark-compilation-"))) {
            Path classes = Files.createDirectory(output.directory().resolve("classes"));
            Path generated = Files.createDirectory(output.directory().resolve("generated"));
            files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(classes));
            files.setLocationFromPaths(StandardLocation.SOURCE_OUTPUT, List.of(generated));
            JavaCompiler.CompilationTask task = javac.getTask(
                    null,
                    files,
                    diagnostics,
                    all,
                    null,
                    sources.stream().map(Source::file).toList());
            task.setProcessors(processors);
            task.call();
            List<Said> said = new ArrayList<>();
            for (Diagnostic<? extends JavaFileObject> each : diagnostics.getDiagnostics()) {
                said.add(new Said(each.getKind(), each.getLineNumber(), each.getMessage(Locale.ROOT)));
            }
            return new Outcome(List.copyOf(said), read(generated));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where a compilation writes: gone when it has been read, since a build makes thousands. */
    private record Output(Path directory) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            try (Stream<Path> walk = Files.walk(directory)) {
                for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private static Map<String, String> read(Path directory) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(directory)) {
            for (Path path : walk.filter(Files::isRegularFile).toList()) {
                texts.put(directory.relativize(path).toString().replace('\\', '/'), Files.readString(path));
            }
        }
        return texts;
    }
}
