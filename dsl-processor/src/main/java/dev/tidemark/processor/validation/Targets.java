package dev.tidemark.processor.validation;

import dev.tidemark.TimeoutDomain;
import dev.tidemark.processor.declaration.GroupDeclaration;
import dev.tidemark.processor.model.GroupModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The runners that the groups of a compilation are for, as the option {@code tidemark.targets} names them. Immutable. */
public final class Targets {
    private static final String SPARK_STREAMING = "spark-streaming";
    private static final List<String> KNOWN =
            List.of("direct", "tidemark", "flink-streaming", "flink-batch", "spark-batch", SPARK_STREAMING, "dataflow");
    /** Their processing-time timers wait for the last element. */
    private static final List<String> FIRE_AT_THE_END = List.of("flink-batch", "spark-batch");
    /** Nobody has seen ordered lists work there. */
    private static final List<String> WITHOUT_ORDERED_LISTS = List.of(SPARK_STREAMING, "dataflow");

    private final List<String> names;

    private Targets(List<String> names) {
        this.names = names;
    }

    /** Those in the text of the option, separated by commas; none if it is not given. */
    public static Targets of(Optional<String> option) {
        List<String> names = new ArrayList<>();
        for (String each : option.orElse("").split(",", -1)) {
            if (!each.isBlank()) {
                names.add(each.trim());
            }
        }
        return new Targets(List.copyOf(names));
    }

    /** Whether all of them keep ordered lists; if not, timelines are kept in bags. */
    boolean haveOrderedLists() {
        return names.stream().noneMatch(WITHOUT_ORDERED_LISTS::contains);
    }

    /** What of a group does not run where it is to run. */
    void validate(GroupDeclaration group, GroupModel model, ValidationReport.Builder report) {
        for (String name : names) {
            if (!KNOWN.contains(name)) {
                report.add(
                        ErrorCode.TargetUnknown,
                        group.annotation(),
                        "-Atidemark.targets names \"%s\", which is no runner. %s",
                        AnchorValidator.printable(name),
                        Suggestions.nearest(name, KNOWN)
                                .map(word -> "Did you mean \"" + word + "\"?")
                                .orElse("The targets are: " + String.join(", ", KNOWN)));
            }
        }
        if (names.contains(SPARK_STREAMING)) {
            eventTimers(model)
                    .ifPresent(what -> report.add(
                            ErrorCode.TargetUnsupported,
                            group.annotation(),
                            "\"%s\" does not run on spark-streaming, which rejects event-time timers: the group has %s. Leave"
                                    + " the target out, or the group by the clock",
                            model.name(),
                            what));
        }
        if (model.timeout().domain() == TimeoutDomain.PROCESSING_TIME) {
            for (String name : names) {
                if (FIRE_AT_THE_END.contains(name)) {
                    report.add(
                            ErrorCode.TargetEndOnly,
                            group.timeout().domain().site(),
                            "on %s a timeout by the wall clock fires at the end of the input only, whenever it was to fire."
                                    + " Suppress with @SuppressWarnings(\"Tidemark/TargetEndOnly\") if that will do",
                            name);
                }
            }
        }
    }

    private static Optional<String> eventTimers(GroupModel model) {
        if (model.isOrdered()) {
            return Optional.of("order = EVENT_TIME");
        }
        if (model.timesOutInEventTime()) {
            return Optional.of("a timeout in event time");
        }
        if (model.ttl() > 0) {
            return Optional.of("a ttl");
        }
        if (model.onExpire().isPresent()) {
            return Optional.of("@OnExpire");
        }
        if (model.gathers()) {
            return Optional.of("batches of events, which end with their window");
        }
        return model.timesOutByClock() ? Optional.of("a timer for the end of its window") : Optional.empty();
    }
}
