package dev.tidemark.runner.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.kafka.KafkaIO;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Values;
import org.apache.beam.sdk.values.KV;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.joda.time.Duration;
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

    /** What the state of each key says last. */
    private static final Map<String, Long> COUNTS = new ConcurrentHashMap<>();

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
        return read().withTopic(topic);
    }

    private static KafkaIO.Read<String, Long> readOf(List<TopicPartition> partitions) {
        return read().withTopicPartitions(partitions);
    }

    private static KafkaIO.Read<String, Long> read() {
        return KafkaIO.<String, Long>read()
                .withBootstrapServers(broker.address())
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

    /** Counts the records of each key in state that checkpoints contain. */
    static final class Count extends DoFn<KV<String, Long>, Void> {
        @StateId("count")
        private final StateSpec<ValueState<Long>> counts = StateSpecs.value(VarLongCoder.of());

        @ProcessElement
        public void process(@Element KV<String, Long> record, @StateId("count") ValueState<Long> count) {
            Long before = count.read();
            long now = before == null ? 1 : before + 1;
            count.write(now);
            COUNTS.put(record.getKey(), now);
        }
    }

    /** A job that keeps its state in a directory, and reads without end. */
    private static PipelineResult counting(
            Path state, int parallelism, KafkaIO.Read<String, Long> source, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--runner=TidemarkRunner",
                "--jobName=counting",
                "--tidemarkStateDir=" + state,
                "--tidemarkParallelism=" + parallelism,
                "--tidemarkCheckpointInterval=100ms"));
        arguments.addAll(List.of(more));
        Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.fromArgs(arguments.toArray(String[]::new))
                .create());
        pipeline.apply(source.withConsumerConfigUpdates(Map.of(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"))
                        .withoutMetadata())
                .apply(ParDo.of(new Count()));
        return pipeline.run();
    }

    private static long counted() {
        return COUNTS.values().stream().mapToLong(Long::longValue).sum();
    }

    private static void awaitCounted(long wanted) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (counted() < wanted && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        // Should some come twice, they come now.
        TimeUnit.SECONDS.sleep(1);
        assertThat(counted()).isEqualTo(wanted);
    }

    /** Ends a job without a last checkpoint, as a kill does. */
    private static void end(PipelineResult job) throws IOException {
        job.cancel();
        job.waitUntilFinish();
    }

    /** apache/beam#31313, #34890: after a restart splits were read twice, or from the beginning. */
    @Test
    void aRestartGoesOnWhereTheCheckpointWasAndCountsEachRecordOnce(@TempDir Path state) throws Exception {
        COUNTS.clear();
        broker.createTopic("restarted", 3);
        write("restarted", 2);
        PipelineResult first = counting(state, 2, read("restarted"));
        awaitCounted(COUNT);
        end(first);

        write("restarted", 2);
        PipelineResult second = counting(state, 3, read("restarted"));
        awaitCounted(2 * COUNT);
        end(second);
    }

    @Test
    void aPartitionThatCameWhileTheJobWasDownIsReadWhereNewOnesAreLookedFor(@TempDir Path state) throws Exception {
        COUNTS.clear();
        broker.createTopic("grown", 2);
        write("grown", 2);
        KafkaIO.Read<String, Long> looking = read("grown").withDynamicRead(Duration.millis(200));
        PipelineResult first = counting(state, 2, looking, "--experiments=use_sdf_read,beam_fn_api");
        awaitCounted(COUNT);
        end(first);

        broker.addPartitions("grown", 5);
        write("grown", 2);
        PipelineResult second = counting(state, 2, looking, "--experiments=use_sdf_read,beam_fn_api");
        awaitCounted(2 * COUNT);
        end(second);
    }

    /** Of what a split has read Beam's unbounded source knows by its partitions, and those are others now. */
    @Test
    void aPartitionThatCameWhileTheJobWasDownIsNotTakenForAnotherOne(@TempDir Path state) throws Exception {
        COUNTS.clear();
        broker.createTopic("refused", 3);
        write("refused", 2);
        PipelineResult first = counting(state, 2, read("refused"));
        awaitCounted(COUNT);
        end(first);

        broker.addPartitions("refused", 4);
        assertThatThrownBy(() -> counting(state, 2, read("refused")).waitUntilFinish())
                .hasStackTraceContaining("TM-STATE-007")
                .hasStackTraceContaining("parts");

        // Those of before are there, and go on.
        write("refused", 2);
        long inTheOld = recordsIn("refused", 3);
        List<TopicPartition> old = List.of(
                new TopicPartition("refused", 0), new TopicPartition("refused", 1), new TopicPartition("refused", 2));
        PipelineResult second = counting(state, 2, readOf(old));
        awaitCounted(inTheOld);
        end(second);
    }

    /** How many records the first partitions of a topic have. */
    private static long recordsIn(String topic, int partitions) throws Exception {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (int i = 0; i < partitions; i++) {
            ends.put(new TopicPartition(topic, i), OffsetSpec.latest());
        }
        try (Admin admin = broker.admin()) {
            return admin.listOffsets(ends).all().get().values().stream()
                    .mapToLong(ListOffsetsResult.ListOffsetsResultInfo::offset)
                    .sum();
        }
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
