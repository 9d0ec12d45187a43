package dev.tidemark.processor.validation;

import javax.tools.Diagnostic;

/** Every diagnostic of the processor, by name. The name is what users suppress a warning by, and look up. */
public enum ErrorCode {
    AnchorKind,
    AnchorShape,
    GeneratedNameTaken,
    NameShadowedByDoFn,
    GroupNotSerializable,
    NameMissing,
    NameSyntax,
    NameDuplicate,
    RoleMissing,
    RoleTwice,
    RoleKind,
    KeyMissing,
    KeySignature,
    KeyNotDeterministic,
    EventTimeType,
    EventTimeTwice,
    DeduplicateOn,
    EventTimeMissing(Diagnostic.Kind.WARNING),
    FieldType,
    FieldNumber,
    TypeShape,
    StateFieldModifiers,
    StateConstructor,
    StateVersion,
    CellField,
    MigrateShape,
    SnapshotIncompatible,
    SnapshotVersion,
    MigrateMissing,
    SnapshotUnreadable,
    SnapshotMissing(Diagnostic.Kind.WARNING),
    SnapshotOutdated(Diagnostic.Kind.WARNING),
    HandlerMissing,
    HandlerTwice,
    HandlerShape,
    HandlerParameter,
    HandlerReturn,
    HandlerOutsideGroup,
    BatchSize,
    BatchNeedsDelay,
    BatchDelayUnused,
    OutputNotPermitted,
    OutputName,
    UpdateManyRows,
    EventTimeoutDomain,
    ClockTimeoutDomain,
    TimeoutHandlerUnused,
    AlarmName,
    AlarmUnknown,
    AlarmNeverSet,
    AlarmNeedsTimeout,
    ExpireDiscarded,
    TtlByClock,
    InitialNeedsOrder,
    TimeoutSyntax,
    TimeoutNotPositive,
    TimeoutTooLong,
    TimeoutSetTwice,
    TimeoutNeverFires,
    OrderNotChosen,
    OrderNeedsEventTime,
    LatenessNeedsOrder,
    LateNeedsEventTime,
    TargetUnknown,
    TargetUnsupported,
    TargetEndOnly(Diagnostic.Kind.WARNING),
    NeverFreed(Diagnostic.Kind.WARNING),
    NeverCloses(Diagnostic.Kind.WARNING),
    NotRepeatable(Diagnostic.Kind.WARNING);

    private final Diagnostic.Kind kind;

    ErrorCode() {
        this(Diagnostic.Kind.ERROR);
    }

    ErrorCode(Diagnostic.Kind kind) {
        this.kind = kind;
    }

    /** Whether it stops the build. */
    public Diagnostic.Kind kind() {
        return kind;
    }

    /** How the message begins. */
    public String tag() {
        return "[Tidemark/" + name() + "]";
    }
}
