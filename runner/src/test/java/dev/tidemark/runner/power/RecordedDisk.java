package dev.tidemark.runner.power;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An ext4 on a disk that writes down what it is told: a file that a recorder provides by FUSE, and a loop device on it. The kernel
 * writes to such a file at once, and hands each flush of the file system down to it.
 */
public final class RecordedDisk implements AutoCloseable {
    private static final long SECONDS = 60;

    private final Path base;
    private final Path log;
    private final Path fuse;
    private final Path content;
    private final Path mount;
    private final Process recorder;
    private final List<Recording.Mark> marks = new ArrayList<>();

    private RecordedDisk(Path base, Path log, Path fuse, Path content, Path mount, Process recorder) {
        this.base = base;
        this.log = log;
        this.fuse = fuse;
        this.content = content;
        this.mount = mount;
        this.recorder = recorder;
    }

    /**
     * What a disk begins as: a file system.
     *
     * @param announced the newest epoch of which somebody has heard that it is there
     */
    public record Beginning(Path image, long announced) {}

    /** An empty file system. */
    public static Beginning format(Bench bench) throws IOException {
        Path image = bench.path("empty");
        // What a disk would do when it is idle is done at once: there is no time for it later. Few inodes keep it
        // small.
        Programs.run(
                "mkfs.ext4",
                "-q",
                "-F",
                "-b",
                "4096",
                "-N",
                "4096",
                "-J",
                "size=8",
                "-E",
                "lazy_itable_init=0,lazy_journal_init=0,nodiscard",
                image.toString(),
                "192M");
        return new Beginning(image, 0);
    }

    /** Mounts a file system, which is left as it is: what is written goes to a copy. */
    public static RecordedDisk mount(Bench bench, Beginning beginning) throws IOException {
        Path base = bench.path("base");
        Programs.run("cp", "--sparse=always", beginning.image().toString(), base.toString());
        Path content = bench.path("content");
        Programs.run("cp", "--sparse=always", base.toString(), content.toString());
        Path log = bench.path("log");
        Files.deleteIfExists(log);
        Path script = bench.path("recorder.py");
        try (InputStream in = RecordedDisk.class.getResourceAsStream("recorder.py")) {
            if (in == null) {
                throw new IOException("no recorder.py beside this class");
            }
            Files.copy(in, script, StandardCopyOption.REPLACE_EXISTING);
        }
        Path fuse = bench.makeDirectory("fuse");
        Path mount = bench.makeDirectory("disk");
        Process recorder = new ProcessBuilder(
                        "python3", script.toString(), content.toString(), log.toString(), fuse.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        RecordedDisk disk = new RecordedDisk(base, log, fuse, content, mount, recorder);
        disk.marks.add(new Recording.Mark(0, beginning.announced()));
        boolean mounted = false;
        try {
            BufferedReader said = recorder.inputReader(StandardCharsets.UTF_8);
            String line = said.readLine();
            if (!"ready".equals(line)) {
                throw new IOException("the recorder says " + line);
            }
            Programs.run("mount", "-o", "loop", fuse.resolve("disk").toString(), mount.toString());
            mounted = true;
            return disk;
        } finally {
            if (!mounted) {
                recorder.destroyForcibly();
            }
        }
    }

    /** The directory that is on the disk. */
    public Path directory() {
        return mount;
    }

    /** How much the disk has been told so far. */
    private long position() throws IOException {
        return Files.size(log);
    }

    /** Notes that an epoch has been announced, and so must be there whenever the power goes from now on. */
    public void mark(long epoch) throws IOException {
        marks.add(new Recording.Mark(position(), epoch));
    }

    /** Up to now. */
    public Recording recording() throws IOException {
        return new Recording(base, mount, DiskLog.read(log, position()), marks);
    }

    /** Unmounts; nobody may use the directory any more. */
    @Override
    public void close() throws IOException {
        try {
            Programs.unmount(mount);
            Programs.unmount(fuse);
            if (!recorder.waitFor(SECONDS, TimeUnit.SECONDS) || recorder.exitValue() != 0) {
                throw new IOException("the recorder did not end as it should");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            recorder.destroyForcibly();
            Files.deleteIfExists(content);
        }
    }
}
