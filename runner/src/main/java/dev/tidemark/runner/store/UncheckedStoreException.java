package dev.tidemark.runner.store;

/** As {@link StoreException}, where rows are read: whoever reads has no way on. */
public final class UncheckedStoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UncheckedStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
