package dev.tidemark.runner.operator;

import dev.tidemark.runner.state.Views;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.beam.runners.core.LateDataUtils;
import org.apache.beam.runners.core.SideInputReader;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.WindowingStrategy;

/** The side inputs of one step as the DoFn runtime sees them. Owned by one task. */
final class SideInputs implements SideInputReader {
    private final Views views;
    private final Map<String, PCollectionView<?>> byTag;

    SideInputs(Views views, Iterable<PCollectionView<?>> sideInputs) {
        this.views = views;
        this.byTag = StreamSupport.stream(sideInputs.spliterator(), false)
                .collect(Collectors.toUnmodifiableMap(SideInputs::tag, view -> view, (first, again) -> first));
        byTag.forEach((tag, view) -> views.declare(tag, window -> emptyAfter(view, window)));
    }

    /**
     * By when a window of a view has content, if it will have any: when its trigger would have fired, or, where that is not certain,
     * when nothing can come into the window any more.
     */
    @SuppressWarnings("deprecation") // deprecated for users, meant for runners
    private static long emptyAfter(PCollectionView<?> view, BoundedWindow window) {
        WindowingStrategy<?, ?> windowing = view.getWindowingStrategyInternal();
        return Math.min(
                windowing.getTrigger().getWatermarkThatGuaranteesFiring(window).getMillis(),
                LateDataUtils.garbageCollectionTime(window, windowing).getMillis());
    }

    @SuppressWarnings("deprecation") // deprecated for users, meant for runners
    static String tag(PCollectionView<?> view) {
        return view.getTagInternal().getId();
    }

    /** Whether every side input is known in the window that belongs to {@code mainWindow}. */
    boolean areReady(BoundedWindow mainWindow) {
        for (Map.Entry<String, PCollectionView<?>> view : byTag.entrySet()) {
            BoundedWindow window = view.getValue().getWindowMappingFn().getSideInputWindow(mainWindow);
            if (!views.isReady(view.getKey(), window)) {
                return false;
            }
        }
        return true;
    }

    /** Forgets contents that no element of a window still alive at {@code watermark} can ask for. */
    void forgetBefore(long watermark, long allowedLateness, BiConsumer<String, BoundedWindow> forgotten) {
        for (String tag : byTag.keySet()) {
            views.forget(tag, neededFrom(tag, watermark, allowedLateness), window -> forgotten.accept(tag, window));
        }
    }

    /** From when on windows of a view may be asked for by elements of windows still alive at {@code watermark}. */
    long neededFrom(String tag, long watermark, long allowedLateness) {
        PCollectionView<?> view = byTag.get(tag);
        if (view == null) {
            throw new IllegalArgumentException("no side input " + tag + " here; there are " + byTag.keySet());
        }
        return watermark
                - allowedLateness
                - view.getWindowMappingFn().maximumLookback().getMillis();
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // the view's own function made the value; it may be null
    public <T> T get(PCollectionView<T> view, BoundedWindow window) {
        Object content = views.get(tag(view), window);
        return (T) (content == null ? DecodedView.empty(view) : ((DecodedView) content).value());
    }

    @Override
    public <T> boolean contains(PCollectionView<T> view) {
        return byTag.containsKey(tag(view));
    }

    @Override
    public boolean isEmpty() {
        return byTag.isEmpty();
    }
}
