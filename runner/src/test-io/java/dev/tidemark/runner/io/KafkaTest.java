package dev.tidemark.runner.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.io.kafka.KafkaIO;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Values;
import org.apache.beam.sdk.values.KV;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Beam's Kafka connector, on a real broker. */
@Timeout(240)
class KafkaTest {
    private static final int COUNT = 1000;
    private static final List<Long> NUMBERS = LongStream.range(0, COUNT).boxed().toList();

    /** What has been read, and how much is missing: the pipeline runs in this JVM. */
    private static final Set<Long> SEEN = ConcurrentHashMap.newKeySet();

    private static final CountDownLatch MISSING = new CountDownLatch(COUNT);

    private static Broker broker;

    @BeforeAll
    static void startBroker(@TempDir Path directory) throws IOException, InterruptedException {
        broker = Broker.start(directory);
    }

    @AfterAll
    static void stopBroker() throws InterruptedException {
        broker.stop();
    }

    private static void write(String topic, int parallelism) {
        List<KV<String, Long>> records = new ArrayList<>();
        NUMBERS.forEach(number -> records.add(KV.of("key" + number % 7, number)));
        Pipeline writes = Ways.pipeline(parallelism);
        writes.apply(Create.of(records))
                .apply(KafkaIO.<String, Long>write()
                        .withBootstrapServers(broker.address())
                        .withTopic(topic)
                        .withKeySerializer(StringSerializer.class)
                        .withValueSerializer(LongSerializer.class));
        writes.run();
    }

    private static KafkaIO.Read<String, Long> read(String topic) {
        return KafkaIO.<String, Long>read()
                .withBootstrapServers(broker.address())
                .withTopic(topic)
                .withKeyDeserializer(StringDeserializer.class)
                .withValueDeserializer(LongDeserializer.class);
    }

    @ParameterizedTest
    @FieldSource("dev.tidemark.runner.io.Ways#PARALLELISM")
    void recordsThatWereWrittenAreReadWhole(int parallelism) throws IOException, InterruptedException {
        String topic = "whole" + parallelism;
        broker.createTopic(topic, 3);
        write(topic, parallelism);

        Pipeline reads = Ways.pipeline(parallelism);
        PAssert.that(reads.apply(read(topic)
                                .withConsumerConfigUpdates(Map.of(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"))
                                .withMaxNumRecords(COUNT)
                                .withoutMetadata())
                        .apply(Values.create()))
                .containsInAnyOrder(NUMBERS);
        reads.run();
    }

    static final class See extends DoFn<Long, Void> {
        @ProcessElement
        public void process(@Element Long number) {
            if (SEEN.add(number)) {
                MISSING.countDown();
            }
        }
    }

    @Test
    void aStreamCommitsTheOffsetsOfWhatItHasRead() throws Exception {
        broker.createTopic("stream", 3);
        write("stream", 2);
        Pipeline reads = Pipeline.create(PipelineOptionsFactory.fromArgs(
                        "--runner=TidemarkRunner", "--tidemarkParallelism=2", "--tidemarkCheckpointInterval=200ms")
                .create());
        reads.apply(read("stream")
                        .withConsumerConfigUpdates(Map.of(
                                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                                "earliest",
                                ConsumerConfig.GROUP_ID_CONFIG,
                                "readers",
                                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                                false))
                        .commitOffsetsInFinalize()
                        .withoutMetadata())
                .apply(Values.create())
                .apply(ParDo.of(new See()));

        PipelineResult result = reads.run();
        try {
            assertThat(MISSING.await(120, TimeUnit.SECONDS)).isTrue();
            assertThat(committedOffsets("readers", COUNT)).isEqualTo(COUNT);
        } finally {
            result.cancel();
        }
        assertThat(result.waitUntilFinish()).isEqualTo(PipelineResult.State.CANCELLED);
        assertThat(SEEN).hasSize(COUNT);
    }

    /** The sum over all partitions, asked again until it is what is wanted, or a minute is over. */
    private static long committedOffsets(String group, long wanted) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        try (Admin admin = broker.admin()) {
            while (true) {
                long sum = admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().values().stream()
                        .mapToLong(OffsetAndMetadata::offset)
                        .sum();
                if (sum == wanted || System.nanoTime() > deadline) {
                    return sum;
                }
            }
        }
    }
}
