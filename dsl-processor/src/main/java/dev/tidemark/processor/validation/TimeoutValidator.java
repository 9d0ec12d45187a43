package dev.tidemark.processor.validation;

import dev.tidemark.Late;
import dev.tidemark.Order;
import dev.tidemark.TimeoutDomain;
import dev.tidemark.processor.declaration.GroupDeclaration;
import dev.tidemark.processor.declaration.Site;
import dev.tidemark.processor.declaration.Written;
import dev.tidemark.processor.model.GroupModel.Argument;
import dev.tidemark.processor.model.GroupModel.Returns;
import dev.tidemark.processor.model.GroupModel.TimeoutModel;
import dev.tidemark.processor.validation.HandlerValidator.Handlers;
import java.util.Optional;

/** Checks durations, and whether timeout, order and lateness go together. */
final class TimeoutValidator {
    private final ValidationReport.Builder report;
    private final DurationReader durations;

    /** The timeout and the lateness in milliseconds. */
    record Times(TimeoutModel timeout, Order order, long lateness, long ttl) {
        /** Whether the group lives by event time. */
        boolean needEventTime() {
            return timeout.domain() == TimeoutDomain.EVENT_TIME || order == Order.EVENT_TIME;
        }
    }

    TimeoutValidator(ValidationReport.Builder report) {
        this.report = report;
        this.durations = new DurationReader(report);
    }

    Optional<Times> validate(GroupDeclaration group) {
        int before = report.errors();
        TimeoutDomain domain = group.timeout().domain().value();
        long after = durations.read("timeout", group.timeout().after(), false);
        long maxAge = durations.read("maxAge", group.timeout().maxAge(), false);
        long ttl = durations.read("ttl", group.ttl(), false);
        long lateness = durations.read("lateness", group.lateness(), true);
        boolean timed = domain != TimeoutDomain.NONE;
        if (!timed
                && (group.timeout().after().explicit()
                        || group.timeout().maxAge().explicit())) {
            Written<String> written = group.timeout().after().explicit()
                    ? group.timeout().after()
                    : group.timeout().maxAge();
            report.add(
                    ErrorCode.TimeoutNeverFires,
                    written.site(),
                    "the timeout can never fire: the group says timeout = NONE. Write @Timeout(value = EVENT_TIME, ...) or"
                            + " @Timeout(value = PROCESSING_TIME, ...)");
        }
        if (domain == TimeoutDomain.EVENT_TIME && !group.order().explicit()) {
            report.add(
                    ErrorCode.OrderNotChosen,
                    group.timeout().domain().site(),
                    "choose order = ARRIVAL or order = EVENT_TIME: with an event-time timeout they differ in batch and replay,"
                            + " where ARRIVAL merges groups that streaming would split");
        }
        Order order = group.order().value();
        if (order == Order.EVENT_TIME && domain == TimeoutDomain.PROCESSING_TIME) {
            report.add(
                    ErrorCode.OrderNeedsEventTime,
                    group.order().site(),
                    "order = EVENT_TIME waits for the watermark, but the timeout is by the wall clock; write order = ARRIVAL, or"
                            + " an event-time timeout");
        }
        if (order == Order.ARRIVAL && group.lateness().explicit() && lateness != 0) {
            report.add(
                    ErrorCode.LatenessNeedsOrder,
                    group.lateness().site(),
                    "lateness is how long order = EVENT_TIME waits for earlier events; with order = ARRIVAL nothing waits. Write"
                            + " order = EVENT_TIME, or leave lateness out");
        }
        boolean knowsLate = domain == TimeoutDomain.EVENT_TIME || order == Order.EVENT_TIME;
        if (!knowsLate && group.late().explicit() && group.late().value() != Late.DROP) {
            report.add(
                    ErrorCode.LateNeedsEventTime,
                    group.late().site(),
                    "late = %s has no effect: without an event-time timeout and without order = EVENT_TIME no event is late",
                    group.late().value());
        }
        if (domain == TimeoutDomain.PROCESSING_TIME && group.ttl().explicit()) {
            report.add(
                    ErrorCode.TtlByClock,
                    group.ttl().site(),
                    "ttl is measured in event time, but the timeout is by the wall clock; write maxAge = \"...\" in @Timeout, or"
                            + " an event-time timeout");
        }
        return report.errors() > before
                ? Optional.empty()
                : Optional.of(new Times(
                        new TimeoutModel(domain, after, group.timeout().from().value(), maxAge), order, lateness, ttl));
    }

    /** What only the handlers tell: whether a timeout is ever set, and whether the state is ever freed. */
    void validateUse(GroupDeclaration group, Handlers handlers) {
        TimeoutDomain domain = group.timeout().domain().value();
        boolean automatic =
                group.timeout().after().explicit() || group.timeout().maxAge().explicit();
        boolean sets = handlers.takesTimeout();
        if (domain != TimeoutDomain.NONE
                && !automatic
                && !sets
                && handlers.alarms().isEmpty()) {
            report.add(
                    ErrorCode.TimeoutNeverFires,
                    group.timeout().domain().site(),
                    "the timeout can never fire: no handler takes %s to set it. Take one, or write after = \"...\"",
                    domain == TimeoutDomain.EVENT_TIME ? "an EventTimeout" : "a ClockTimeout");
        }
        boolean takesGroup = handlers.all().stream().anyMatch(TimeoutValidator::takesGroup);
        if (domain == TimeoutDomain.NONE && !takesGroup && !group.ttl().explicit()) {
            report.add(
                    ErrorCode.NeverFreed,
                    group.annotation(),
                    "the state of \"%s\" is never freed in the global window: the group has no timeout, and its handler takes no"
                            + " Group to close. Suppress with @SuppressWarnings(\"Tidemark/NeverFreed\") if the keys are few",
                    group.name().value());
        }
        handlers.onTimeout().ifPresent(onTimeout -> {
            if (!takesGroup(onTimeout)
                    && !handlers.timeoutTakesTimeout()
                    && !group.ttl().explicit()) {
                report.add(
                        ErrorCode.NeverCloses,
                        Site.of(group.onTimeout().get(0)),
                        "%s never closes the group: it takes no Group, so its state stays after the timeout. Take a Group and call"
                                + " close(), or suppress with @SuppressWarnings(\"Tidemark/NeverCloses\")",
                        onTimeout.method());
            }
        });
    }

    private static boolean takesGroup(dev.tidemark.processor.model.GroupModel.HandlerModel handler) {
        return handler.returns() == Returns.STEP
                || handler.arguments().stream().anyMatch(Argument.Live.class::isInstance);
    }
}
