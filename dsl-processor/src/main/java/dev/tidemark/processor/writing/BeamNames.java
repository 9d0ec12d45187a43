package dev.tidemark.processor.writing;

import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import javax.annotation.processing.Generated;

/** The names of Beam and of the run-time library. */
final class BeamNames {
    private static final String SDK = "org.apache.beam.sdk";

    static final ClassName CODER = ClassName.get(SDK + ".coders", "Coder");
    static final ClassName CODER_REGISTRY = ClassName.get(SDK + ".coders", "CoderRegistry");
    static final ClassName LIST_CODER = ClassName.get(SDK + ".coders", "ListCoder");
    static final ClassName KV_CODER = ClassName.get(SDK + ".coders", "KvCoder");
    static final ClassName STRING_CODER = ClassName.get(SDK + ".coders", "StringUtf8Coder");
    static final ClassName PIPELINE = ClassName.get(SDK, "Pipeline");
    static final ClassName STATE_SPEC = ClassName.get(SDK + ".state", "StateSpec");
    static final ClassName STATE_SPECS = ClassName.get(SDK + ".state", "StateSpecs");
    static final ClassName VALUE_STATE = ClassName.get(SDK + ".state", "ValueState");
    static final ClassName BAG_STATE = ClassName.get(SDK + ".state", "BagState");
    static final ClassName SET_STATE = ClassName.get(SDK + ".state", "SetState");
    static final ClassName MAP_STATE = ClassName.get(SDK + ".state", "MapState");
    static final ClassName COMBINING_STATE = ClassName.get(SDK + ".state", "CombiningState");
    static final ClassName LIST = ClassName.get(java.util.List.class);
    static final ClassName ORDERED_LIST_STATE = ClassName.get(SDK + ".state", "OrderedListState");
    static final ClassName TIME_DOMAIN = ClassName.get(SDK + ".state", "TimeDomain");
    static final ClassName TIMER = ClassName.get(SDK + ".state", "Timer");
    static final ClassName TIMER_SPEC = ClassName.get(SDK + ".state", "TimerSpec");
    static final ClassName TIMER_SPECS = ClassName.get(SDK + ".state", "TimerSpecs");
    static final ClassName DO_FN = ClassName.get(SDK + ".transforms", "DoFn");
    static final ClassName FLATTEN = ClassName.get(SDK + ".transforms", "Flatten");
    static final ClassName PAR_DO = ClassName.get(SDK + ".transforms", "ParDo");
    static final ClassName P_TRANSFORM = ClassName.get(SDK + ".transforms", "PTransform");
    static final ClassName SUM = ClassName.get(SDK + ".transforms", "Sum");
    static final ClassName BOUNDED_WINDOW = ClassName.get(SDK + ".transforms.windowing", "BoundedWindow");
    static final ClassName KV = ClassName.get(SDK + ".values", "KV");
    static final ClassName P_COLLECTION = ClassName.get(SDK + ".values", "PCollection");
    static final ClassName P_COLLECTION_LIST = ClassName.get(SDK + ".values", "PCollectionList");
    static final ClassName P_COLLECTION_TUPLE = ClassName.get(SDK + ".values", "PCollectionTuple");
    static final ClassName P_INPUT = ClassName.get(SDK + ".values", "PInput");
    static final ClassName P_OUTPUT = ClassName.get(SDK + ".values", "POutput");
    static final ClassName P_VALUE = ClassName.get(SDK + ".values", "PValue");
    static final ClassName TIMESTAMPED_VALUE = ClassName.get(SDK + ".values", "TimestampedValue");
    static final ClassName TUPLE_TAG = ClassName.get(SDK + ".values", "TupleTag");
    static final ClassName TUPLE_TAG_LIST = ClassName.get(SDK + ".values", "TupleTagList");
    static final ClassName JODA_DURATION = ClassName.get("org.joda.time", "Duration");
    static final ClassName JODA_INSTANT = ClassName.get("org.joda.time", "Instant");

    static final ClassName FAILED = ClassName.get("dev.tidemark", "Failed");
    static final ClassName UPSERT = ClassName.get("dev.tidemark", "Upsert");
    static final ClassName STEP = ClassName.get("dev.tidemark", "Step");
    static final ClassName ALARM = ClassName.get("dev.tidemark", "Alarm");
    static final ClassName ARRIVAL = runtime("Arrival");
    static final ClassName ARRIVAL_CODER = runtime("ArrivalCoder");
    static final ClassName BATCH = runtime("Batch");
    static final ClassName BATCHES = runtime("Batches");
    static final ClassName WAITING = runtime("Waiting");
    static final ClassName ARRIVALS = runtime("Arrivals");
    static final ClassName HELD = runtime("Held");
    static final ClassName HELD_CODER = runtime("HeldCoder");
    static final ClassName FIELD_CELL = runtime("FieldCell");
    static final ClassName HANDLE_WIRES = runtime("HandleWires");
    static final ClassName DUPLICATES = runtime("Duplicates");
    static final ClassName IDENTITY_FN = runtime("IdentityFn");
    static final ClassName KEPT = runtime("Kept");
    static final ClassName KEPT_CODER = runtime("KeptCoder");
    static final ClassName LIVE_GROUP = runtime("LiveGroup");
    static final ClassName TIMED_GROUP = runtime("TimedGroup");
    static final ClassName UNTIMED_GROUP = runtime("UntimedGroup");
    static final ClassName GROUP_SETTINGS = runtime("GroupSettings");
    static final ClassName INBOX = runtime("Inbox");
    static final ClassName INPUTS = runtime("Inputs");
    static final ClassName KEYING_FN = runtime("KeyingFn");
    static final ClassName EVENT_TIMES = KEYING_FN.nestedClass("EventTimes");
    static final ClassName ROWS = runtime("Rows");
    static final ClassName TIMES = runtime("Times");
    static final ClassName WIRE = runtime("Wire");
    static final ClassName WIRES = runtime("Wires");
    static final ClassName WIRE_CODER = runtime("WireCoder");
    static final ClassName WIRE_READER = runtime("WireReader");
    static final ClassName WIRE_WRITER = runtime("WireWriter");
    static final ClassName RECORD_CODER = runtime("RecordCoder");
    static final ClassName STORED_FIELD = RECORD_CODER.nestedClass("StoredField");
    static final ClassName FAILED_CODER = runtime("FailedCoder");
    static final ClassName UPSERT_CODER = runtime("UpsertCoder");

    static final AnnotationSpec GENERATED = AnnotationSpec.builder(Generated.class)
            .addMember("value", "$S", "dev.tidemark.processor.StatefulGroupProcessor")
            .build();

    private BeamNames() {}

    static ClassName runtime(String name) {
        return ClassName.get("dev.tidemark.runtime", name);
    }

    static ParameterizedTypeName of(ClassName raw, TypeName... arguments) {
        return ParameterizedTypeName.get(raw, arguments);
    }
}
