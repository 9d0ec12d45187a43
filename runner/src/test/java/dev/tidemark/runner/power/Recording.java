package dev.tidemark.runner.power;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A disk as it was in the beginning, what it has been told since, and what a process that used it has said meanwhile.
 *
 * @param place where the disk was mounted
 * @param marks in the order of their positions; the first is at 0, and says what had been announced before
 */
public record Recording(Path base, Path place, DiskLog log, List<Mark> marks) {
    private static final String BASE = "base";
    private static final String LOG = "log";
    private static final String MARKS = "marks";
    private static final String PLACE = "place";
    private static final String END = "end";

    /** What had been promised when the log was {@code position} bytes long. */
    public record Mark(long position, long epoch) {}

    public Recording {
        marks = List.copyOf(marks);
    }

    /** The newest epoch that was announced before a cut. */
    public long announced(CrashImage image) {
        long newest = marks.get(0).epoch();
        long position =
                image.cut() == 0 ? 0 : log.entries().get(image.cut() - 1).end();
        for (Mark mark : marks) {
            if (mark.position() <= position) {
                newest = mark.epoch();
            }
        }
        return newest;
    }

    /** How many entries there were when the {@code n}-th announcement came; all of them where there were fewer. */
    int entriesBefore(int n) {
        return n < marks.size()
                ? log.countUntil(marks.get(n).position())
                : log.entries().size();
    }

    public String summary() {
        return log.entries().size() + " entries, " + log.flushes() + " of them flushes, and " + (marks.size() - 1)
                + " announcements";
    }

    /** Keeps all that is needed to make its images again. */
    public void save(Path directory) throws IOException {
        Files.createDirectories(directory);
        Programs.run(
                "cp",
                "--sparse=always",
                base.toString(),
                directory.resolve(BASE).toString());
        Programs.run("cp", log.file().toString(), directory.resolve(LOG).toString());
        List<String> lines = new ArrayList<>();
        marks.forEach(mark -> lines.add(mark.position() + " " + mark.epoch()));
        Files.write(directory.resolve(MARKS), lines, StandardCharsets.UTF_8);
        Files.writeString(directory.resolve(PLACE), place.toString(), StandardCharsets.UTF_8);
        Files.writeString(directory.resolve(END), Long.toString(end()), StandardCharsets.UTF_8);
    }

    private long end() {
        return log.entries().isEmpty()
                ? 0
                : log.entries().get(log.entries().size() - 1).end();
    }

    public static Recording load(Path directory) throws IOException {
        List<Mark> marks = new ArrayList<>();
        for (String line : Files.readAllLines(directory.resolve(MARKS), StandardCharsets.UTF_8)) {
            String[] parts = line.split(" ", 2);
            marks.add(new Mark(Long.parseLong(parts[0]), Long.parseLong(parts[1])));
        }
        Path place = Path.of(Files.readString(directory.resolve(PLACE), StandardCharsets.UTF_8));
        long end = Long.parseLong(Files.readString(directory.resolve(END), StandardCharsets.UTF_8));
        return new Recording(directory.resolve(BASE), place, DiskLog.read(directory.resolve(LOG), end), marks);
    }
}
