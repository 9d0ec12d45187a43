package dev.tidemark.runner.store;

import java.io.IOException;
import java.nio.file.Path;

/** Files that a pipeline has written, made durable before a checkpoint says that they are there. Stateless and thread-safe. */
public final class WrittenFiles {
    private static final Disk DISK = Disk.local();

    private WrittenFiles() {}

    /**
     * Writes a file through to the disk, with the names by which it is found: its own, and that of its directory, which may be as new.
     *
     * @param file as Beam names it; one of another file system is left to that
     * @throws UncheckedStoreException where that fails; it is not tried again, because a second try may say that all is well of bytes
     *     that are lost: the file has to be written anew
     */
    public static void sync(String file) {
        if (isHere(file)) {
            Path path = Path.of(file);
            Path directory = parent(path);
            try {
                DISK.sync(path);
                DISK.sync(directory);
                DISK.sync(parent(directory));
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
                DISK.sync(parent(path));
            } catch (IOException e) {
                throw failed(path, e);
            }
        }
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
