package dev.tidemark.runner.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;

/**
 * Sees to it that state is this user's alone: whoever can write to it can make the job believe anything, and whoever can read it
 * reads what the job has read.
 */
final class Privacy {
    private static final int OTHERS_WRITE = 0_022;
    private static final int STICKY = 0_1000;
    private static final int ROOT = 0;

    private Privacy() {}

    /** Makes a directory and those above it where they are missing, and refuses it where others can change it. */
    static void prepare(Disk disk, Path directory) throws IOException, StoreException {
        Deque<Path> missing = new ArrayDeque<>();
        for (Path path = directory; disk.kind(path) == Disk.Kind.NOTHING; path = CheckpointFiles.parent(path)) {
            missing.push(path);
        }
        for (Path path : missing) {
            disk.makeDirectory(path);
            disk.sync(CheckpointFiles.parent(path));
        }
        if (disk.kind(directory) != Disk.Kind.DIRECTORY) {
            throw strange(directory);
        }
        if (LocalDisk.POSIX) {
            int self = self(disk, directory);
            // Whoever can rename what is in the root can put another directory in this one's place.
            Path root = CheckpointFiles.parent(directory).toRealPath();
            int rootOwner = owner(root);
            boolean rename = (mode(root) & OTHERS_WRITE) != 0 && (mode(root) & STICKY) == 0;
            if (rename || (rootOwner != self && rootOwner != ROOT)) {
                throw notPrivate(root, rootOwner, self);
            }
            requirePrivate(directory, self);
        }
    }

    /** Refuses a directory that holds anything but files and directories of this user's. */
    static void inspect(Disk disk, Path directory) throws IOException, StoreException {
        int self = LocalDisk.POSIX ? self(disk, directory) : ROOT;
        Deque<Path> open = new ArrayDeque<>();
        open.push(directory);
        while (!open.isEmpty()) {
            for (Path path : disk.list(open.pop())) {
                Disk.Kind kind = disk.kind(path);
                if (kind == Disk.Kind.OTHER) {
                    throw strange(path);
                }
                if (LocalDisk.POSIX && kind != Disk.Kind.NOTHING) {
                    requirePrivate(path, self);
                }
                if (kind == Disk.Kind.DIRECTORY) {
                    open.push(path);
                }
            }
        }
    }

    /** Who a file belongs to that is made here: the only way to know that a file system agrees. */
    private static int self(Disk disk, Path directory) throws IOException {
        Path probe = directory.resolve("attempt-" + UUID.randomUUID());
        disk.create(probe, new byte[0]);
        try {
            return owner(probe);
        } finally {
            disk.delete(probe);
        }
    }

    private static void requirePrivate(Path path, int self) throws IOException, StoreException {
        int owner = owner(path);
        boolean open = (mode(path) & OTHERS_WRITE) != 0 && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
        if (owner != self || open) {
            throw notPrivate(path, owner, self);
        }
    }

    private static int owner(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    }

    private static int mode(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    }

    private static StoreException notPrivate(Path path, int owner, int self) throws IOException {
        return new StoreException("TM-STORE-003: others can change " + path + " (mode "
                + Integer.toOctalString(mode(path) & 0_7777) + ", owner " + owner + ", and this process is " + self
                + "), so what is in it cannot be relied on. Find out whether somebody has, then `chmod go-w` it, or name a"
                + " --tidemarkStateDir of your own.");
    }

    private static StoreException strange(Path path) {
        return new StoreException("TM-STORE-004: " + path
                + " is a symbolic link or another thing that has no place in a state directory, and whoever put it there may mean"
                + " ill: nothing is read or written through it. Find out where it comes from, and remove it.");
    }
}
