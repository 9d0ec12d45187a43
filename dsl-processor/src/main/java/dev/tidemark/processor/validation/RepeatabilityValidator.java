package dev.tidemark.processor.validation;

import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import dev.tidemark.processor.declaration.GroupDeclaration;
import dev.tidemark.processor.declaration.Site;
import java.util.Set;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.util.ElementFilter;
import org.jspecify.annotations.Nullable;

/**
 * Warns of handlers that ask for the time of day or for chance: a runner may call them again after a failure, and what they
 * did then must be what they do now. Reads the source as far as the compiler shows it, and by the names in it; where it does
 * not, as in other compilers than javac, there is no warning.
 */
public final class RepeatabilityValidator {
    private static final Set<String> CALLS = Set.of(
            "Instant.now",
            "LocalDate.now",
            "LocalTime.now",
            "LocalDateTime.now",
            "ZonedDateTime.now",
            "OffsetDateTime.now",
            "System.currentTimeMillis",
            "System.nanoTime",
            "Math.random",
            "UUID.randomUUID",
            "ThreadLocalRandom.current");

    private final ProcessingEnvironment environment;

    /** With the tools of the compiler. */
    public RepeatabilityValidator(ProcessingEnvironment environment) {
        this.environment = environment;
    }

    /** The warnings about the methods of a group. */
    public ValidationReport validate(GroupDeclaration group) {
        ValidationReport.Builder report = new ValidationReport.Builder();
        Trees trees;
        try {
            trees = Trees.instance(environment);
        } catch (IllegalArgumentException | LinkageError notJavac) {
            return report.build();
        }
        for (ExecutableElement method : ElementFilter.methodsIn(group.anchor().getEnclosedElements())) {
            TreePath path = trees.getPath(method);
            if (path != null) {
                new Scanner(trees, report).scan(path, method.getSimpleName().toString());
            }
        }
        return report.build();
    }

    /** Goes with the name of the method. */
    private static final class Scanner extends TreePathScanner<Object, String> {
        private final Trees trees;
        private final ValidationReport.Builder report;

        Scanner(Trees trees, ValidationReport.Builder report) {
            this.trees = trees;
            this.report = report;
        }

        @Override
        public @Nullable Object visitMethodInvocation(MethodInvocationTree call, String method) {
            String name = call.getMethodSelect().toString();
            for (String each : CALLS) {
                if ((name.equals(each) || name.endsWith("." + each))
                        && call.getArguments().isEmpty()) {
                    warn(method, call, name + "()");
                }
            }
            return super.visitMethodInvocation(call, method);
        }

        @Override
        public @Nullable Object visitNewClass(NewClassTree made, String method) {
            if (made.getIdentifier().toString().matches("(java\\.util\\.)?Random")
                    && made.getArguments().isEmpty()) {
                warn(method, made, "new Random()");
            }
            return super.visitNewClass(made, method);
        }

        private void warn(String method, Tree tree, String what) {
            report.add(
                    ErrorCode.NotRepeatable,
                    new Site.Expression(trees, getCurrentPath().getCompilationUnit(), tree),
                    "%s calls %s, which gives something else when the call is repeated after a failure. Take the time from the"
                            + " event or group.eventTime(), and chance from the event",
                    method,
                    what);
        }
    }
}
