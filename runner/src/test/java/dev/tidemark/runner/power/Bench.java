package dev.tidemark.runner.power;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/**
 * Where disks are taken apart: a directory in memory, in whose name is the process that it belongs to. Whatever is mounted beneath it
 * goes with it, also when the process ends early; what a process that was killed has left, the next one clears away.
 */
public final class Bench implements AutoCloseable {
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final String PREFIX = "tidemark-power-";
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final Path directory;
    private final Thread atExit = new Thread(this::clearAtExit);

    private Bench(Path directory) {
        this.directory = directory;
    }

    /**
     * Sets up a bench.
     *
     * @throws TestAbortedException where this machine, or this user, cannot; with {@code -Dpowerloss.required=true} that is a failure
     */
    public static Bench open() throws IOException {
        List<String> missing = missing();
        if (!missing.isEmpty()) {
            String why = "POWER LOSS IS NOT TRIED HERE: " + String.join("; ", missing);
            System.err.println(why);
            if (Boolean.getBoolean("powerloss.required")) {
                throw new AssertionError(why);
            }
            throw new TestAbortedException(why);
        }
        clearLeftovers();
        Path directory = MEMORY.resolve(PREFIX + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet());
        Bench bench = new Bench(Files.createDirectory(directory));
        Runtime.getRuntime().addShutdownHook(bench.atExit);
        return bench;
    }

    Path path(String name) {
        return directory.resolve(name);
    }

    Path makeDirectory(String name) throws IOException {
        return Files.createDirectories(directory.resolve(name));
    }

    private static List<String> missing() throws IOException {
        List<String> missing = new ArrayList<>();
        if (!Files.isDirectory(Path.of("/proc/self"))) {
            missing.add("this is not Linux");
            return missing;
        }
        if (!Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
            missing.add("only root may mount");
        }
        for (Path device : List.of(Path.of("/dev/fuse"), Path.of("/dev/loop-control"), MEMORY)) {
            if (!Files.isWritable(device)) {
                missing.add("no " + device);
            }
        }
        for (String program : List.of("python3", "mkfs.ext4", "mount", "umount", "cp", "gcc")) {
            if (!Programs.isHere(program)) {
                missing.add("no " + program);
            }
        }
        if (missing.isEmpty()) {
            // A container's root may not mount either.
            Path probe = Files.createTempDirectory("tidemark-power-probe-");
            try {
                Programs.run("mount", "-t", "tmpfs", "probe", probe.toString());
                Programs.run("umount", probe.toString());
            } catch (IOException e) {
                missing.add("root may not mount here: " + e.getMessage());
            } finally {
                Files.delete(probe);
            }
        }
        return missing;
    }

    private static void clearLeftovers() throws IOException {
        try (Stream<Path> all = Files.list(MEMORY)) {
            for (Path each : all.toList()) {
                String name = each.getFileName().toString();
                if (name.matches(PREFIX + "[0-9]+-[0-9]+")) {
                    long pid = Long.parseLong(name.substring(PREFIX.length(), name.lastIndexOf('-')));
                    Optional<ProcessHandle> owner = ProcessHandle.of(pid);
                    if (owner.isEmpty()) {
                        System.err.println("power loss: clears away what process " + pid + " has left");
                        clear(each);
                    }
                }
            }
        }
    }

    /** The last that was mounted goes first: it may lie on one before. */
    private static void clear(Path directory) throws IOException {
        List<String> mounted = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"), StandardCharsets.UTF_8)) {
            String place = line.split(" ", -1)[4];
            if (place.startsWith(directory + "/")) {
                mounted.add(place);
            }
        }
        Collections.reverse(mounted);
        for (String place : mounted) {
            // Whoever still has a file open there keeps it until he closes it.
            Programs.run("umount", "-l", place);
        }
        if (Files.exists(directory)) {
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    private void clearAtExit() {
        try {
            clear(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        Runtime.getRuntime().removeShutdownHook(atExit);
        clear(directory);
    }
}
