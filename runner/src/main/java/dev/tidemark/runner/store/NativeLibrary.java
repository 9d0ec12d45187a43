package dev.tidemark.runner.store;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.jar.JarEntry;
import java.util.zip.CRC32;
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
        Packed packed = Packed.find(Environment.getJniLibraryFileName("rocksdb"));
        // In a directory that it is told RocksDB looks for this name, with "jni" twice.
        Path file = directory.resolve(Environment.getJniLibraryFileName("rocksdbjni"));
        if (disk.kind(directory) == Disk.Kind.NOTHING) {
            disk.makeDirectory(directory);
        }
        if (disk.kind(file) != Disk.Kind.FILE || !packed.isSame(disk.read(file, MOST_BYTES))) {
            disk.deleteTree(file);
            disk.create(file, packed.content());
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

    /** The library as it is in the class path. */
    private record Packed(URL url) {
        static Packed find(String name) throws StoreException {
            URL url = RocksDB.class.getClassLoader().getResource(name);
            if (url == null) {
                throw new StoreException("TM-STORE-013: rocksdbjni has no " + name
                        + " for this machine. State cannot be kept here; run without --tidemarkStateDir.");
            }
            return new Packed(url);
        }

        byte[] content() throws IOException {
            try (InputStream in = url.openStream()) {
                return in.readAllBytes();
            }
        }

        /** A jar says how long it is, and its checksum: so what was unpacked before is compared without unpacking it again. */
        boolean isSame(byte[] unpacked) throws IOException {
            if (url.openConnection() instanceof JarURLConnection jar) {
                JarEntry entry = jar.getJarEntry();
                if (entry != null && entry.getSize() >= 0 && entry.getCrc() >= 0) {
                    CRC32 crc = new CRC32();
                    crc.update(unpacked);
                    return entry.getSize() == unpacked.length && entry.getCrc() == crc.getValue();
                }
            }
            return Arrays.equals(unpacked, content());
        }
    }
}
