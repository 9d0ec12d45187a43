package dev.tidemark.runner.store;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A small file of lines that ends with its own checksum. There is exactly one way to write the same lines, so whatever differs is
 * damage.
 */
final class SealedText {
    private static final String SEAL = "sum ";

    private SealedText() {}

    /** The file of these lines, none of which contains a line feed. */
    static byte[] write(List<String> lines) {
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            text.append(line).append('\n');
        }
        byte[] content = text.toString().getBytes(StandardCharsets.UTF_8);
        return text.append(SEAL)
                .append(String.format("%08x", sum(content)))
                .append('\n')
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    /** The lines of a file. */
    static List<String> read(byte[] file) throws DamagedException {
        String text = new String(file, StandardCharsets.UTF_8);
        List<String> lines = new ArrayList<>(text.lines().toList());
        if (lines.isEmpty()) {
            throw new DamagedException("it is empty");
        }
        String seal = lines.remove(lines.size() - 1);
        byte[] expected = write(lines);
        if (!java.util.Arrays.equals(expected, file)) {
            String right = new String(expected, StandardCharsets.UTF_8);
            throw new DamagedException("it ends with '" + plain(seal) + "', and its lines have '"
                    + right.substring(right.lastIndexOf(SEAL)).trim() + "'");
        }
        return lines;
    }

    /** Of what may be anything, what can be printed, and not much of it. */
    static String plain(String text) {
        StringBuilder plain = new StringBuilder();
        text.codePoints().limit(80).forEach(c -> {
            if (c >= ' ' && c < 0x7f) {
                plain.appendCodePoint(c);
            } else {
                plain.append(String.format("\\u%04x", c));
            }
        });
        return plain.toString();
    }

    private static int sum(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content);
        return (int) crc.getValue();
    }
}
