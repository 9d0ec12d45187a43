package dev.tidemark.runner.state;

import org.apache.beam.sdk.transforms.windowing.BoundedWindow;

/**
 * What a side input holds in one window: made once by the view's task, then shared by reference with every task that reads the
 * view. Immutable; the decoded form ({@code value}) is what the user's code gets.
 */
public record ViewContent(BoundedWindow window, Object value) {}
