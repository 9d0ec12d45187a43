package dev.tidemark.examples;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file of readings, or a part of one: comma-separated with a header, or a JSON object per line. Blank lines are skipped, but counted.
 *
 * @param path where it is
 * @param from the first byte of this part
 * @param to the byte after the last one
 * @param firstLine the number of the line at {@code from}
 */
record ActivityFile(String path, EventTimeColumn eventTime, long from, long to, long firstLine)
        implements ActivityInput {
    private static final String REMEDY =
            "Give --input the path of a CSV file with a header that has Creation_Time or Arrival_Time, x, y, z, User,"
                    + " Device and gt, or of a file with one such JSON object per line; without --input the readings"
                    + " are generated.";

    /** The whole file, looked at closely enough to say at once what is wrong with it. */
    static ActivityFile at(String path, EventTimeColumn eventTime) {
        Path file = existing(path);
        try {
            ActivityFile whole = new ActivityFile(path, eventTime, 0, Files.size(file), 1);
            whole.format();
            return whole;
        } catch (AccessDeniedException e) {
            throw ExampleException.input(
                    "TM-INPUT-003",
                    cannotRead(path),
                    "you may not read it",
                    "Give yourself the right to read it (chmod +r), or run as a user who may.");
        } catch (MalformedRowException e) {
            throw ExampleException.input("TM-INPUT-004", cannotRead(path), e.reason(), REMEDY);
        } catch (IOException e) {
            throw ExampleException.input("TM-INPUT-005", cannotRead(path), String.valueOf(e.getMessage()), REMEDY);
        }
    }

    private static Path existing(String path) {
        Path file;
        try {
            file = Path.of(path);
        } catch (InvalidPathException e) {
            throw ExampleException.input("TM-INPUT-001", cannotRead(path), "that is not a path", REMEDY);
        }
        if (Files.isDirectory(file)) {
            throw ExampleException.input("TM-INPUT-002", cannotRead(path), "it is a directory", REMEDY);
        }
        if (!Files.exists(file)) {
            throw ExampleException.input(
                    "TM-INPUT-001", cannotRead(path), "there is no file at " + file.toAbsolutePath(), REMEDY);
        }
        if (!Files.isRegularFile(file)) {
            throw ExampleException.input(
                    "TM-INPUT-002",
                    cannotRead(path),
                    "it is not a regular file, and only such a file can be read again from a checkpoint",
                    "Write what it delivers to a file first.");
        }
        return file;
    }

    private static String cannotRead(String path) {
        return "Cannot read the input " + path;
    }

    @Override
    public Position start() {
        return new Position(from, firstLine);
    }

    @Override
    public RowFeed open(Position position) throws IOException {
        try {
            return new FileRows(this, format(), position);
        } catch (MalformedRowException e) {
            throw ExampleException.input("TM-INPUT-004", cannotRead(path), e.reason(), REMEDY);
        }
    }

    /** Cuts at ends of lines, and counts the lines on the way, so that every part knows the numbers of its own. */
    @Override
    public List<ActivityFile> split(int parts) throws IOException {
        List<ActivityFile> split = new ArrayList<>();
        try (LineReader lines = new LineReader(Path.of(path), from, to)) {
            long begin = from;
            long beginLine = firstLine;
            long line = firstLine;
            while (lines.advance()) {
                line++;
                long cut = from + (to - from) / parts * (split.size() + 1);
                if (lines.next() >= cut && split.size() + 1 < parts && lines.next() < to) {
                    split.add(new ActivityFile(path, eventTime, begin, lines.next(), beginLine));
                    begin = lines.next();
                    beginLine = line;
                }
            }
            split.add(new ActivityFile(path, eventTime, begin, to, beginLine));
        }
        return List.copyOf(split);
    }

    /** One user's readings lie all over the file. */
    @Override
    public boolean splitsKeepTheOrderOfUsers() {
        return false;
    }

    @Override
    public long estimatedBytes() {
        return to - from;
    }

    /**
     * How to read the rows.
     *
     * @param bodyFrom the first byte after the header
     */
    private record Format(RowParser parser, long bodyFrom) {}

    /** What the first line of the file asks for; null if the file has no line. */
    private @Nullable Format format() throws IOException, MalformedRowException {
        try (LineReader lines = new LineReader(Path.of(path), 0, Files.size(Path.of(path)))) {
            while (lines.advance()) {
                if (lines.tooLong()) {
                    throw new MalformedRowException(
                            "its first line is longer than " + LineReader.LONGEST_LINE + " bytes");
                }
                String first = first(lines);
                if (first.stripLeading().startsWith("{")) {
                    return new Format(RowParser.json(eventTime), 0);
                }
                if (!first.isBlank()) {
                    return new Format(RowParser.csv(first, eventTime), lines.next());
                }
            }
            return null;
        }
    }

    private static String first(LineReader lines) throws MalformedRowException {
        try {
            return lines.text();
        } catch (CharacterCodingException e) {
            throw new MalformedRowException("its first line is not text in UTF-8", e);
        }
    }

    /** The rows of a part of a file. */
    private static final class FileRows implements RowFeed {
        private final LineReader lines;
        private final @Nullable Format format;
        private long line;
        private @Nullable Row row;

        FileRows(ActivityFile file, @Nullable Format format, Position position) throws IOException {
            this.format = format;
            this.lines = new LineReader(Path.of(file.path()), position.offset(), file.to());
            this.line = position.line() - 1;
        }

        @Override
        public boolean advance() throws IOException {
            while (format != null && lines.advance()) {
                line++;
                Row parsed = parsed(format);
                if (parsed != null) {
                    row = parsed;
                    return true;
                }
            }
            row = null;
            return false;
        }

        /** Null for what is no row: a blank line, or the header. */
        private @Nullable Row parsed(Format known) {
            if (lines.tooLong()) {
                return new Malformed(line, "it is longer than " + LineReader.LONGEST_LINE + " bytes");
            }
            try {
                String text = lines.text();
                return text.isBlank() || lines.begin() < known.bodyFrom()
                        ? null
                        : known.parser().parse(line, text);
            } catch (CharacterCodingException e) {
                return new Malformed(line, "it is not text in UTF-8");
            }
        }

        @Override
        public Row row() {
            if (row == null) {
                throw new IllegalStateException("there is no row before the first and after the last");
            }
            return row;
        }

        @Override
        public Position next() {
            return new Position(lines.next(), line + 1);
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }
}
