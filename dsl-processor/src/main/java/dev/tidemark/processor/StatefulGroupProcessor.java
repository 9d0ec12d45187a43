package dev.tidemark.processor;

import com.google.auto.common.BasicAnnotationProcessor;
import com.google.auto.service.AutoService;
import com.google.common.collect.ImmutableList;
import java.util.Set;
import javax.annotation.processing.Processor;
import javax.lang.model.SourceVersion;

/**
 * Turns each class annotated with {@code @StatefulGroup} into {@code XGroup}, its DoFn and its coders. Isolating: what is
 * written for a class depends on that class alone, and on the types that it names.
 */
@AutoService(Processor.class)
public final class StatefulGroupProcessor extends BasicAnnotationProcessor {

    /** The option that names the directory with the committed snapshots: {@code src/main/tidemark} of the module. */
    static final String SNAPSHOTS = "tidemark.snapshots";

    /** The option that accepts what is in the source: {@code true} writes the snapshots anew. */
    static final String ACCEPT = "tidemark.accept";

    /** The option that names the runners that the groups are for, separated by commas. */
    static final String TARGETS = "tidemark.targets";

    /** Made by the compiler. */
    public StatefulGroupProcessor() {}

    @Override
    protected Iterable<? extends Step> steps() {
        return ImmutableList.of(new StatefulGroupStep(processingEnv), new StrayHandlerStep(processingEnv));
    }

    @Override
    public Set<String> getSupportedOptions() {
        return Set.of(SNAPSHOTS, ACCEPT, TARGETS, "org.gradle.annotation.processing.isolating");
    }

    @Override
    public SourceVersion getSupportedSourceVersion() {
        return SourceVersion.latestSupported();
    }
}
