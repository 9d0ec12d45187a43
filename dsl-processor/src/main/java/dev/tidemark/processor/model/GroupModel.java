package dev.tidemark.processor.model;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.TypeName;
import dev.tidemark.AtEnd;
import dev.tidemark.ErrorPolicy;
import dev.tidemark.Late;
import dev.tidemark.Order;
import dev.tidemark.OutputMode;
import dev.tidemark.TimeoutDomain;
import dev.tidemark.TimeoutFrom;
import dev.tidemark.processor.schema.Storable;
import dev.tidemark.processor.schema.Storable.Composite;
import java.util.List;
import java.util.Optional;

/**
 * A valid group.
 *
 * @param names what is generated for it
 * @param isPublic whether the group class can be seen from other packages
 * @param construction how an instance of the group class is come by
 * @param outputs the rows: one, or the alternatives of a sealed output
 */
public record GroupModel(
        GeneratedNames names,
        String name,
        boolean isPublic,
        Construction construction,
        KeyModel key,
        Optional<EventTimeModel> eventTime,
        Composite input,
        StateModel state,
        Composite output,
        List<OutputModel> outputs,
        TimeoutModel timeout,
        Order order,
        long lateness,
        Late late,
        OutputMode mode,
        AtEnd atEnd,
        ErrorPolicy onError,
        HandlerModel onEvent,
        Optional<HandlerModel> onTimeout) {

    /** How an instance of the group class is come by. */
    public enum Construction {
        /** By its constructor without arguments. */
        OWN,
        /** It is given, and serializable. */
        GIVEN,
        /** Both are possible. */
        OWN_OR_GIVEN
    }

    /**
     * The key.
     *
     * @param storable how it is stored
     * @param components of the input that make it up; one, or several for a key record
     * @param method the method of the group class that computes it instead
     */
    public record KeyModel(Storable storable, List<String> components, Optional<String> method) {
        /** Whether the key is a generated record. */
        public boolean isComposite() {
            return components.size() > 1;
        }
    }

    /** The component that says when an event happened. */
    public record EventTimeModel(String component) {}

    /** The state: plain fields, stored together, and handles. */
    public record StateModel(Composite plain, int version, List<HandleModel> handles) {
        /** Whether anything is stored in the cell of the plain fields. */
        public boolean hasPlainFields() {
            return !plain.fields().isEmpty();
        }
    }

    /** A handle. */
    public record HandleModel(HandleKind kind, int number, String name, Optional<Storable> element) {}

    /** The kinds of handles. */
    public enum HandleKind {
        BAG,
        MEMBERS,
        TALLY,
        TIMELINE
    }

    /** One output collection. */
    public record OutputModel(ClassName type, String accessor, int number) {}

    /** The timeout; durations in milliseconds, 0 if there is none. */
    public record TimeoutModel(TimeoutDomain domain, long after, TimeoutFrom from, long maxAge) {}

    /** A handler method. */
    public record HandlerModel(String method, boolean isStatic, Returns returns, List<Argument> arguments) {}

    /** What a handler returns. */
    public enum Returns {
        NOTHING,
        ONE,
        OPTIONAL,
        LIST,
        STREAM
    }

    /** What a handler is given. */
    public sealed interface Argument {
        /** The event. */
        record Input() implements Argument {}

        /** The state. */
        record State() implements Argument {}

        /** The group. */
        record Live() implements Argument {}

        /** The timeout handle. */
        record Timeout() implements Argument {}

        /** The collector of rows. */
        record Out() implements Argument {}

        /** Why the timeout fires. */
        record Cause() implements Argument {}

        /** The key, or a component of it. */
        record KeyPart(Optional<String> component, TypeName type) implements Argument {}
    }

    /** Whether the timeout is in event time. */
    public boolean timesOutInEventTime() {
        return timeout.domain() == TimeoutDomain.EVENT_TIME;
    }

    /** Whether the timeout is by the wall clock. */
    public boolean timesOutByClock() {
        return timeout.domain() == TimeoutDomain.PROCESSING_TIME;
    }

    /** Whether events wait in an inbox. */
    public boolean isOrdered() {
        return order == Order.EVENT_TIME;
    }

    /** Whether an event can be late for the group. */
    public boolean knowsLate() {
        return isOrdered() || timesOutInEventTime();
    }

    /** Whether the output is sealed. */
    public boolean isSealed() {
        return output.shape() == Storable.Shape.UNION;
    }

    /** Whether rows replace one another. */
    public boolean isUpdate() {
        return mode == OutputMode.UPDATE;
    }
}
