package dev.tidemark.examples;

/** Why a line is not a reading, in words that do not repeat its content. It carries no stack trace: bad rows are data. */
final class MalformedRowException extends Exception {
    private static final long serialVersionUID = 1;

    private final String reason;

    MalformedRowException(String reason) {
        super(reason, null, false, false);
        this.reason = reason;
    }

    MalformedRowException(String reason, Throwable cause) {
        super(reason, cause, false, false);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
