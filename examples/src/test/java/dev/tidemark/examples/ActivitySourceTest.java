package dev.tidemark.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.beam.sdk.io.BoundedSource;
import org.apache.beam.sdk.io.UnboundedSource.UnboundedReader;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.util.CoderUtils;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both sources, over a file and over generated readings. */
final class ActivitySourceTest {
    private static final long OUT_OF_ORDER_MILLIS = 5_000;
    private static final PipelineOptions OPTIONS = PipelineOptionsFactory.create();
    private static final GeneratedActivity GENERATED = GeneratedActivity.of(3_000, 7, 11);

    private final List<ActivityInput> inputs;

    ActivitySourceTest(@TempDir Path directory) throws IOException {
        StringBuilder content = new StringBuilder("Creation_Time,x,y,z,User,Device,gt\n");
        Random random = new Random(3);
        for (int i = 0; i < 2_000; i++) {
            long millis = 1_000_000 + i * 20L - random.nextInt(4_000);
            content.append(i % 97 == 0 ? "rubbish" : millis * 1_000_000 + "," + i + ",0,0,u,d,sit")
                    .append('\n');
        }
        Path file = Files.writeString(directory.resolve("some activity.csv"), content);
        inputs = List.of(ActivityFile.at(file.toString(), EventTimeColumn.CREATION), GENERATED);
    }

    @Test
    void aStreamThatResumesFromAnyMarkGivesExactlyTheRestAtTheSameWatermark() throws Exception {
        for (ActivityInput input : inputs) {
            StreamedActivity source = new StreamedActivity(input, OUT_OF_ORDER_MILLIS);
            List<Row> all = Feeds.rows(input);
            for (int taken : List.of(0, 1, 2, 96, 97, 98, 500, all.size() - 1, all.size())) {
                List<Row> rows = new ArrayList<>();
                Mark mark;
                Instant watermark;
                try (UnboundedReader<Row> reader = source.createReader(OPTIONS, null)) {
                    boolean there = reader.start();
                    while (there && rows.size() < taken) {
                        rows.add(reader.getCurrent());
                        there = rows.size() < taken && reader.advance();
                    }
                    mark = taken == 0
                            ? new Mark(input.start(), ActivityReader.NONE_YET)
                            : (Mark) reader.getCheckpointMark();
                    watermark = reader.getWatermark();
                }
                Mark stored = CoderUtils.clone(source.getCheckpointMarkCoder(), mark);
                assertThat(stored).isEqualTo(mark);
                try (UnboundedReader<Row> reader = source.createReader(OPTIONS, stored)) {
                    if (taken > 0 && taken < all.size()) {
                        assertThat(reader.getWatermark()).isEqualTo(watermark);
                    }
                    for (boolean there = reader.start(); there; there = reader.advance()) {
                        rows.add(reader.getCurrent());
                    }
                }
                assertThat(rows).as("resumed after %d rows of %s", taken, input).isEqualTo(all);
            }
        }
    }

    @Test
    void theWatermarkRisesTrailsByTheDelayAndEndsAtTheEndOfTime() throws Exception {
        for (ActivityInput input : inputs) {
            try (UnboundedReader<Row> reader =
                    new StreamedActivity(input, OUT_OF_ORDER_MILLIS).createReader(OPTIONS, null)) {
                assertThat(reader.getWatermark()).isEqualTo(BoundedWindow.TIMESTAMP_MIN_VALUE);
                Instant before = BoundedWindow.TIMESTAMP_MIN_VALUE;
                for (boolean there = reader.start(); there; there = reader.advance()) {
                    assertThat(reader.getCurrentTimestamp()).isGreaterThanOrEqualTo(before);
                    assertThat(reader.getWatermark()).isGreaterThanOrEqualTo(before);
                    before = reader.getWatermark();
                }
                assertThat(reader.getWatermark()).isEqualTo(BoundedWindow.TIMESTAMP_MAX_VALUE);
                assertThat(reader.advance()).isFalse();
            }
        }
    }

    @Test
    void aReadingIsLateOnlyByWhatItIsMoreOutOfOrderThanTheDelay() throws Exception {
        long disorder = 4_300;
        long delay = 1_000;
        for (ActivityInput input : inputs) {
            try (UnboundedReader<Row> reader = new StreamedActivity(input, delay).createReader(OPTIONS, null)) {
                Instant before = BoundedWindow.TIMESTAMP_MIN_VALUE;
                long late = 0;
                for (boolean there = reader.start(); there; there = reader.advance()) {
                    if (reader.getCurrentTimestamp().isBefore(before)) {
                        late++;
                        assertThat(before.getMillis()
                                        - reader.getCurrentTimestamp().getMillis())
                                .isLessThanOrEqualTo(disorder - delay);
                    }
                    before = reader.getWatermark();
                }
                assertThat(late).isPositive();
            }
        }
    }

    @Test
    void theSplitsOfAStreamHaveTheRowsOfTheWhole() throws Exception {
        for (ActivityInput input : inputs) {
            List<Row> rows = new ArrayList<>();
            for (StreamedActivity split : new StreamedActivity(input, OUT_OF_ORDER_MILLIS).split(4, OPTIONS)) {
                try (UnboundedReader<Row> reader = split.createReader(OPTIONS, null)) {
                    for (boolean there = reader.start(); there; there = reader.advance()) {
                        rows.add(reader.getCurrent());
                    }
                }
            }
            assertThat(Feeds.byLine(rows)).isEqualTo(Feeds.byLine(Feeds.rows(input)));
        }
    }

    @Test
    void aFileIsOneStreamBecauseItsOrderMeansSomething() throws Exception {
        assertThat(new StreamedActivity(inputs.get(0), OUT_OF_ORDER_MILLIS).split(4, OPTIONS))
                .hasSize(1);
        assertThat(new StreamedActivity(GENERATED, OUT_OF_ORDER_MILLIS).split(4, OPTIONS))
                .hasSize(4);
    }

    @Test
    void theSplitsOfAWholeHaveItsRows() throws Exception {
        for (ActivityInput input : inputs) {
            List<StoredActivity> splits = new StoredActivity(input).split(10_000, OPTIONS);
            assertThat(splits).hasSizeBetween(3, 64);
            List<Row> rows = new ArrayList<>();
            for (StoredActivity split : splits) {
                try (BoundedSource.BoundedReader<Row> reader = split.createReader(OPTIONS)) {
                    for (boolean there = reader.start(); there; there = reader.advance()) {
                        rows.add(reader.getCurrent());
                    }
                }
            }
            assertThat(Feeds.byLine(rows)).isEqualTo(Feeds.byLine(Feeds.rows(input)));
        }
    }

    @Test
    void rowsSurviveTheirCoder() throws Exception {
        for (ActivityInput input : inputs) {
            for (Row row : Feeds.rows(input)) {
                assertThat(CoderUtils.clone(RowCoder.rows(), row)).isEqualTo(row);
            }
        }
    }
}
