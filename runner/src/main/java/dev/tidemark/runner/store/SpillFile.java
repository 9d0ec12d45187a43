package dev.tidemark.runner.store;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/**
 * A temporary file for what does not fit into memory. Its owner appends; any thread reads. It has no name any more as soon as it is
 * open, so nothing of it stays, however the process ends; its space comes back when nobody can reach it.
 */
public final class SpillFile {
    private static final Set<OpenOption> OPTIONS = Set.of(
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);

    private final FileChannel channel;
    private long size;

    private SpillFile(FileChannel channel) {
        this.channel = channel;
    }

    /** Makes an empty file in the JVM's directory for temporary files, readable by this user alone. */
    public static SpillFile create() {
        Path directory = Path.of(System.getProperty("java.io.tmpdir", "."));
        Path path = directory.resolve("tidemark-spill-" + UUID.randomUUID());
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] onlyOwner = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        try {
            return new SpillFile(FileChannel.open(path, OPTIONS, onlyOwner));
        } catch (IOException e) {
            throw failed("a temporary file cannot be made in " + directory, e);
        }
    }

    /** Where the next byte will be. */
    public long size() {
        return size;
    }

    /** Writes at the end. The owner's. */
    public void append(byte[] bytes, int offset, int length) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
        boolean interrupted = Thread.interrupted();
        try {
            while (buffer.hasRemaining()) {
                size += channel.write(buffer, size);
            }
        } catch (IOException e) {
            throw failed("a temporary file of " + size + " bytes cannot be written to", e);
        } finally {
            restore(interrupted);
        }
    }

    /** Reads exactly {@code length} bytes from {@code position} on. Any thread. */
    public void read(long position, byte[] into, int offset, int length) {
        ByteBuffer buffer = ByteBuffer.wrap(into, offset, length);
        boolean interrupted = Thread.interrupted();
        try {
            for (long at = position; buffer.hasRemaining(); ) {
                int read = channel.read(buffer, at);
                if (read < 0) {
                    throw new EOFException("at " + at);
                }
                at += read;
            }
        } catch (IOException e) {
            throw failed("a temporary file cannot be read at " + position, e);
        } finally {
            restore(interrupted);
        }
    }

    /** Gives the space back. Nothing can be read any more. */
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw failed("a temporary file cannot be closed", e);
        }
    }

    /** A channel closes itself under a thread that carries an interrupt, and user code may have left one behind. */
    private static void restore(boolean interrupted) {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static UncheckedIOException failed(String what, IOException e) {
        return new UncheckedIOException(
                "TM-SPILL-001: " + what + " (" + e.getMessage()
                        + "). Grouping needs room on disk for what does not fit into"
                        + " memory: make some, give the JVM another directory with -Djava.io.tmpdir, or more memory.",
                e);
    }
}
