package dev.tidemark.runner.operator;

import dev.tidemark.runner.flow.Receiver;
import dev.tidemark.runner.plan.Step;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.apache.beam.runners.core.SideInputReader;
import org.apache.beam.sdk.fn.splittabledofn.RestrictionTrackers;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.DoFn.BundleFinalizer;
import org.apache.beam.sdk.transforms.DoFn.ProcessContinuation;
import org.apache.beam.sdk.transforms.reflect.DoFnInvoker;
import org.apache.beam.sdk.transforms.splittabledofn.RestrictionTracker;
import org.apache.beam.sdk.transforms.splittabledofn.SplitResult;
import org.apache.beam.sdk.transforms.splittabledofn.TimestampObservingWatermarkEstimator;
import org.apache.beam.sdk.transforms.splittabledofn.WatermarkEstimator;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.WindowedValue;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One call of a splittable DoFn's {@code @ProcessElement}, and the rules of such calls: nothing is emitted before the first claim
 * or after a failed one; after a failed claim there is no other, and no resuming. Owned by one operator, and used again for each
 * call.
 *
 * <p>A call may go on for ever, so each claim but the first asks whether it has been enough. If so, what is left of the restriction is split
 * off there and then: the user keeps the position just claimed and finds that the next claim fails.
 */
@SuppressWarnings({"unchecked", "rawtypes"}) // a DoFn's types are erased in the plan; the pipeline checked them
final class SplittableCall extends ElementCall implements RestrictionTrackers.ClaimObserver<Object> {
    /**
     * What a call leaves to be done.
     *
     * @param watermark before which the rest emits nothing, as far as the DoFn knows
     */
    record Residual(
            @Nullable Object restriction, @Nullable Object estimatorState, Instant watermark, long delayMillis) {}

    private final DoFnInvoker<Object, Object> invoker;
    private final BooleanSupplier isEnough;
    private final LongSupplier nanos;
    private final long patienceNanos;
    private @Nullable Object restriction;
    private @Nullable Object estimatorState;
    private @Nullable RestrictionTracker<Object, Object> tracker;
    private @Nullable WatermarkEstimator<Object> estimator;
    private @Nullable Residual residual;
    private boolean hasClaimed;
    /** The last position that was claimed: there are trackers whose positions are null. */
    private @Nullable Object claimed;

    private boolean claimFailed;
    private long done;
    /** When the call began, and when it claimed something for the first time. */
    private long begunAt;

    private long claimedAt;

    /**
     * @param receivers outputs, each of which tells {@link #emitting} before it passes an element on
     * @param isEnough asked after each claim: whether the call has done as much as it should
     * @param nanos how long the turn has lasted so far
     * @param patienceNanos when that is enough
     */
    SplittableCall(
            DoFn<Object, Object> fn,
            DoFnInvoker<Object, Object> invoker,
            Step.Function function,
            PipelineOptions options,
            SideInputReader sideInputs,
            BundleFinalizer finalizer,
            Map<TupleTag<?>, Receiver> receivers,
            BooleanSupplier isEnough,
            LongSupplier nanos,
            long patienceNanos) {
        super(
                fn,
                function,
                options,
                sideInputs,
                finalizer,
                receivers,
                (id, window) -> {
                    throw new IllegalStateException("a splittable DoFn has no state, but asked for " + id);
                },
                null);
        this.invoker = invoker;
        this.isEnough = isEnough;
        this.nanos = nanos;
        this.patienceNanos = patienceNanos;
    }

    /** The state from which the first call for an element and restriction starts to estimate its watermark. */
    @Nullable
    Object firstEstimatorState(WindowedValue<?> element, @Nullable Object ofRestriction) {
        begin(element, ofRestriction, null);
        return invoker.invokeGetInitialWatermarkEstimatorState(this);
    }

    /** Processes the restriction of an element, or a first part of it. Returns the rest, or null when nothing is left. */
    @Nullable
    Residual process(WindowedValue<?> element, @Nullable Object ofRestriction, @Nullable Object fromEstimatorState) {
        begin(element, ofRestriction, fromEstimatorState);
        estimator = invoker.invokeNewWatermarkEstimator(this);
        RestrictionTracker<Object, Object> observed = RestrictionTrackers.observe(invoker.invokeNewTracker(this), this);
        tracker = observed;
        ProcessContinuation continuation = invoker.invokeProcessElement(this);
        if (continuation.shouldResume()) {
            if (claimFailed) {
                throw new IllegalStateException(
                        "After tryClaim() returned false, @ProcessElement must return stop(), but "
                                + "returned resume()");
            }
            if (residual == null) {
                splitOff();
            }
        }
        observed.checkDone();
        Residual rest = residual;
        return rest == null || !continuation.shouldResume()
                ? rest
                : new Residual(
                        rest.restriction(),
                        rest.estimatorState(),
                        rest.watermark(),
                        continuation.resumeDelay().getMillis());
    }

    /** What is left to do of a restriction that is not to be processed for ever; null where that is nothing. */
    RestrictionTracker.@Nullable TruncateResult<?> truncate(WindowedValue<?> element, @Nullable Object ofRestriction) {
        begin(element, ofRestriction, null);
        tracker = invoker.invokeNewTracker(this);
        return invoker.invokeTruncateRestriction(this);
    }

    private void begin(WindowedValue<?> element, @Nullable Object ofRestriction, @Nullable Object fromEstimatorState) {
        prepare(element);
        restriction = ofRestriction;
        estimatorState = fromEstimatorState;
        tracker = null;
        estimator = null;
        residual = null;
        hasClaimed = false;
        claimed = null;
        claimFailed = false;
        begunAt = nanos.getAsLong();
    }

    /** How much has been claimed and emitted since {@link #startCounting}. */
    long done() {
        return done;
    }

    void startCounting() {
        done = 0;
    }

    /** The last position that the call has claimed; null where there is none, or where it is nothing. */
    @Nullable
    Object claimed() {
        return claimed;
    }

    // ---------------------------------------------------------------- claims

    @Override
    public void onClaimed(Object position) {
        checkNoClaimFailed("tryClaim() must not be called");
        done++;
        // Never at the first: a call has to open and close what it reads, and should get somewhere for it.
        claimed = position;
        if (!hasClaimed) {
            hasClaimed = true;
            claimedAt = nanos.getAsLong();
        } else if (residual == null && (isEnough.getAsBoolean() || hasLastedEnough())) {
            splitOff();
        }
    }

    /** What takes long to open may be read for as long as that took: a call that ended before would mostly open. */
    private boolean hasLastedEnough() {
        long now = nanos.getAsLong();
        return now >= patienceNanos && now - claimedAt >= claimedAt - begunAt;
    }

    @Override
    public void onClaimFailed(Object position) {
        checkNoClaimFailed("tryClaim() must not be called");
        claimFailed = true;
    }

    private void checkNoClaimFailed(String rule) {
        if (claimFailed) {
            throw new IllegalStateException(rule + " after a tryClaim() that returned false");
        }
    }

    /** A tracker may refuse; then the call goes on, and the next claim asks again. */
    private void splitOff() {
        WatermarkEstimator<Object> estimating = watermarkEstimator();
        // In this order, and before the split: a bound for whatever the rest may emit, and the state that belongs to
        // it.
        Instant watermark = estimating.currentWatermark();
        Object state = estimating.getState();
        SplitResult<Object> split = restrictionTracker().trySplit(0);
        if (split != null) {
            residual = new Residual(split.getResidual(), state, watermark, 0);
        }
    }

    // ---------------------------------------------------------------- outputs

    /** Checks and counts an element that the call is about to emit. */
    void emitting(WindowedValue<?> element) {
        checkNoClaimFailed("Output is not allowed");
        if (!hasClaimed) {
            throw new IllegalStateException("Output is not allowed before tryClaim()");
        }
        done++;
        if (estimator instanceof TimestampObservingWatermarkEstimator observing) {
            observing.observeTimestamp(element.getTimestamp());
        }
    }

    /** The watermark is the estimator's word here, not the element's timestamp: only the end of time is a limit. */
    @Override
    void check(Instant timestamp) {
        if (timestamp.isAfter(BoundedWindow.TIMESTAMP_MAX_VALUE)) {
            throw new IllegalArgumentException("Cannot output with timestamp " + timestamp + ", which is after "
                    + BoundedWindow.TIMESTAMP_MAX_VALUE);
        }
    }

    // ---------------------------------------------------------------- what a splittable DoFn may ask for beside the
    // element

    @Override
    @SuppressWarnings("NullAway") // Beam does not mark it, but a restriction may be null
    public @Nullable Object restriction() {
        RestrictionTracker<Object, Object> tracking = tracker;
        return tracking == null ? restriction : tracking.currentRestriction();
    }

    @Override
    public RestrictionTracker<Object, Object> restrictionTracker() {
        RestrictionTracker<Object, Object> tracking = tracker;
        if (tracking == null) {
            throw new IllegalStateException("there is no RestrictionTracker outside of @ProcessElement");
        }
        return tracking;
    }

    @Override
    @SuppressWarnings("NullAway") // Beam does not mark it, but most estimators have no state
    public @Nullable Object watermarkEstimatorState() {
        return estimatorState;
    }

    @Override
    public WatermarkEstimator<Object> watermarkEstimator() {
        WatermarkEstimator<Object> estimating = estimator;
        if (estimating == null) {
            throw new IllegalStateException("there is no WatermarkEstimator outside of @ProcessElement");
        }
        return estimating;
    }
}
