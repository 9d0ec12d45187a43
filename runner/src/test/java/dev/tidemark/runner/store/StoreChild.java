package dev.tidemark.runner.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A process that commits epoch after epoch, and says so, until it is killed. */
final class StoreChild {
    private StoreChild() {}

    /** {@code <root>}, and how many epochs: -1 for ever. */
    public static void main(String[] arguments) throws Exception {
        try (StateDirectory state = StateDirectory.open(
                arguments[0], History.JOB, StateOptions.defaults().withRetained(2, 7))) {
            Store store = state.store();
            say("open " + store.epoch());
            long last = Long.parseLong(arguments[1]);
            for (long epoch = store.epoch() + 1; last < 0 || epoch <= last; epoch++) {
                History.commit(store, epoch);
                say("epoch " + epoch);
            }
            if (last >= 0) {
                // Holds the lock until its standard input ends.
                int end = System.in.read();
                say("end " + end);
            }
        }
    }

    @SuppressWarnings("SystemOut") // what the parent reads
    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    static Process start(Path root, long last, List<String> flags) throws IOException {
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new java.util.ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-ea", "-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp", classes));
        command.addAll(flags);
        command.addAll(List.of(StoreChild.class.getName(), root.toString(), Long.toString(last)));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
