package dev.tidemark.runner.store;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A directory's name for any string: a part that people recognise, and a hash of the whole, which is what tells two apart. */
final class EncodedName {
    private static final int LABEL = 40;
    private static final int HASH_BYTES = 10;

    private EncodedName() {}

    static String of(String name) {
        StringBuilder label = new StringBuilder();
        for (int i = 0; i < name.length() && label.length() < LABEL; i++) {
            char c = name.charAt(i);
            boolean kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            if (kept) {
                label.append(c);
            } else if (c >= 'A' && c <= 'Z') {
                label.append((char) (c - 'A' + 'a'));
            } else if (label.length() > 0 && label.charAt(label.length() - 1) != '-') {
                label.append('-');
            }
        }
        while (label.length() > 0 && label.charAt(label.length() - 1) == '-') {
            label.setLength(label.length() - 1);
        }
        return (label.length() == 0 ? "job" : label) + "-" + hash(name);
    }

    /** Of the characters as they are: not every string has a UTF-8 of its own. */
    private static String hash(String name) {
        ByteBuffer characters = ByteBuffer.allocate(name.length() * Character.BYTES);
        characters.asCharBuffer().put(name);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(characters.array());
            return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
