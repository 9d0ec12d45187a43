package dev.tidemark.processor;

import com.google.auto.common.BasicAnnotationProcessor.Step;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSetMultimap;
import dev.tidemark.OnAlarm;
import dev.tidemark.OnEvent;
import dev.tidemark.OnEvents;
import dev.tidemark.OnExpire;
import dev.tidemark.OnInitial;
import dev.tidemark.OnTimeout;
import dev.tidemark.StatefulGroup;
import dev.tidemark.processor.declaration.Site;
import dev.tidemark.processor.validation.ErrorCode;
import dev.tidemark.processor.validation.ValidationReport;
import java.util.Map;
import java.util.Set;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.Element;

/** Finds handlers outside a group, which nobody would ever call. */
final class StrayHandlerStep implements Step {
    private final ProcessingEnvironment environment;

    StrayHandlerStep(ProcessingEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public Set<String> annotations() {
        return ImmutableSet.of(
                OnEvent.class.getCanonicalName(),
                OnEvents.class.getCanonicalName(),
                OnTimeout.class.getCanonicalName(),
                OnAlarm.class.getCanonicalName(),
                OnExpire.class.getCanonicalName(),
                OnInitial.class.getCanonicalName());
    }

    @Override
    public ImmutableSet<Element> process(ImmutableSetMultimap<String, Element> elementsByAnnotation) {
        ValidationReport.Builder report = new ValidationReport.Builder();
        for (Map.Entry<String, Element> entry : elementsByAnnotation.entries()) {
            Element owner = Site.owner(entry.getValue());
            if (owner.getAnnotation(StatefulGroup.class) == null) {
                report.add(
                        ErrorCode.HandlerOutsideGroup,
                        Site.of(entry.getValue()),
                        "@%s means something only in a @StatefulGroup class; %s is none",
                        entry.getKey().substring(entry.getKey().lastIndexOf('.') + 1),
                        owner.getSimpleName());
            }
        }
        report.build().print(environment.getMessager(), Set.of());
        return ImmutableSet.of();
    }
}
