package dev.tidemark;

/** A handler threw. The message names the group, the handler and the key; the cause is what the handler threw. */
public final class GroupFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Made by the generated code. */
    public GroupFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
