package dev.tidemark.runner.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** A disk at which somebody may look before each step that changes it, and in the middle of those that write. */
final class WatchedDisk implements Disk {
    /** Is shown each step before it is done. */
    interface Watch {
        /** Half of the step, {@link Half#NONE} where it cannot be cut in two, is done on whatever copy it is given. */
        void before(String step, Half half) throws IOException;
    }

    /** A part of a step, on a copy of what it would change. */
    interface Half {
        Half NONE = (to, where) -> {};

        void on(Disk to, Where where) throws IOException;
    }

    /** Where in a copy a file is. */
    interface Where {
        Path of(Path file);
    }

    private final Disk disk;
    private final Watch watch;

    WatchedDisk(Disk disk, Watch watch) {
        this.disk = disk;
        this.watch = watch;
    }

    @Override
    public Kind kind(Path path) throws IOException {
        return disk.kind(path);
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        return disk.list(directory);
    }

    @Override
    public byte[] read(Path file, int most) throws IOException {
        return disk.read(file, most);
    }

    @Override
    public byte[] read(Path file, long position, int most) throws IOException {
        return disk.read(file, position, most);
    }

    @Override
    public FileSum sum(Path file) throws IOException {
        return disk.sum(file);
    }

    @Override
    public long modifiedMillis(Path path) throws IOException {
        return disk.modifiedMillis(path);
    }

    @Override
    public void makeDirectory(Path directory) throws IOException {
        watch.before("make directory " + directory, Half.NONE);
        disk.makeDirectory(directory);
    }

    @Override
    public void create(Path file, byte[] content) throws IOException {
        watch.before(
                "create " + file, (to, where) -> to.create(where.of(file), Arrays.copyOf(content, content.length / 2)));
        disk.create(file, content);
    }

    @Override
    public void overwrite(Path file, long position, byte[] bytes) throws IOException {
        watch.before(
                "overwrite " + file,
                (to, where) -> to.overwrite(where.of(file), position, Arrays.copyOf(bytes, bytes.length / 2)));
        disk.overwrite(file, position, bytes);
    }

    @Override
    public void sync(Path fileOrDirectory) throws IOException {
        disk.sync(fileOrDirectory);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        watch.before("rename " + from + " to " + to, Half.NONE);
        disk.rename(from, to);
    }

    @Override
    public void link(Path file, Path name) throws IOException {
        watch.before("link " + name, Half.NONE);
        disk.link(file, name);
    }

    @Override
    public void copy(Path file, Path copy) throws IOException {
        watch.before("copy " + copy, (to, where) -> {
            byte[] content = disk.read(file, Integer.MAX_VALUE);
            to.create(where.of(copy), Arrays.copyOf(content, content.length / 2));
        });
        disk.copy(file, copy);
    }

    @Override
    public void delete(Path path) throws IOException {
        if (disk.kind(path) != Kind.NOTHING) {
            watch.before("delete " + path, Half.NONE);
        }
        disk.delete(path);
    }

    @Override
    public void makePrivate(Path path) throws IOException {
        watch.before("make private " + path, Half.NONE);
        disk.makePrivate(path);
    }
}
