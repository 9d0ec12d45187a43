package dev.tidemark.runner.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.extensions.avro.coders.AvroCoder;
import org.apache.beam.sdk.extensions.avro.io.AvroIO;
import org.apache.beam.sdk.io.Compression;
import org.apache.beam.sdk.io.FileIO;
import org.apache.beam.sdk.io.TFRecordIO;
import org.apache.beam.sdk.io.TextIO;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What one pipeline writes to files, whole, another one reads. */
@Timeout(120)
class FilesTest {
    private static final List<String> LINES =
            IntStream.range(0, 1000).mapToObj(i -> "line " + i).toList();
    private static final Schema SCHEMA =
            SchemaBuilder.record("Line").fields().requiredString("text").endRecord();

    @TempDir
    private Path directory;

    private String out(String suffix) {
        return directory.resolve("out*" + suffix).toString();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @ParameterizedTest
    @FieldSource("dev.tidemark.runner.io.Ways#PARALLELISM")
    void textInThreeShardsIsReadBackWhole(int parallelism) throws IOException {
        Pipeline writes = Ways.pipeline(parallelism);
        writes.apply(Create.of(LINES))
                .apply(TextIO.write()
                        .to(directory.resolve("out").toString())
                        .withSuffix(".txt")
                        .withNumShards(3));
        writes.run();

        assertThat(files()).hasSize(3);
        Pipeline reads = Ways.pipeline(parallelism);
        PAssert.that(reads.apply(TextIO.read().from(out(".txt")))).containsInAnyOrder(LINES);
        reads.run();
    }

    @ParameterizedTest
    @FieldSource("dev.tidemark.runner.io.Ways#PARALLELISM")
    void eachWindowOfAStreamGetsItsOwnFiles(int parallelism) throws IOException {
        Pipeline writes = Ways.pipeline(parallelism);
        writes.apply(TestStream.create(StringUtf8Coder.of())
                        .addElements(at("a", 1), at("b", 2), at("c", 12))
                        .advanceWatermarkTo(Instant.ofEpochMilli(10))
                        .addElements(at("d", 13), at("e", 31))
                        .advanceWatermarkToInfinity())
                .apply(Window.into(FixedWindows.of(Duration.millis(10))))
                .apply(TextIO.write()
                        .to(directory.resolve("out").toString())
                        .withWindowedWrites()
                        .withNumShards(1));
        writes.run();

        List<List<String>> contents = new ArrayList<>();
        for (Path file : files()) {
            contents.add(Files.readAllLines(file, StandardCharsets.UTF_8).stream()
                    .sorted()
                    .toList());
        }
        assertThat(contents).containsExactlyInAnyOrder(List.of("a", "b"), List.of("c", "d"), List.of("e"));
    }

    private static TimestampedValue<String> at(String line, long time) {
        return TimestampedValue.of(line, Instant.ofEpochMilli(time));
    }

    @ParameterizedTest
    @FieldSource("dev.tidemark.runner.io.Ways#PARALLELISM")
    void compressedTensorFlowRecordsAreReadBackWhole(int parallelism) {
        Pipeline writes = Ways.pipeline(parallelism);
        writes.apply(Create.of(LINES))
                .apply(ParDo.of(new ToBytes()))
                .apply(TFRecordIO.write()
                        .to(directory.resolve("out").toString())
                        .withSuffix(".tfrecord.gz")
                        .withCompression(Compression.GZIP));
        writes.run();

        Pipeline reads = Ways.pipeline(parallelism);
        PAssert.that(reads.apply(TFRecordIO.read().from(out(".gz"))).apply(ParDo.of(new ToText())))
                .containsInAnyOrder(LINES);
        reads.run();
    }

    static final class ToBytes extends DoFn<String, byte[]> {
        @ProcessElement
        public void process(@Element String line, OutputReceiver<byte[]> out) {
            out.output(line.getBytes(StandardCharsets.UTF_8));
        }
    }

    static final class ToText extends DoFn<byte[], String> {
        @ProcessElement
        public void process(@Element byte[] bytes, OutputReceiver<String> out) {
            out.output(new String(bytes, StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @FieldSource("dev.tidemark.runner.io.Ways#PARALLELISM")
    void filesThatAreNamedByTheirContentAreMatchedAndRead(int parallelism) throws IOException {
        Pipeline writes = Ways.pipeline(parallelism);
        writes.apply(Create.of(LINES))
                .apply(FileIO.<String, String>writeDynamic()
                        .by(line -> line.substring(line.length() - 1))
                        .withDestinationCoder(StringUtf8Coder.of())
                        .via(TextIO.sink())
                        .to(directory.toString())
                        .withNumShards(1)
                        .withNaming(digit -> FileIO.Write.defaultNaming("out-" + digit, ".txt")));
        writes.run();

        assertThat(files()).hasSize(10);
        Pipeline reads = Ways.pipeline(parallelism);
        PAssert.that(reads.apply(FileIO.match().filepattern(directory + "/out-*.txt"))
                        .apply(FileIO.readMatches())
                        .apply(TextIO.readFiles()))
                .containsInAnyOrder(LINES);
        reads.run();
    }

    @ParameterizedTest
    @FieldSource("dev.tidemark.runner.io.Ways#PARALLELISM")
    void avroRecordsAreReadBackWhole(int parallelism) {
        Pipeline writes = Ways.pipeline(parallelism);
        writes.apply(Create.of(LINES))
                .apply(ParDo.of(new ToRecord(SCHEMA.toString())))
                .setCoder(AvroCoder.of(SCHEMA))
                .apply(AvroIO.writeGenericRecords(SCHEMA)
                        .to(directory.resolve("out").toString())
                        .withSuffix(".avro"));
        writes.run();

        Pipeline reads = Ways.pipeline(parallelism);
        PAssert.that(reads.apply(AvroIO.readGenericRecords(SCHEMA).from(out(".avro")))
                        .apply(ParDo.of(new FromRecord())))
                .containsInAnyOrder(LINES);
        reads.run();
    }

    static final class ToRecord extends DoFn<String, GenericRecord> {
        private final String schema;

        ToRecord(String schema) {
            this.schema = schema;
        }

        @ProcessElement
        public void process(@Element String line, OutputReceiver<GenericRecord> out) {
            GenericRecord record = new GenericData.Record(new Schema.Parser().parse(schema));
            record.put("text", line);
            out.output(record);
        }
    }

    static final class FromRecord extends DoFn<GenericRecord, String> {
        @ProcessElement
        public void process(@Element GenericRecord record, OutputReceiver<String> out) {
            out.output(record.get("text").toString());
        }
    }
}
