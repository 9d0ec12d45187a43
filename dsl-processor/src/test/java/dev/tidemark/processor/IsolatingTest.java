package dev.tidemark.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.processor.Compilations.Source;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.Filer;
import javax.annotation.processing.ProcessingEnvironment;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import org.junit.jupiter.api.Test;

/** What incremental builds rely on: each file says which class it is generated from, and Gradle is told so. */
final class IsolatingTest {
    /** The processor, with a filer that notes what each file is said to come from. */
    private static final class Noted extends AbstractProcessor {
        private final StatefulGroupProcessor processor = new StatefulGroupProcessor();
        private final Map<String, List<String>> origins = new TreeMap<>();

        @Override
        public synchronized void init(ProcessingEnvironment environment) {
            Filer noting = proxy(Filer.class, environment.getFiler(), (name, arguments) -> {
                if (name.startsWith("create")) {
                    Element[] from = (Element[]) arguments[arguments.length - 1];
                    String file = String.valueOf(arguments[name.equals("createResource") ? 2 : 0]);
                    origins.put(file, Arrays.stream(from).map(Element::toString).toList());
                }
                return null;
            });
            processor.init(proxy(
                    ProcessingEnvironment.class,
                    environment,
                    (name, arguments) -> name.equals("getFiler") ? noting : null));
        }

        private interface Interception {
            Object instead(String method, Object[] arguments);
        }

        private static <T> T proxy(Class<T> type, T target, Interception interception) {
            return type.cast(Proxy.newProxyInstance(
                    type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                        Object instead = interception.instead(method.getName(), arguments);
                        try {
                            return instead == null ? method.invoke(target, arguments) : instead;
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    }));
        }

        @Override
        public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
            return processor.process(annotations, round);
        }

        @Override
        public Set<String> getSupportedAnnotationTypes() {
            return processor.getSupportedAnnotationTypes();
        }

        @Override
        public Set<String> getSupportedOptions() {
            return processor.getSupportedOptions();
        }

        @Override
        public SourceVersion getSupportedSourceVersion() {
            return processor.getSupportedSourceVersion();
        }
    }

    @Test
    void eachGeneratedFileComesFromItsGroupAndFromNothingElse() {
        Noted noted = new Noted();
        Compilations.Outcome outcome = Compilations.compile(Compilations.groups(), List.of(), List.of(noted));
        assertThat(outcome.said()).isEmpty();
        assertThat(noted.origins).as("files").hasSize(6 * Compilations.groups().size());
        for (Source group : Compilations.groups()) {
            assertThat(noted.origins).containsEntry(group.name() + "Group", List.of(group.name()));
        }
        noted.origins.forEach((file, from) -> assertThat(from).as(file).hasSize(1));
        noted.origins.entrySet().stream()
                .filter(each -> !each.getKey().endsWith(".json"))
                .forEach(each ->
                        assertThat(each.getKey()).startsWith(each.getValue().get(0)));
    }

    @Test
    void gradleIsToldWhichProcessorIsolatesAndWhichAggregates() throws IOException {
        try (InputStream in = StatefulGroupProcessor.class.getResourceAsStream(
                "/META-INF/gradle/incremental.annotation.processors")) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines())
                    .containsExactlyInAnyOrder(
                            StatefulGroupProcessor.class.getName() + ",isolating",
                            GroupNameProcessor.class.getName() + ",aggregating");
        }
    }
}
