package dev.tidemark.runner.store;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * What a commit costs by the size of the epoch, as a batch and as a sorted file: docs/design/002-durable-store.md says how to run it.
 * Random rows of 16 and 64 bytes over two million keys; each figure is of at least 64 MiB of epochs.
 */
final class CommitCost {
    private static final int KEYS = 2_000_000;
    private static final int ROW = 80;
    private static final long ENOUGH = 64L << 20;

    private CommitCost() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws Exception {
        Path root = Files.createTempDirectory(Path.of(arguments[0]), "commit-cost-");
        Random random = new Random(1);
        long epoch = 0;
        try (StateDirectory state = StateDirectory.open(
                root.toString(), "cost", StateOptions.defaults().withRetained(1, 1_000_000))) {
            for (int i = 0; i < KEYS; i += 100_000) {
                epoch++;
                state.store().commit(epoch, List.of(rows(random, 100_000)));
            }
            for (int kib = 16; kib <= 32 << 10; kib *= 4) {
                int rows = kib * 1024 / ROW;
                long nanos = 0;
                int commits = (int) Math.max(3, Math.min(200, ENOUGH / (kib * 1024L)));
                for (int i = 0; i < commits; i++) {
                    Changes changes = rows(random, rows);
                    epoch++;
                    long before = System.nanoTime();
                    state.store().commit(epoch, List.of(changes));
                    nanos += System.nanoTime() - before;
                }
                System.out.printf(
                        "%6d KiB  %6d rows  %8.2f ms  %6d ns per row%n",
                        kib, rows, nanos / 1e6 / commits, nanos / commits / rows);
            }
        }
        Disk.local().deleteTree(root);
    }

    private static Changes rows(Random random, int count) {
        Changes changes = new Changes();
        for (int i = 0; i < count; i++) {
            byte[] value = new byte[64];
            random.nextBytes(value);
            changes.put(
                    ByteBuffer.allocate(16)
                            .putInt(1)
                            .putInt(random.nextInt(KEYS))
                            .putLong(0)
                            .array(),
                    value);
        }
        return changes;
    }
}
