package dev.tidemark.runner.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What the store does to files of its own: each method is one step after which the machine may stop. Tests put one in its place that
 * fails at a step of their choice. RocksDB's files do not go through it.
 *
 * <p>No method follows a symbolic link in the last part of a path. What is made is for this user alone.
 */
interface Disk {
    /** The disk of this machine. */
    static Disk local() {
        return new LocalDisk();
    }

    /** What is at a path: a regular file, a directory, nothing, or something that has no place in a state directory. */
    enum Kind {
        NOTHING,
        FILE,
        DIRECTORY,
        OTHER
    }

    Kind kind(Path path) throws IOException;

    /** What a directory holds, sorted by name. */
    List<Path> list(Path directory) throws IOException;

    /** The content of a file, of which there may be {@code most} bytes. */
    byte[] read(Path file, int most) throws IOException;

    /** What a file contains from {@code position} on, at most so many bytes; fewer only where it ends. */
    byte[] read(Path file, long position, int most) throws IOException;

    /** The CRC32C of a file, and how long it is. */
    FileSum sum(Path file) throws IOException;

    /** When a file or directory was last written to, in milliseconds since 1970. */
    long modifiedMillis(Path path) throws IOException;

    /** Makes a directory whose parent exists. Its name is durable once the parent is {@link #sync synced}. */
    void makeDirectory(Path directory) throws IOException;

    /** Makes a file that did not exist, with its content, durable but for its name. */
    void create(Path file, byte[] content) throws IOException;

    /** Writes over a part of a file, durably. */
    void overwrite(Path file, long position, byte[] bytes) throws IOException;

    /** Makes what a file contains, or the names in a directory, durable. */
    void sync(Path fileOrDirectory) throws IOException;

    /** Gives a file or directory another name; a file of that name goes. Durable once the directories are synced. */
    void rename(Path from, Path to) throws IOException;

    /** Makes a second name for a file. */
    void link(Path file, Path name) throws IOException;

    /** Copies a file, durably but for its name. */
    void copy(Path file, Path to) throws IOException;

    /** Removes a file or an empty directory, where there is one. */
    void delete(Path path) throws IOException;

    /** Takes everybody else's rights to a file or a directory away. */
    void makePrivate(Path path) throws IOException;

    /** Removes a directory and all it holds, where there is one. */
    default void deleteTree(Path directory) throws IOException {
        if (kind(directory) == Kind.DIRECTORY) {
            for (Path each : list(directory)) {
                deleteTree(each);
            }
        }
        delete(directory);
    }

    /** A file's length, and its CRC32C. */
    record FileSum(long size, int crc) {
        @Override
        public String toString() {
            return size + " bytes with checksum " + String.format("%08x", crc);
        }
    }
}
