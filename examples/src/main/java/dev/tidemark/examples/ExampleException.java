package dev.tidemark.examples;

/**
 * Something the user can put right. The message says what happened, why, and what to do; it is all that gets printed.
 * The id at its end is what {@code docs/errors.md} indexes.
 */
public final class ExampleException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Whose fault it is, which decides the exit code. */
    public enum Kind {
        /** The input or the pipeline: exit code 1. */
        INPUT(1),
        /** The command line: exit code 2. */
        USAGE(2);

        private final int exitCode;

        Kind(int exitCode) {
            this.exitCode = exitCode;
        }

        /** The exit code of a program that ends because of this. */
        public int exitCode() {
            return exitCode;
        }
    }

    private final Kind kind;

    private ExampleException(Kind kind, String id, String what, String why, String remedy) {
        super(what + ": " + why + "\n  " + remedy + " [" + id + "]");
        this.kind = kind;
    }

    static ExampleException input(String id, String what, String why, String remedy) {
        return new ExampleException(Kind.INPUT, id, what, why, remedy);
    }

    static ExampleException usage(String id, String what, String why, String remedy) {
        return new ExampleException(Kind.USAGE, id, what, why, remedy);
    }

    /** Whose fault it is. */
    public Kind kind() {
        return kind;
    }
}
