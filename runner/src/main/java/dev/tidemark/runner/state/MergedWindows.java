package dev.tidemark.runner.state;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.WindowFn;
import org.apache.beam.sdk.util.UserCodeException;
import org.jspecify.annotations.Nullable;

/** Merges windows all at once, where all of them are known. */
final class MergedWindows {
    private MergedWindows() {}

    /**
     * From each window that comes out to those that went into it, in their order.
     *
     * @param windowFn who merges them; null where nobody does
     */
    static Map<BoundedWindow, List<BoundedWindow>> of(
            @Nullable WindowFn<?, BoundedWindow> windowFn, Collection<BoundedWindow> windows) {
        Map<BoundedWindow, BoundedWindow> into = new HashMap<>();
        if (windowFn != null && windows.size() > 1) {
            try {
                merge(windowFn, windows, into);
            } catch (Exception e) {
                throw UserCodeException.wrap(e);
            }
        }
        Map<BoundedWindow, List<BoundedWindow>> merged = new LinkedHashMap<>();
        for (BoundedWindow window : windows) {
            merged.computeIfAbsent(into.getOrDefault(window, window), result -> new ArrayList<>(1))
                    .add(window);
        }
        return merged;
    }

    private static <T> void merge(
            WindowFn<T, BoundedWindow> windowFn,
            Collection<BoundedWindow> windows,
            Map<BoundedWindow, BoundedWindow> into)
            throws Exception {
        windowFn.mergeWindows(windowFn.new MergeContext() {
            @Override
            public Collection<BoundedWindow> windows() {
                return windows;
            }

            @Override
            public void merge(Collection<BoundedWindow> toBeMerged, BoundedWindow result) {
                toBeMerged.forEach(window -> into.put(window, result));
            }
        });
    }
}
