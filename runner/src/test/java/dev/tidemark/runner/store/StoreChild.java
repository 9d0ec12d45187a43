package dev.tidemark.runner.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A process that commits epoch after epoch, and says so, until it is killed. By {@link #RETAIN_EVERY}, {@link #RESTORE} and {@link
 * #SAVEPOINT_AT} it does more of what a job does; with {@link #IN_STEP} it waits for a byte after each line.
 */
final class StoreChild {
    static final String RETAIN_EVERY = "tidemark.child.retainEvery";
    /** {@code auto}, {@code none}, or the path of a savepoint. */
    static final String RESTORE = "tidemark.child.restore";
    /** After which epoch it makes a savepoint among its own; 0 makes none. */
    static final String SAVEPOINT_AT = "tidemark.child.savepointAt";

    static final String IN_STEP = "-Dtidemark.test.inStep=true";

    static final int RETAINED = 2;

    private StoreChild() {}

    /** {@code <root>}, and how many epochs: -1 for ever. */
    public static void main(String[] arguments) throws Exception {
        long savepointAt = Long.getLong(SAVEPOINT_AT, 0);
        StateOptions options = options(System.getProperty(RESTORE, "auto"), Integer.getInteger(RETAIN_EVERY, 7));
        try (StateDirectory state = StateDirectory.open(arguments[0], History.JOB, options)) {
            Store store = state.store();
            say("open " + store.epoch());
            long last = Long.parseLong(arguments[1]);
            for (long epoch = store.epoch() + 1; last < 0 || epoch <= last; epoch++) {
                History.commit(store, epoch);
                say("epoch " + epoch);
                if (epoch == savepointAt) {
                    state.savepoint(null);
                }
            }
            if (last >= 0) {
                // Holds the lock until its standard input ends.
                int end = System.in.read();
                say("end " + end);
            }
        }
    }

    static StateOptions options(String restore, int retainEvery) {
        StateOptions options = StateOptions.defaults().withRetained(RETAINED, retainEvery);
        return switch (restore) {
            case "auto" -> options;
            case "none" -> options.withoutRestore();
            default -> options.from(restore);
        };
    }

    @SuppressWarnings("SystemOut") // what the parent reads
    private static void say(String line) throws IOException {
        System.out.println(line);
        System.out.flush();
        if (Boolean.getBoolean("tidemark.test.inStep") && System.in.read() < 0) {
            throw new IOException("whoever listened is gone");
        }
    }

    static Process start(Path root, long last, List<String> flags) throws IOException {
        return start(root, last, flags, Map.of());
    }

    static Process start(Path root, long last, List<String> flags, Map<String, String> environment) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command(root, last, flags)).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        return builder.start();
    }

    static List<String> command(Path root, long last, List<String> flags) {
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new java.util.ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-ea", "-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp", classes));
        command.addAll(flags);
        command.addAll(List.of(StoreChild.class.getName(), root.toString(), Long.toString(last)));
        return command;
    }
}
