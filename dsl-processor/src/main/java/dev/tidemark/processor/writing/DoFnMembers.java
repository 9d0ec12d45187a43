package dev.tidemark.processor.writing;

import com.palantir.javapoet.ClassName;
import java.util.Set;

/** The simple names that mean a member of Beam's DoFn inside every subclass of it. */
public final class DoFnMembers {
    /** Its nested types, as of Beam 2.70. */
    public static final Set<String> NAMES = Set.of(
            "AlwaysFetched",
            "BoundedPerElement",
            "BundleFinalizer",
            "DoFn",
            "Element",
            "FieldAccess",
            "FinishBundle",
            "FinishBundleContext",
            "GetInitialRestriction",
            "GetInitialWatermarkEstimatorState",
            "GetRestrictionCoder",
            "GetSize",
            "GetWatermarkEstimatorStateCoder",
            "Key",
            "MultiOutputReceiver",
            "NewTracker",
            "NewWatermarkEstimator",
            "OnTimer",
            "OnTimerContext",
            "OnTimerFamily",
            "OnWindowExpiration",
            "OnWindowExpirationContext",
            "OutputReceiver",
            "ProcessContext",
            "ProcessContinuation",
            "ProcessElement",
            "RequiresStableInput",
            "RequiresTimeSortedInput",
            "Restriction",
            "Setup",
            "SideInput",
            "SplitRestriction",
            "StartBundle",
            "StartBundleContext",
            "StateId",
            "Teardown",
            "TimerFamily",
            "TimerId",
            "Timestamp",
            "TruncateRestriction",
            "UnboundedPerElement",
            "WatermarkEstimatorState",
            "WindowedContext");

    private DoFnMembers() {}

    /** A nested type by its simple name, which a subclass of DoFn inherits. */
    static ClassName of(String name) {
        return ClassName.get("", name);
    }
}
