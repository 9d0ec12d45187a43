package dev.tidemark.runner.store;

import dev.tidemark.runner.store.Disk.FileSum;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a retained checkpoint or a savepoint consists of: its epoch, and of every file the name, the length and the CRC32C. Its last
 * line is its own checksum.
 */
record Manifest(long epoch, SortedMap<String, FileSum> files) {
    static final String FILE = "manifest";
    /** A million files would have no more. */
    static final int MOST_BYTES = 64 << 20;

    private static final String HEAD = "tidemark checkpoint ";
    private static final int VERSION = 1;
    private static final Pattern EPOCH = Pattern.compile("epoch ([0-9]{1,18})");
    /** No name has a separator in it, or begins with a dot. */
    private static final Pattern ENTRY =
            Pattern.compile("file ([0-9A-Za-z_-][0-9A-Za-z_.-]{0,200}) ([0-9]{1,18}) ([0-9a-f]{8})");

    byte[] write() {
        List<String> lines = new ArrayList<>();
        lines.add(HEAD + VERSION);
        lines.add("epoch " + epoch);
        for (Map.Entry<String, FileSum> file : files.entrySet()) {
            lines.add("file " + file.getKey() + " " + file.getValue().size() + " "
                    + String.format("%08x", file.getValue().crc()));
        }
        return SealedText.write(lines);
    }

    static Manifest read(byte[] bytes) throws DamagedException {
        List<String> lines = SealedText.read(bytes);
        if (lines.size() < 2 || !lines.get(0).startsWith(HEAD)) {
            throw new DamagedException("it does not begin as a manifest does");
        }
        if (!lines.get(0).equals(HEAD + VERSION)) {
            throw new DamagedException("it has format '" + SealedText.plain(lines.get(0))
                    + "', and this version of Tidemark reads '" + HEAD + VERSION + "'");
        }
        Matcher epoch = match(EPOCH, lines.get(1));
        SortedMap<String, FileSum> files = new TreeMap<>();
        for (String line : lines.subList(2, lines.size())) {
            Matcher entry = match(ENTRY, line);
            FileSum sum = new FileSum(Long.parseLong(entry.group(2)), Integer.parseUnsignedInt(entry.group(3), 16));
            if (files.put(entry.group(1), sum) != null) {
                throw new DamagedException("it names " + entry.group(1) + " twice");
            }
        }
        return new Manifest(Long.parseLong(epoch.group(1)), files);
    }

    private static Matcher match(Pattern pattern, String line) throws DamagedException {
        Matcher matcher = pattern.matcher(line);
        if (!matcher.matches()) {
            throw new DamagedException("it has a line '" + SealedText.plain(line) + "'");
        }
        return matcher;
    }
}
