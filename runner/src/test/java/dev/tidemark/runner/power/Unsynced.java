package dev.tidemark.runner.power;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/** Takes a process' syncs away, so that it shows whether anybody would notice if the product forgot them. */
public final class Unsynced {
    private Unsynced() {}

    /** The environment of a process whose files and directories with {@code part} in their path are never synced, though it is told so. */
    public static Map<String, String> files(Bench bench, String part) throws IOException {
        Path source = bench.path("unsynced.c");
        Path library = bench.path("unsynced.so");
        try (InputStream in = Unsynced.class.getResourceAsStream("unsynced.c")) {
            if (in == null) {
                throw new IOException("no unsynced.c beside this class");
            }
            Files.copy(in, source, StandardCopyOption.REPLACE_EXISTING);
        }
        Programs.run("gcc", "-shared", "-fPIC", "-o", library.toString(), source.toString());
        return Map.of("LD_PRELOAD", library.toString(), "UNSYNCED", part);
    }
}
