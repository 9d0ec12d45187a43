package dev.tidemark.processor;

import com.google.auto.common.BasicAnnotationProcessor;
import com.google.auto.service.AutoService;
import com.google.common.collect.ImmutableList;
import javax.annotation.processing.Processor;
import javax.lang.model.SourceVersion;

/**
 * Turns each class annotated with {@code @StatefulGroup} into {@code XGroup}, its DoFn and its coders. Isolating: what is
 * written for a class depends on that class alone, and on the types that it names.
 */
@AutoService(Processor.class)
public final class StatefulGroupProcessor extends BasicAnnotationProcessor {

    /** Made by the compiler. */
    public StatefulGroupProcessor() {}

    @Override
    protected Iterable<? extends Step> steps() {
        return ImmutableList.of(new StatefulGroupStep(processingEnv), new StrayHandlerStep(processingEnv));
    }

    @Override
    public SourceVersion getSupportedSourceVersion() {
        return SourceVersion.latestSupported();
    }
}
