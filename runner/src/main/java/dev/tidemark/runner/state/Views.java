package dev.tidemark.runner.state;

import dev.tidemark.runner.time.Watermarks;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.jspecify.annotations.Nullable;

/**
 * The side inputs of one step, as far as they have come. Owned by one task; the contents are shared.
 *
 * <p>A window of a view is ready when its content has come, or when the view's watermark has passed the time by which it would
 * have: then it is known to be empty. A later pane replaces an earlier one.
 */
public final class Views {
    private static final class View {
        final Map<BoundedWindow, Object> contents = new HashMap<>();
        final ToLongFunction<BoundedWindow> emptyAfter;
        long watermark = Watermarks.MIN;

        View(ToLongFunction<BoundedWindow> emptyAfter) {
            this.emptyAfter = emptyAfter;
        }
    }

    private final Map<String, View> views = new HashMap<>();

    /**
     * Adds a view by its tag.
     *
     * @param emptyAfter by when the content of a window has come, if there is any, in milliseconds
     */
    public void declare(String tag, ToLongFunction<BoundedWindow> emptyAfter) {
        views.put(tag, new View(emptyAfter));
    }

    public boolean isDeclared(String tag) {
        return views.containsKey(tag);
    }

    /** Takes a pane of the view. */
    public void put(String tag, ViewContent content) {
        view(tag).contents.put(content.window(), content.value());
    }

    /** Nothing more comes for windows that end before {@code watermark}. */
    public void advance(String tag, long watermark) {
        view(tag).watermark = watermark;
    }

    /** Whether the content of the window is known. */
    public boolean isReady(String tag, BoundedWindow window) {
        View view = view(tag);
        return view.contents.containsKey(window) || view.watermark > view.emptyAfter.applyAsLong(window);
    }

    /** The content of the window; null where it is known to be empty, or not known yet. */
    public @Nullable Object get(String tag, BoundedWindow window) {
        return view(tag).contents.get(window);
    }

    /** Forgets the windows that end before {@code time}: no element will ask for them again. */
    public void forget(String tag, long time, Consumer<BoundedWindow> forgotten) {
        view(tag).contents.keySet().removeIf(window -> {
            boolean goes = window.maxTimestamp().getMillis() < time;
            if (goes) {
                forgotten.accept(window);
            }
            return goes;
        });
    }

    private View view(String tag) {
        View view = views.get(tag);
        if (view == null) {
            throw new IllegalArgumentException("no side input " + tag + " here; there are " + views.keySet());
        }
        return view;
    }
}
