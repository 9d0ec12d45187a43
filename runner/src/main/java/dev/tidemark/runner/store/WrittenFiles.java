package dev.tidemark.runner.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/** Files that a pipeline has written, made durable before a checkpoint says that they are there. Stateless and thread-safe. */
public final class WrittenFiles {
    private static final Disk DISK = Disk.local();

    /** A temporary file is in two directories of its own; above it may be others that a pipeline makes, one for each day, say. */
    private static final int LEVELS = 5;

    private WrittenFiles() {}

    /**
     * Writes a file through to the disk, with the names by which it is found: its own, and those of its directories, which may be as new.
     *
     * @param file as Beam names it; one of another file system is left to that
     * @throws UncheckedStoreException where that fails; it is not tried again, because a second try may say that all is well of bytes
     *     that are lost: the file has to be written anew
     */
    public static void sync(String file) {
        if (isHere(file)) {
            Path path = Path.of(file);
            try {
                DISK.sync(path);
                syncNames(path);
            } catch (IOException e) {
                throw failed(path, e);
            }
        }
    }

    /** As {@link #sync}, of a file that is durable and has got another name. */
    public static void syncName(String file) {
        if (isHere(file)) {
            Path path = Path.of(file);
            try {
                syncNames(path);
            } catch (IOException e) {
                throw failed(path, e);
            }
        }
    }

    /** Of directories in which we cannot write, none has been made by this job. */
    private static void syncNames(Path path) throws IOException {
        Path below = path.toAbsolutePath();
        for (int level = 0; level < LEVELS; level++) {
            Path directory = parent(below);
            if (directory.equals(below) || (level > 0 && !Files.isWritable(directory))) {
                return;
            }
            DISK.sync(directory);
            below = directory;
        }
    }

    /** Whether a file of this machine is there. */
    public static boolean isThere(String file) {
        return isHere(file) && Files.exists(Path.of(file), LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Removes all files that are in directories of temporary files, and then the directories that are empty.
     *
     * @param name what such a directory is called; one of another name is left alone, whoever names it
     * @param directories where there may be some
     * @param allBut these files are kept; where they are in such a directory that is not among {@code directories}, because it was of an
     *     earlier run, that is looked through, too
     */
    public static void removeTemporary(String name, Set<String> directories, Set<String> allBut) throws IOException {
        Set<Path> kept = new HashSet<>();
        Set<Path> places = new LinkedHashSet<>();
        for (String directory : directories) {
            places.add(Path.of(directory));
        }
        for (String file : allBut) {
            Path path = Path.of(file);
            Path parent = parent(path);
            if (isDirectory(parent)) {
                kept.add(parent.toRealPath().resolve(path.getFileName()));
            }
            for (Path above = parent; above.getNameCount() > 0; above = parent(above)) {
                if (isNamed(above, name)) {
                    places.add(above);
                }
            }
        }
        for (Path place : places) {
            if (isNamed(place, name) && isDirectory(place)) {
                removeBelow(place.toRealPath(), kept);
            }
        }
    }

    private static boolean isNamed(Path path, String name) {
        return String.valueOf(path.getFileName()).equals(name);
    }

    private static boolean isDirectory(Path path) throws IOException {
        return DISK.kind(path) == Disk.Kind.DIRECTORY;
    }

    /** Returns whether nothing is left. */
    private static boolean removeBelow(Path directory, Set<Path> kept) throws IOException {
        boolean empty = true;
        for (Path each : DISK.list(directory)) {
            if (isDirectory(each)) {
                empty &= removeBelow(each, kept);
            } else if (kept.contains(each)) {
                empty = false;
            } else {
                DISK.delete(each);
            }
        }
        if (empty) {
            DISK.delete(directory);
        }
        return empty;
    }

    /** Beam writes paths of this machine without a scheme. */
    private static boolean isHere(String file) {
        return !file.contains("://");
    }

    private static Path parent(Path path) {
        Path absolute = path.toAbsolutePath();
        Path parent = absolute.getParent();
        return parent == null ? absolute : parent;
    }

    private static UncheckedStoreException failed(Path file, IOException e) {
        return new UncheckedStoreException(
                "TM-STORE-016: a file that the pipeline has written could not be made durable, so no checkpoint may count on it: "
                        + file + ". It is written again after the restart; check the disk that it is on.",
                e);
    }
}
