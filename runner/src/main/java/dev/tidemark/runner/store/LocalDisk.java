package dev.tidemark.runner.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** The disk as the operating system gives it. Has no state. */
final class LocalDisk implements Disk {
    private static final int BUFFER = 1 << 18;
    static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> DIRECTORY = PosixFilePermissions.fromString("rwx------");

    @Override
    public Kind kind(Path path) throws IOException {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (attributes.isRegularFile()) {
                return Kind.FILE;
            }
            return attributes.isDirectory() ? Kind.DIRECTORY : Kind.OTHER;
        } catch (NoSuchFileException e) {
            return Kind.NOTHING;
        }
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.sorted().toList();
        }
    }

    @Override
    public byte[] read(Path file, int most) throws IOException {
        requireFile(file);
        return uninterrupted(() -> {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
                long size = channel.size();
                if (size > most) {
                    throw new IOException(file + " has " + size + " bytes, and may have " + most);
                }
                return read(channel, 0, (int) size);
            }
        });
    }

    @Override
    public byte[] read(Path file, long position, int most) throws IOException {
        requireFile(file);
        return uninterrupted(() -> {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
                return read(channel, position, (int) Math.max(0, Math.min(most, channel.size() - position)));
            }
        });
    }

    private static byte[] read(FileChannel channel, long position, int length) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(length);
        int read = 0;
        while (content.hasRemaining() && read >= 0) {
            read = channel.read(content, position + content.position());
        }
        byte[] bytes = new byte[content.position()];
        content.flip().get(bytes);
        return bytes;
    }

    @Override
    public FileSum sum(Path file) throws IOException {
        requireFile(file);
        return uninterrupted(() -> {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
                CRC32C crc = new CRC32C();
                ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
                long size = 0;
                for (int read = channel.read(buffer); read >= 0; read = channel.read(buffer)) {
                    size += read;
                    crc.update(buffer.flip());
                    buffer.clear();
                }
                return new FileSum(size, (int) crc.getValue());
            }
        });
    }

    @Override
    public long modifiedMillis(Path path) throws IOException {
        return Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS).toMillis();
    }

    @Override
    public void makeDirectory(Path directory) throws IOException {
        Files.createDirectory(directory, only(DIRECTORY));
    }

    @Override
    public void create(Path file, byte[] content) throws IOException {
        uninterrupted(() -> {
            Set<OpenOption> options =
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
            try (FileChannel channel = FileChannel.open(file, options, only(FILE))) {
                writeAll(channel, 0, ByteBuffer.wrap(content));
                channel.force(true);
                return file;
            }
        });
    }

    @Override
    public void overwrite(Path file, long position, byte[] bytes) throws IOException {
        requireFile(file);
        uninterrupted(() -> {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
                writeAll(channel, position, ByteBuffer.wrap(bytes));
                channel.force(false);
                return file;
            }
        });
    }

    @Override
    public void sync(Path fileOrDirectory) throws IOException {
        if (!POSIX && Files.isDirectory(fileOrDirectory, LinkOption.NOFOLLOW_LINKS)) {
            return; // Windows has no such thing: there the journal keeps names in order.
        }
        uninterrupted(() -> {
            try (FileChannel channel =
                    FileChannel.open(fileOrDirectory, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
                channel.force(true);
                return fileOrDirectory;
            }
        });
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void link(Path file, Path name) throws IOException {
        requireFile(file);
        Files.createLink(name, file);
    }

    @Override
    public void copy(Path file, Path to) throws IOException {
        requireFile(file);
        uninterrupted(() -> {
            Set<OpenOption> options =
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
            try (FileChannel from = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
                    FileChannel channel = FileChannel.open(to, options, only(FILE))) {
                ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
                long at = 0;
                for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
                    at = writeAll(channel, at, buffer.flip());
                    buffer.clear();
                }
                channel.force(true);
                return to;
            }
        });
    }

    @Override
    public void delete(Path path) throws IOException {
        Files.deleteIfExists(path);
    }

    @Override
    public void makePrivate(Path path) throws IOException {
        boolean directory = kind(path) == Kind.DIRECTORY;
        if (!directory) {
            requireFile(path);
        }
        if (POSIX) {
            Files.setPosixFilePermissions(path, directory ? DIRECTORY : FILE);
        }
    }

    static FileAttribute<?>[] onlyOwner() {
        return only(FILE);
    }

    private static FileAttribute<?>[] only(Set<PosixFilePermission> permissions) {
        return POSIX
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }

    /** Opening a pipe would wait for whoever is at its other end. */
    private void requireFile(Path path) throws IOException {
        Kind kind = kind(path);
        if (kind == Kind.NOTHING) {
            throw new NoSuchFileException(path.toString());
        }
        if (kind != Kind.FILE) {
            throw new IOException(path + " is not a regular file");
        }
    }

    private static long writeAll(FileChannel channel, long position, ByteBuffer bytes) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
        return at;
    }

    private interface Call<T> {
        T call() throws IOException;
    }

    /** A channel closes itself under a thread that carries an interrupt, and user code may have left one behind. */
    private static <T> T uninterrupted(Call<T> call) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            return call.call();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
