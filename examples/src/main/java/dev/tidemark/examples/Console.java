package dev.tidemark.examples;

import java.io.PrintStream;

/**
 * Where the programs of this package talk. Rows are the user's data and go to standard output; everything else goes to
 * standard error, in colour only on a terminal and without {@code NO_COLOR}.
 */
final class Console {
    private static final boolean TERMINAL = Boolean.getBoolean("tidemark.terminal");
    private static final boolean COLOUR = TERMINAL && isEmpty("NO_COLOR") && !"dumb".equals(System.getenv("TERM"));
    private static final boolean DEBUG = !isEmpty("TIDEMARK_DEBUG");
    private static final String GREEN = "32";
    private static final String RED = "31";
    private static final String BOLD = "1";

    private Console() {}

    private static boolean isEmpty(String variable) {
        String value = System.getenv(variable);
        return value == null || value.isEmpty();
    }

    /** One line of the result. */
    @SuppressWarnings("SystemOut")
    static void row(String line) {
        System.out.println(line);
    }

    private static PrintStream messages() {
        return System.err;
    }

    /** A line that stays: it takes the place of the runner's line of progress, which comes again below it. */
    private static void line(String text) {
        messages().println(TERMINAL ? "\r\u001b[K" + text : text);
    }

    /** Whether a person is watching: then one line may be written over the other. */
    static boolean isTerminal() {
        return TERMINAL;
    }

    static void heading(String text) {
        line(coloured(BOLD, "▸ ") + text);
    }

    static void success(String text) {
        line(coloured(GREEN, "✓ ") + text);
    }

    static void failure(String text) {
        line(coloured(RED, "✗ ") + text);
    }

    static void detail(String text) {
        line("  " + text);
    }

    /** Takes the line of progress away again. */
    static void endOfProgress() {
        if (TERMINAL) {
            messages().print("\r\u001b[K");
            messages().flush();
        }
    }

    /** What only somebody who looks for a fault wants to see: printed with TIDEMARK_DEBUG=1. */
    static void debug(String text) {
        if (DEBUG) {
            detail(text);
        }
    }

    static void debug(Throwable failure) {
        if (DEBUG) {
            failure.printStackTrace(messages());
        }
    }

    private static String coloured(String code, String text) {
        return COLOUR ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
