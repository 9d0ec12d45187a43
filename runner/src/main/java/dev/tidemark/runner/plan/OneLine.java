package dev.tidemark.runner.plan;

/** Text that user code has chosen, such as the name of a transform, where a line must stay one: in messages, logs and lists. */
public final class OneLine {
    private OneLine() {}

    /** The text with a space for everything that breaks a line or steers a terminal. */
    public static String of(String text) {
        return text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]", " ");
    }
}
