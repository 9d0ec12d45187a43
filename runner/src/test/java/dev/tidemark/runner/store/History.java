package dev.tidemark.runner.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A job whose every epoch is known beforehand, so that it can be said of any store at any epoch what must be in it. */
final class History {
    static final String JOB = "history";
    private static final int KEYS = 300;
    private static final int VALUE = 120;

    private History() {}

    /** What epoch {@code epoch} changes: sometimes much, sometimes nothing. */
    static Changes changes(long epoch) {
        Random random = new Random(epoch * 7919);
        Changes changes = new Changes();
        for (int i = random.nextInt(40); i > 0; i--) {
            byte[] key = key(random.nextInt(KEYS));
            if (random.nextInt(5) == 0) {
                changes.delete(key);
            } else {
                byte[] value = new byte[VALUE];
                random.nextBytes(value);
                ByteBuffer.wrap(value).putLong(epoch);
                changes.put(key, value);
            }
        }
        return changes;
    }

    private static byte[] key(int i) {
        return ByteBuffer.allocate(8).putInt(1 + i % 3).putInt(i).array();
    }

    static void commit(Store store, long epoch) throws StoreException {
        store.commit(epoch, List.of(changes(epoch)));
    }

    static void commit(Store store, long first, long last) throws StoreException {
        for (long epoch = first; epoch <= last; epoch++) {
            commit(store, epoch);
        }
    }

    /** Compares every row with what its epoch says. */
    static void requireRight(Store store, String what) {
        assertThat(rows(store))
                .as("%s: the rows of epoch %d", what, store.epoch())
                .isEqualTo(expected(store.epoch()));
    }

    /** After a commit that failed the rows are those of the last epoch, or already those of one that failed, and no mixture. */
    static void requireRight(Store store, long failed, String what) {
        List<NavigableMap<String, String>> possible = new ArrayList<>();
        for (long epoch = store.epoch(); epoch <= failed; epoch++) {
            possible.add(expected(epoch));
        }
        assertThat(rows(store))
                .as("%s: the rows of an epoch from %d to %d", what, store.epoch(), failed)
                .isIn(possible);
    }

    private static NavigableMap<String, String> expected(long newest) {
        NavigableMap<String, String> expected = new TreeMap<>();
        for (long epoch = 1; epoch <= newest; epoch++) {
            changes(epoch).forEach((key, value) -> {
                if (value == null) {
                    expected.remove(hex(key));
                } else {
                    expected.put(hex(key), hex(value));
                }
            });
        }
        return expected;
    }

    private static NavigableMap<String, String> rows(Store store) {
        NavigableMap<String, String> rows = new TreeMap<>();
        store.scan(new byte[0], new byte[] {-1}, (key, value) -> rows.put(hex(key), hex(value)));
        return rows;
    }

    private static String hex(byte[] bytes) {
        return java.util.HexFormat.of().formatHex(bytes);
    }

    /** The directory of the job's state. */
    static Path state(Path root) {
        return root.resolve(EncodedName.of(JOB));
    }

    static StateDirectory open(Path root) throws StoreException {
        return StateDirectory.open(root.toString(), JOB, StateOptions.defaults());
    }

    /** A state with epochs in tables and in the log, and retained checkpoints of epochs 10, 20 and 30. Epoch 36 is the newest. */
    static void write(Path root) throws StoreException {
        try (StateDirectory state = StateDirectory.open(
                root.toString(), JOB, StateOptions.defaults().withRetained(3, 10))) {
            commit(state.store(), 1, 36);
        }
    }

    static List<Path> regularFiles(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                if (directory.getFileName().toString().equals("native")) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                Disk.local().makeDirectory(to.resolve(from.relativize(directory).toString()));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Turns one bit, in place. */
    static void flip(Path file, long position, int bit) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, position);
            one.put(0, (byte) (one.get(0) ^ (1 << bit)));
            one.flip();
            channel.write(one, position);
        }
    }

    static List<String> names(Path directory) throws IOException {
        List<String> names = new ArrayList<>();
        for (Path each : Disk.local().list(directory)) {
            names.add(each.getFileName().toString());
        }
        return names;
    }
}
