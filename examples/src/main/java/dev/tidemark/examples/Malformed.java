package dev.tidemark.examples;

/**
 * A line that is not a reading. It says where and why, and keeps the content to itself: input may be anything, also
 * confidential.
 */
public record Malformed(long line, String reason) implements Row {
    @Override
    public String toString() {
        return "line " + line + ": " + reason;
    }
}
