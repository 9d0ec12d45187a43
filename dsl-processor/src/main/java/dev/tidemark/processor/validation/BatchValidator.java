package dev.tidemark.processor.validation;

import dev.tidemark.Order;
import dev.tidemark.processor.declaration.GroupDeclaration;
import dev.tidemark.processor.declaration.GroupDeclaration.EventsDeclaration;
import dev.tidemark.processor.declaration.Site;
import dev.tidemark.processor.model.GroupModel.BatchModel;
import java.util.Optional;
import javax.lang.model.element.ExecutableElement;

/** Checks {@code @OnEvents}: that it is alone, and that its events neither wait for ever nor in vain. */
final class BatchValidator {
    private final ValidationReport.Builder report;

    BatchValidator(ValidationReport.Builder report) {
        this.report = report;
    }

    /** How many events a handler takes, if it takes several. */
    Optional<BatchModel> validate(GroupDeclaration group) {
        if (group.onEvents().isEmpty()) {
            return Optional.empty();
        }
        EventsDeclaration events = group.onEvents().get(0);
        if (!group.onEvent().isEmpty()) {
            both(group.onEvent().get(0), events.method());
        } else if (group.onEvents().size() > 1) {
            report.add(
                    ErrorCode.HandlerTwice,
                    Site.of(group.onEvents().get(1).method()),
                    "two methods are @OnEvents: %s and %s; keep one",
                    events.method().getSimpleName(),
                    group.onEvents().get(1).method().getSimpleName());
        }
        int max = events.maxBatch().value();
        long delay = new DurationReader(report).read("maxDelay", events.maxDelay(), false);
        if (max < 1) {
            report.add(
                    ErrorCode.BatchSize,
                    events.maxBatch().site(),
                    "maxBatch = %s leaves no room for an event; write the most events that %s is to be given at once",
                    max,
                    events.method().getSimpleName());
        } else if (group.order().value() == Order.EVENT_TIME
                && events.maxDelay().explicit()) {
            report.add(
                    ErrorCode.BatchDelayUnused,
                    events.maxDelay().site(),
                    "maxDelay has no effect: with order = EVENT_TIME events wait for the watermark; leave it out");
        } else if (max == 1 && events.maxDelay().explicit()) {
            report.add(
                    ErrorCode.BatchDelayUnused,
                    events.maxDelay().site(),
                    "maxDelay has no effect: a batch of one event waits for no other; write maxBatch = 100, or the most events"
                            + " that %s is to be given at once",
                    events.method().getSimpleName());
        } else if (max > 1
                && group.order().value() == Order.ARRIVAL
                && !events.maxDelay().explicit()) {
            report.add(
                    ErrorCode.BatchNeedsDelay,
                    events.maxBatch().site(),
                    "the last events of a key would wait for ever for others; say for how long: maxDelay = \"1s\"");
        }
        return Optional.of(new BatchModel(max, delay));
    }

    private void both(ExecutableElement event, ExecutableElement events) {
        report.add(
                ErrorCode.HandlerTwice,
                Site.of(events),
                "%s is @OnEvents and %s is @OnEvent, but an event goes to one of them; keep one",
                events.getSimpleName(),
                event.getSimpleName());
    }
}
