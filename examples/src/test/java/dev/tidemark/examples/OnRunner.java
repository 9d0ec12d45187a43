package dev.tidemark.examples;

import java.util.Comparator;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.options.StreamingOptions;

/** A runner with its options, as an example is run on it. */
record OnRunner(String name, List<String> arguments) {
    OnRunner(String name, String... arguments) {
        this(name, List.of(arguments));
    }

    OnRunner and(String argument) {
        return new OnRunner(
                name + " " + argument,
                java.util.stream.Stream.concat(arguments.stream(), java.util.stream.Stream.of(argument))
                        .toList());
    }

    /** The lines that the example gives for the input, sorted. */
    List<String> lines(Example example, ActivityInput input) {
        StreamingOptions options = PipelineOptionsFactory.fromArgs(arguments.toArray(String[]::new))
                .as(StreamingOptions.class);
        Pipeline pipeline = Pipeline.create(options);
        ReadActivity read = new ReadActivity(input, options.isStreaming(), 5_000);
        try (Collected collected = Collected.of(
                "Collect", example.lines(pipeline.apply("ReadActivity", read).get(ReadActivity.READINGS)))) {
            pipeline.run().waitUntilFinish();
            return collected.rows().stream().sorted(Comparator.naturalOrder()).toList();
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
