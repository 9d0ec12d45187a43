package dev.tidemark.runner.store;

import org.jspecify.annotations.Nullable;

/** What is on the disk is not what was written. The message is a clause: what, where, and as far as known expected and actual. */
final class DamagedException extends Exception {
    private static final long serialVersionUID = 1L;

    DamagedException(String message) {
        this(message, null);
    }

    DamagedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
