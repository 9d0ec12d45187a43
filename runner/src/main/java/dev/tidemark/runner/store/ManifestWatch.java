package dev.tidemark.runner.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * Remembers how RocksDB's own manifest, which says what tables there are, begins. RocksDB takes a bad length near its end for the torn
 * end of a crash, and goes on without the tables that it can no longer see: the newest epoch may well be there, in the log, and rows
 * that were moved to a table not. The file only grows, so what was once its beginning must always be. Owned by the thread that
 * commits.
 */
final class ManifestWatch {
    private static final Pattern CURRENT = Pattern.compile("MANIFEST-([0-9]{1,18})\n");
    private static final int CURRENT_BYTES = 100;
    private static final int CHUNK = 1 << 20;

    private final Disk disk;
    private final Path rows;
    private long number = -1;
    private long length;
    private CRC32C sum = new CRC32C();

    /** How the manifest of this number begins: so many bytes, with this CRC32C. */
    record Beginning(long number, long length, int sum) {}

    ManifestWatch(Disk disk, Path rows) {
        this.disk = disk;
        this.rows = rows;
    }

    /** The beginning of the manifest as it is now; durable, and it counts from now on. */
    Beginning advance() throws IOException {
        long now;
        try {
            now = current(disk, rows);
        } catch (DamagedException e) {
            throw new IOException(e.getMessage(), e);
        }
        if (now != number) {
            number = now;
            length = 0;
            sum = new CRC32C();
        }
        Path file = file(rows, number);
        long before = length;
        for (byte[] more = disk.read(file, length, CHUNK); more.length > 0; more = disk.read(file, length, CHUNK)) {
            sum.update(more);
            length += more.length;
        }
        if (length > before) {
            disk.sync(file);
        }
        return new Beginning(number, length, (int) sum.getValue());
    }

    /** Refuses rows whose manifest does not begin as it did. */
    static void require(Disk disk, Path rows, Beginning beginning) throws IOException, DamagedException {
        long now = current(disk, rows);
        if (now > beginning.number()) {
            return; // RocksDB had begun a new one when the machine stopped.
        }
        Path file = file(rows, now);
        if (now < beginning.number() || disk.kind(file) != Disk.Kind.FILE) {
            throw new DamagedException(rows + " are described by " + file.getFileName() + ", not by "
                    + file(rows, beginning.number()).getFileName());
        }
        CRC32C sum = new CRC32C();
        long at = 0;
        while (at < beginning.length()) {
            byte[] more = disk.read(file, at, (int) Math.min(CHUNK, beginning.length() - at));
            if (more.length == 0) {
                throw new DamagedException(
                        file + " has " + at + " bytes: at least " + beginning.length() + " expected");
            }
            sum.update(more);
            at += more.length;
        }
        if ((int) sum.getValue() != beginning.sum()) {
            throw new DamagedException(String.format(
                    "%s has checksum %08x over its first %d bytes: %08x expected",
                    file, (int) sum.getValue(), beginning.length(), beginning.sum()));
        }
    }

    private static long current(Disk disk, Path rows) throws IOException, DamagedException {
        Path file = rows.resolve("CURRENT");
        if (disk.kind(file) != Disk.Kind.FILE) {
            throw new DamagedException(file + " is missing");
        }
        String text = new String(disk.read(file, CURRENT_BYTES), StandardCharsets.ISO_8859_1);
        Matcher name = CURRENT.matcher(text);
        if (!name.matches()) {
            throw new DamagedException(file + " says '" + SealedText.plain(text) + "', which is no manifest");
        }
        return Long.parseLong(name.group(1));
    }

    private static Path file(Path rows, long number) {
        return rows.resolve(String.format("MANIFEST-%06d", number));
    }
}
