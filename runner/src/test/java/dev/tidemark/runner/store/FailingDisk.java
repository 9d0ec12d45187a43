package dev.tidemark.runner.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** A disk whose {@code at}-th step fails: once, or all from there on. Of what was to be written then, half is there. */
final class FailingDisk implements Disk {
    private final Disk disk = Disk.local();
    private int at = Integer.MAX_VALUE;
    private boolean forGood;
    private int steps;

    void failAt(int step, boolean andEverAfter) {
        at = step;
        forGood = andEverAfter;
        steps = 0;
    }

    int steps() {
        return steps;
    }

    private boolean isDue() {
        steps++;
        return steps == at || (forGood && steps > at);
    }

    private void step() throws IOException {
        if (isDue()) {
            throw new IOException("Input/output error (step " + steps + ")");
        }
    }

    @Override
    public Kind kind(Path path) throws IOException {
        return disk.kind(path);
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        step();
        return disk.list(directory);
    }

    @Override
    public byte[] read(Path file, int most) throws IOException {
        step();
        return disk.read(file, most);
    }

    @Override
    public byte[] read(Path file, long position, int most) throws IOException {
        step();
        return disk.read(file, position, most);
    }

    @Override
    public FileSum sum(Path file) throws IOException {
        step();
        return disk.sum(file);
    }

    @Override
    public long modifiedMillis(Path path) throws IOException {
        step();
        return disk.modifiedMillis(path);
    }

    @Override
    public void makeDirectory(Path directory) throws IOException {
        step();
        disk.makeDirectory(directory);
    }

    @Override
    public void create(Path file, byte[] content) throws IOException {
        if (isDue()) {
            disk.create(file, Arrays.copyOf(content, content.length / 2));
            throw new IOException("Input/output error (step " + steps + ")");
        }
        disk.create(file, content);
    }

    @Override
    public void overwrite(Path file, long position, byte[] bytes) throws IOException {
        if (isDue()) {
            disk.overwrite(file, position, Arrays.copyOf(bytes, bytes.length / 2));
            throw new IOException("Input/output error (step " + steps + ")");
        }
        disk.overwrite(file, position, bytes);
    }

    @Override
    public void sync(Path fileOrDirectory) throws IOException {
        step();
        disk.sync(fileOrDirectory);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        step();
        disk.rename(from, to);
    }

    @Override
    public void link(Path file, Path name) throws IOException {
        step();
        disk.link(file, name);
    }

    @Override
    public void copy(Path file, Path to) throws IOException {
        step();
        disk.copy(file, to);
    }

    @Override
    public void delete(Path path) throws IOException {
        step();
        disk.delete(path);
    }

    @Override
    public void makePrivate(Path path) throws IOException {
        step();
        disk.makePrivate(path);
    }
}
