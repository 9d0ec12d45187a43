package dev.tidemark.runner.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Says that a directory is used by this process. The operating system holds the lock and gives it up with the process, however that
 * ends; the file remains, and names the process that held it last.
 *
 * <p>A process that closes any channel on a file loses its locks on that file. So within one process the directories that are in use
 * are known, and the file of one that is in use is never opened a second time.
 */
final class DirectoryLock implements AutoCloseable {
    private static final String FILE = "lock";
    private static final int PID_BYTES = 64;
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel channel;

    private DirectoryLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /** Takes the lock, or says who has it. */
    static DirectoryLock take(Disk disk, Path directory) throws IOException, StoreException {
        Path real = directory.toRealPath();
        if (!HELD.add(real)) {
            throw inUse(directory, ProcessHandle.current().pid() + ", which is this one");
        }
        FileChannel channel = null;
        boolean taken = false;
        try {
            channel = open(disk, directory.resolve(FILE));
            if (lock(directory, channel) == null) {
                String owner = owner(channel);
                throw inUse(directory, owner);
            }
            byte[] pid = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(pid), 0);
            taken = true;
            return new DirectoryLock(real, channel);
        } finally {
            if (!taken) {
                HELD.remove(real);
                if (channel != null) {
                    channel.close();
                }
            }
        }
    }

    private static FileChannel open(Disk disk, Path file) throws IOException, StoreException {
        Disk.Kind kind = disk.kind(file);
        if (kind != Disk.Kind.FILE && kind != Disk.Kind.NOTHING) {
            throw new StoreException("TM-STORE-004: " + file
                    + " is not a regular file, and whoever put it there may mean ill: nothing is written through it. Find out where"
                    + " it comes from, and remove it.");
        }
        Set<OpenOption> options = Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
        return FileChannel.open(file, options, LocalDisk.onlyOwner());
    }

    /** Null where another process has it. */
    private static @Nullable FileLock lock(Path directory, FileChannel channel) throws IOException, StoreException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Another copy of this class has it, in this process.
            throw inUse(directory, ProcessHandle.current().pid() + ", which is this one");
        }
    }

    private static String owner(FileChannel channel) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(PID_BYTES);
        channel.read(content, 0);
        String pid = new String(content.array(), 0, content.position(), StandardCharsets.US_ASCII).trim();
        return pid.isEmpty() ? "that has just begun" : SealedText.plain(pid);
    }

    private static StoreException inUse(Path directory, String owner) {
        return new StoreException("TM-STORE-002: the state in " + directory + " is in use by process " + owner
                + ". Two jobs cannot share it. Stop the other one, or give this one another --jobName or"
                + " --tidemarkStateDir.");
    }

    @Override
    public void close() throws IOException {
        channel.close();
        HELD.remove(directory);
    }
}
