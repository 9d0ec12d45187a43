package dev.tidemark.runner.simulation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A disk that forgets what was not synced. When its machine dies each write since the last sync of its file is there, is not, or is there
 * but for some sectors; whatever came before or after it. The same of names since the last sync of the directory. What was to be synced
 * when that failed is never synced any more, whatever a later sync says.
 */
final class SimulatedDisk {
    private static final int SECTOR = 512;

    private static final class Write {
        final int position;
        final byte[] bytes;

        Write(int position, byte[] bytes) {
            this.position = position;
            this.bytes = bytes;
        }
    }

    /** A name that was given, or taken away. */
    private record Naming(String name, boolean given) {}

    private static final class Content {
        byte[] durable = new byte[0];
        /** What a sync would make durable. */
        final List<Write> dirty = new ArrayList<>();
        /** What a failed sync has left: to be read, and to be made durable by nothing. */
        final List<Write> doomed = new ArrayList<>();

        int length;
    }

    private final boolean honoursSyncs;
    private final SortedMap<String, Content> files = new TreeMap<>();
    /** What has lost its name since names were synced. */
    private final SortedMap<String, Content> gone = new TreeMap<>();

    private final SortedSet<String> durableNames = new TreeSet<>();
    private final List<Naming> namings = new ArrayList<>();
    private Machine machine;

    /** @param honoursSyncs false for a disk that lies: what is simulated on it must not go well */
    SimulatedDisk(Machine machine, boolean honoursSyncs) {
        this.machine = machine;
        this.honoursSyncs = honoursSyncs;
    }

    SortedSet<String> names() {
        return new TreeSet<>(files.keySet());
    }

    void create(String name) {
        machine.step("the making of " + name);
        if (files.putIfAbsent(name, new Content()) != null) {
            throw new IllegalStateException(name + " is there already");
        }
        namings.add(new Naming(name, true));
    }

    void delete(String name) {
        machine.step("the end of " + name);
        // A name that comes back after a crash has the content it had.
        namings.add(new Naming(name, false));
        gone.put(name, file(name));
        files.remove(name);
    }

    void append(String name, byte[] bytes) {
        machine.step("a write to " + name);
        Content file = file(name);
        file.dirty.add(new Write(file.length, bytes.clone()));
        file.length += bytes.length;
    }

    void sync(String name) throws IOException {
        machine.step("a sync of " + name);
        Content file = file(name);
        if (!honoursSyncs) {
            return;
        }
        try {
            machine.sync();
        } catch (IOException e) {
            file.doomed.addAll(file.dirty);
            file.dirty.clear();
            throw e;
        }
        for (Write each : file.dirty) {
            file.durable = written(file.durable, each.position, each.bytes);
        }
        file.dirty.clear();
    }

    void syncNames() throws IOException {
        machine.step("a sync of the directory");
        if (!honoursSyncs) {
            return;
        }
        machine.sync();
        namings.forEach(this::makeDurable);
        namings.clear();
        gone.clear();
    }

    private void makeDurable(Naming each) {
        if (each.given()) {
            durableNames.add(each.name());
        } else {
            durableNames.remove(each.name());
        }
    }

    /** What is in a file, as somebody sees it who reads it now. */
    byte[] read(String name) {
        machine.step("a look at " + name);
        Content file = file(name);
        byte[] content = file.durable;
        List<Write> writes = new ArrayList<>(file.doomed);
        writes.addAll(file.dirty);
        for (Write each : writes) {
            content = written(content, each.position, each.bytes);
        }
        return content;
    }

    private Content file(String name) {
        Content file = files.get(name);
        if (file == null) {
            throw new IllegalStateException("no file " + name + " among " + files.keySet());
        }
        return file;
    }

    private static byte[] written(byte[] content, int position, byte[] bytes) {
        byte[] longer = Arrays.copyOf(content, Math.max(content.length, position + bytes.length));
        System.arraycopy(bytes, 0, longer, position, bytes.length);
        return longer;
    }

    /** What the next machine finds of what this one has left. */
    void lostPower(Random random, Machine next) {
        machine = next;
        for (Naming each : namings) {
            if (random.nextBoolean()) {
                makeDurable(each);
            }
        }
        namings.clear();
        files.putAll(gone);
        gone.clear();
        files.keySet().retainAll(durableNames);
        for (Content file : files.values()) {
            List<Write> writes = new ArrayList<>(file.doomed);
            writes.addAll(file.dirty);
            for (Write each : writes) {
                file.durable = survived(file.durable, each, random);
            }
            file.dirty.clear();
            file.doomed.clear();
            file.length = file.durable.length;
        }
    }

    private static byte[] survived(byte[] content, Write write, Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> content;
            case 1 -> written(content, write.position, write.bytes);
            default -> {
                // Sectors get there one by one, in any order; what is between was never written.
                byte[] torn = content;
                for (int from = 0; from < write.bytes.length; ) {
                    int at = write.position + from;
                    int until = Math.min(write.bytes.length, from + SECTOR - at % SECTOR);
                    if (random.nextBoolean()) {
                        torn = written(torn, at, Arrays.copyOfRange(write.bytes, from, until));
                    }
                    from = until;
                }
                yield torn;
            }
        };
    }
}
