package dev.tidemark.runner.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;

/**
 * RocksDB's machine code. Left to itself RocksDB unpacks it into the directory for temporary files at each start, and leaves it there
 * when the process is killed. Here it is unpacked once, into a directory that only this user can write to, and before each use
 * compared with what the jar holds.
 */
final class NativeLibrary {
    private static final AtomicBoolean LOADED = new AtomicBoolean();
    private static final int MOST_BYTES = 1 << 28;

    private NativeLibrary() {}

    /** Loads the library from {@code directory}, which is made if need be. One thread at a time for the same directory. */
    static void load(Disk disk, Path directory) throws IOException, StoreException {
        if (LOADED.get()) {
            return;
        }
        byte[] content = packed(Environment.getJniLibraryFileName("rocksdb"));
        // In a directory that it is told RocksDB looks for this name, with "jni" twice.
        Path file = directory.resolve(Environment.getJniLibraryFileName("rocksdbjni"));
        if (disk.kind(directory) == Disk.Kind.NOTHING) {
            disk.makeDirectory(directory);
        }
        if (disk.kind(file) != Disk.Kind.FILE || !isSame(disk, file, content)) {
            disk.deleteTree(file);
            disk.create(file, content);
        }
        try {
            RocksDB.loadLibrary(List.of(directory.toAbsolutePath().toString()));
        } catch (UnsatisfiedLinkError e) {
            throw new StoreException(
                    "TM-STORE-013: RocksDB's library " + file + " cannot be loaded (" + e.getMessage()
                            + "). Is the file system mounted noexec? Choose another --tidemarkStateDir then.",
                    e);
        }
        LOADED.set(true);
    }

    private static boolean isSame(Disk disk, Path file, byte[] content) throws IOException {
        // A file that is too long is another one.
        return Arrays.equals(disk.read(file, MOST_BYTES), content);
    }

    private static byte[] packed(String name) throws IOException, StoreException {
        try (InputStream in = RocksDB.class.getClassLoader().getResourceAsStream(name)) {
            if (in == null) {
                throw new StoreException("TM-STORE-013: rocksdbjni has no " + name
                        + " for this machine. State cannot be kept here; run without --tidemarkStateDir.");
            }
            return in.readAllBytes();
        }
    }
}
