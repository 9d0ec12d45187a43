package dev.tidemark.runner.store;

/** The disk, or what is on it, is not as it should be. The message says what, why, and what to do, and begins with its id. */
public final class StoreException extends Exception {
    private static final long serialVersionUID = 1L;

    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }

    public StoreException(String message) {
        super(message);
    }
}
