package dev.tidemark.processor.declaration;

import dev.tidemark.AtEnd;
import dev.tidemark.ErrorPolicy;
import dev.tidemark.Late;
import dev.tidemark.Order;
import dev.tidemark.OutputMode;
import dev.tidemark.TimeoutDomain;
import dev.tidemark.TimeoutFrom;
import java.util.List;
import java.util.Optional;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;

/**
 * A group as it is written, right or wrong.
 *
 * @param anchor the annotated type
 * @param annotation the place of its annotation
 * @param inputs the types that claim to be the input, by annotation; as {@code states} and {@code outputs}
 * @param keyMethods methods of the group marked {@code @Key}
 */
public record GroupDeclaration(
        TypeElement anchor,
        Site annotation,
        Written<String> name,
        TimeoutDeclaration timeout,
        Written<Order> order,
        Written<String> lateness,
        Written<Late> late,
        Written<OutputMode> output,
        Written<AtEnd> atEnd,
        Written<String> ttl,
        ErrorPolicy onError,
        List<TypeElement> inputs,
        Optional<DeduplicateDeclaration> deduplicate,
        List<TypeElement> states,
        int stateVersion,
        List<TypeElement> outputs,
        List<ExecutableElement> onEvent,
        List<EventsDeclaration> onEvents,
        List<ExecutableElement> onTimeout,
        List<AlarmDeclaration> onAlarm,
        List<ExecutableElement> onExpire,
        List<ExecutableElement> onInitial,
        List<MigrateDeclaration> migrations,
        List<ExecutableElement> keyMethods) {

    /** A method marked {@code @OnEvents}, and the bounds of a batch that it states. */
    public record EventsDeclaration(Written<Integer> maxBatch, Written<String> maxDelay, ExecutableElement method) {}

    /** A method marked {@code @OnAlarm}, and the name that it states. */
    public record AlarmDeclaration(Written<String> name, ExecutableElement method) {}

    /** A method marked {@code @Migrate}, and the version that it states. */
    public record MigrateDeclaration(Written<Integer> from, ExecutableElement method) {}

    /** {@code @Deduplicate} of the input, as it is written. */
    public record DeduplicateDeclaration(List<Written<String>> on, Site site, Written<String> within) {}

    /** {@code @Timeout}, as it is written. */
    public record TimeoutDeclaration(
            Written<TimeoutDomain> domain, Written<String> after, Written<TimeoutFrom> from, Written<String> maxAge) {}
}
