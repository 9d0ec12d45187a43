package dev.tidemark.processor.model;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.ParameterizedTypeName;
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
import dev.tidemark.processor.schema.Storable.Field;
import dev.tidemark.processor.schema.Storable.HandleOf;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A valid group.
 *
 * @param names what is generated for it
 * @param isPublic whether the group class can be seen from other packages
 * @param construction how an instance of the group class is come by
 * @param parts the input: one, or the alternatives of a sealed one
 * @param outputs the rows: one, or the alternatives of a sealed output
 * @param batch how many events their handler takes at once, if it takes several
 */
public record GroupModel(
        GeneratedNames names,
        String name,
        boolean isPublic,
        Construction construction,
        KeyModel key,
        List<PartModel> parts,
        Composite input,
        Optional<DeduplicateModel> deduplicate,
        StateModel state,
        Composite output,
        List<OutputModel> outputs,
        TimeoutModel timeout,
        Order order,
        long lateness,
        Late late,
        OutputMode mode,
        AtEnd atEnd,
        long ttl,
        ErrorPolicy onError,
        List<EventModel> onEvent,
        Optional<BatchModel> batch,
        Optional<HandlerModel> onTimeout,
        List<AlarmModel> alarms,
        Optional<HandlerModel> onExpire,
        Optional<HandlerModel> onInitial,
        List<MigrationModel> migrations) {

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

    /**
     * The input, or one of the alternatives of a sealed one.
     *
     * @param key its components that make up the key; none if a method computes it
     * @param eventTime its component that says when it happened
     */
    public record PartModel(ClassName type, List<String> key, Optional<String> eventTime) {}

    /** What tells events apart, and how long one is remembered, in milliseconds. */
    public record DeduplicateModel(List<Field> on, long within) {}

    /**
     * The state: plain fields that are stored together, plain fields with a cell of their own, and handles.
     *
     * @param ttls how long fields are remembered, in milliseconds by field number
     */
    public record StateModel(
            Composite plain, int version, List<Field> cells, List<HandleModel> handles, Map<Integer, Long> ttls) {
        /** The state with its handles, as it travels. */
        public Composite whole() {
            if (isRecord()) {
                return plain;
            }
            List<Field> all = new ArrayList<>(plain.fields());
            all.addAll(cells);
            for (HandleModel handle : handles) {
                all.add(new Field(handle.number(), handle.name(), handle.whole()));
            }
            all.sort(Comparator.comparingInt(Field::number));
            return new Composite(plain.type(), plain.id() + "/whole", Storable.Shape.WHOLE_STATE, List.copyOf(all));
        }

        /** Whether it is a record, which handlers replace. */
        public boolean isRecord() {
            return plain.shape() == Storable.Shape.RECORD;
        }

        /** Whether there are values, which have defaults, and not handles alone. */
        public boolean hasValues() {
            return hasPlainFields() || !cells.isEmpty();
        }

        /** Whether anything is stored in the cell of the plain fields. */
        public boolean hasPlainFields() {
            return !plain.fields().isEmpty();
        }

        /** Whether a handler leaves an object that is to be stored, and the next is to be given. */
        public boolean hasFields() {
            return isRecord() || hasPlainFields();
        }
    }

    /** A handle; {@code key} is that of the entries of a table. */
    public record HandleModel(
            HandleKind kind,
            int number,
            String name,
            boolean fixed,
            Optional<Storable> key,
            Optional<Storable> element) {
        /** How it travels with the whole state. */
        private HandleOf whole() {
            List<Storable> elements =
                    Stream.concat(key.stream(), element.stream()).toList();
            String interfaceName = kind == HandleKind.BAG_TIMELINE ? "TIMELINE" : kind.name();
            ClassName raw = ClassName.get(
                    "dev.tidemark",
                    interfaceName.charAt(0) + interfaceName.substring(1).toLowerCase(Locale.ROOT));
            TypeName type = elements.isEmpty()
                    ? raw
                    : ParameterizedTypeName.get(
                            raw,
                            elements.stream().map(each -> each.type().box()).toArray(TypeName[]::new));
            return new HandleOf(type, interfaceName.toLowerCase(Locale.ROOT), elements);
        }
    }

    /** A handler of events, and the type of those that it takes: the input, or one of its alternatives. */
    public record EventModel(ClassName type, HandlerModel handler) {}

    /** How many events a handler is given at most, and how long, in milliseconds, they wait for one another by the clock. */
    public record BatchModel(int max, long delay) {}

    /** A method that brings the plain fields of the state from one version to the next. */
    public record MigrationModel(int from, String method, Composite before) {
        /** The number of the version that it leads to; the cell of that version is called by it. */
        public int to() {
            return from + 1;
        }
    }

    /** An alarm. */
    public record AlarmModel(String name, HandlerModel handler) {}

    /** The kinds of handles. */
    public enum HandleKind {
        BAG,
        MEMBERS,
        TABLE,
        TALLY,
        TIMELINE,
        /** A timeline on a runner without ordered lists. */
        BAG_TIMELINE
    }

    /** One output collection. */
    public record OutputModel(ClassName type, String accessor, int number) {}

    /** The timeout; durations in milliseconds, 0 if there is none. */
    public record TimeoutModel(TimeoutDomain domain, long after, TimeoutFrom from, long maxAge) {}

    /** A handler method. */
    public record HandlerModel(String method, boolean isStatic, Returns returns, List<Argument> arguments) {
        /** Whether what it emits is collected while it runs; else it emits what it returns, or nothing. */
        public boolean collectsRows() {
            return switch (returns) {
                case NOTHING, ONE -> takes(Argument.Out.class);
                case OPTIONAL, LIST, STREAM, STEP -> true;
            };
        }

        boolean takes(Class<? extends Argument> kind) {
            return arguments.stream().anyMatch(kind::isInstance);
        }
    }

    /** What a handler returns. */
    public enum Returns {
        NOTHING,
        ONE,
        OPTIONAL,
        LIST,
        STREAM,
        /** What becomes of a state that is a record, and the rows. */
        STEP
    }

    /** What a handler is given. */
    public sealed interface Argument {
        /** The event. */
        record Input() implements Argument {}

        /** The state. */
        record State() implements Argument {}

        /** The state of a record, absent or not. */
        record Old(boolean isOptional) implements Argument {}

        /** The group. */
        record Live() implements Argument {}

        /** The timeout handle. */
        record Timeout() implements Argument {}

        /** An alarm. */
        record AlarmOf(String name) implements Argument {}

        /** The collector of rows. */
        record Out() implements Argument {}

        /** Why the timeout fires. */
        record Cause() implements Argument {}

        /** The key, or a component of it. */
        record KeyPart(Optional<String> component, TypeName type) implements Argument {}
    }

    /** Whether anything but an event can call a handler, or end the group, in event time. */
    public boolean isDueInEventTime() {
        return timesOutInEventTime() || ttl > 0 || (onExpire.isPresent() && !timesOutByClock());
    }

    /** Whether more than the timeout can be due, or than the end of the time to live where there is no timeout. */
    public boolean hasSeveralDue() {
        return (ttl > 0 && !isUntimed()) || !alarms.isEmpty() || onExpire.isPresent();
    }

    /** Whether the timeout can ever be set. */
    public boolean timesOut() {
        return timeout.domain() != TimeoutDomain.NONE
                && (timeout.after() > 0
                        || timeout.maxAge() > 0
                        || onEvent.stream().anyMatch(event -> takesTimeout(event.handler()))
                        || onTimeout.map(GroupModel::takesTimeout).orElse(false)
                        || alarms.stream().anyMatch(alarm -> takesTimeout(alarm.handler())));
    }

    private static boolean takesTimeout(HandlerModel handler) {
        return handler.returns() == Returns.STEP
                || handler.arguments().stream().anyMatch(Argument.Timeout.class::isInstance);
    }

    /** Whether each event is handled as it comes and nothing else is, but for the end of the time to live. */
    public boolean isUntimed() {
        return timeout.domain() == TimeoutDomain.NONE
                && !isOrdered()
                && !isBatched()
                && alarms.isEmpty()
                && onExpire.isEmpty()
                && onInitial.isEmpty()
                && state.ttls().isEmpty();
    }

    /** Whether the events say when they happened. */
    public boolean hasEventTime() {
        return parts.get(0).eventTime().isPresent();
    }

    /** Whether there are several inputs. */
    public boolean hasSealedInput() {
        return input.shape() == Storable.Shape.UNION;
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

    private Stream<HandlerModel> handlers() {
        return Stream.of(
                        onEvent.stream().map(EventModel::handler),
                        onInitial.stream(),
                        onTimeout.stream(),
                        alarms.stream().map(AlarmModel::handler),
                        onExpire.stream())
                .flatMap(handlers -> handlers);
    }

    /** Whether a handler can close the group, and go on with a state that is empty. */
    public boolean resets() {
        return !state.isRecord() && handlers().anyMatch(handler -> handler.takes(Argument.Live.class));
    }

    /** Whether nothing but the call of a handler knows the state that it is given. */
    public boolean hasLocalState() {
        return state.hasValues() && !resets();
    }

    /** Whether the rows of a handler are collected while it runs. */
    public boolean collectsRows() {
        return handlers().anyMatch(HandlerModel::collectsRows);
    }

    /** Whether the handler of events takes several of them. */
    public boolean isBatched() {
        return batch.isPresent();
    }

    /** Whether one call may be for more than one event. */
    public boolean takesSeveral() {
        return batch.map(each -> each.max() > 1).orElse(false);
    }

    /** Whether events wait, by the wall clock, for others to be handled with. */
    public boolean gathers() {
        return takesSeveral() && !isOrdered();
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
