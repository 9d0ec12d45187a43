package dev.tidemark.examples;

import java.util.Comparator;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.options.StreamingOptions;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TypeDescriptors;

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
        PCollectionTuple rows = pipeline.apply("ReadActivity", read);
        // Beam's runner on Spark gives what goes to an output that nobody reads to those who read another one.
        rows.get(ReadActivity.MALFORMED)
                .apply("Malformed", MapElements.into(TypeDescriptors.strings()).via(String::valueOf));
        try (Collected collected = Collected.of("Collect", example.lines(rows.get(ReadActivity.READINGS)))) {
            pipeline.run().waitUntilFinish();
            return collected.rows().stream().sorted(Comparator.naturalOrder()).toList();
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
