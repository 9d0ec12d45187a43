package dev.tidemark.examples;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/** The Java half of the {@code tidemark} command, which has found Java and the class path already. */
public final class Launcher {
    private Launcher() {}

    /** Arguments: a command, and those of the command. */
    public static void main(String[] args) {
        String[] rest = Arrays.copyOfRange(args, Math.min(1, args.length), args.length);
        System.exit(
                switch (args.length == 0 ? "run" : args[0]) {
                    case "demo" -> Demo.run(rest);
                    case "checkpoints", "savepoint", "state" -> StateCommands.run(args);
                    default -> Program.guarded(() -> run(rest));
                });
    }

    /** Starts a main method on TidemarkRunner; what it starts with {@code --runner=…} keeps that. */
    private static int run(String[] args) throws Exception {
        if (args.length == 0) {
            throw ExampleException.usage(
                    "TM-OPTION-006",
                    "Cannot run anything",
                    "it is not said what",
                    "Write ./tidemark run UserSessions (or another example), a class with a main method, or a jar.");
        }
        List<String> options = new ArrayList<>(Arrays.asList(args).subList(1, args.length));
        options.remove("--");
        options.addAll(Program.defaults(options));
        Class<?> main = args[0].endsWith(".jar") ? mainOfJar(args[0]) : named(args[0]);
        Thread.currentThread().setContextClassLoader(main.getClassLoader());
        try {
            main.getMethod("main", String[].class).invoke(null, (Object) options.toArray(String[]::new));
            return 0;
        } catch (NoSuchMethodException e) {
            throw ExampleException.input(
                    "TM-RUN-002",
                    "Cannot run " + main.getName(),
                    "it has no public static void main(String[])",
                    "Name the class that has.");
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception thrown) {
                throw thrown;
            }
            throw e;
        }
    }

    private static Class<?> named(String name) {
        for (String candidate : List.of(name, Launcher.class.getPackageName() + "." + name + "Example")) {
            try {
                return Class.forName(candidate);
            } catch (ClassNotFoundException e) {
                Console.debug("no class " + candidate);
            }
        }
        throw ExampleException.input(
                "TM-RUN-002",
                "Cannot run " + name,
                "there is no such example and no such class on the class path",
                "The examples are UserSessions, CountWindow, UserActivity, BurstAlert and ActivityCounts; a class is written with its package.");
    }

    private static Class<?> mainOfJar(String name) throws IOException, ClassNotFoundException {
        Path path = Path.of(name);
        if (!Files.isRegularFile(path)) {
            throw ExampleException.input(
                    "TM-RUN-002",
                    "Cannot run " + name,
                    "there is no file at " + path.toAbsolutePath(),
                    "Write the path of a jar whose manifest has a Main-Class.");
        }
        String main;
        try (JarFile jar = new JarFile(new File(name))) {
            Manifest manifest = jar.getManifest();
            main = manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.MAIN_CLASS);
        } catch (java.util.zip.ZipException e) {
            throw ExampleException.input(
                    "TM-RUN-002", "Cannot run " + name, "it is not a jar", "Build it again, or name another.");
        }
        if (main == null) {
            throw ExampleException.input(
                    "TM-RUN-002",
                    "Cannot run " + name,
                    "its manifest has no Main-Class",
                    "Say which class to run when you build the jar, or run the class by its name.");
        }
        // Open for as long as the program runs.
        @SuppressWarnings("resource")
        URLClassLoader loader = new URLClassLoader(new URL[] {path.toUri().toURL()}, Launcher.class.getClassLoader());
        return Class.forName(main, true, loader);
    }
}
