package dev.tidemark.runner.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.runner.operator.Gauge;
import dev.tidemark.runner.plan.ProgressStyle;
import dev.tidemark.runner.time.Watermarks;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressReportTest {
    private static final long NOW = Instant.parse("2024-05-01T09:41:12Z").toEpochMilli();

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private long epoch;
    private int asked;

    private ProgressReport report(ProgressStyle style) {
        ProgressReport report = new ProgressReport(
                "a \"job\"",
                style,
                List.of(),
                () -> asked++,
                () -> epoch,
                new PrintStream(printed, true, StandardCharsets.UTF_8));
        report.step(NOW, 1);
        return report;
    }

    @Test
    void aLineSaysHowMuchWasReadHowFastAndHowFarTimeHasCome() {
        ProgressReport report = report(ProgressStyle.PLAIN);
        epoch = 6;
        Gauge gauge = new Gauge(1_214_882, NOW - 3_000, 10_000, 9_874);
        report.line(gauge, NOW + 1_000);
        assertThat(report.line(new Gauge(1_214_982, NOW - 3_000, 10_000, 9_874), NOW + 2_000))
                .isEqualTo("1,214,982 read, 100/s   watermark 09:41:09 (lag 5.0 s)   10,000 keys   9,874 timers"
                        + "   checkpoint #6 1.0 s ago   2 s");
    }

    @Test
    void whatThereIsNotIsNotSaid() {
        assertThat(report(ProgressStyle.PLAIN).line(new Gauge(50_000, Watermarks.MIN, 0, 0), NOW + 1_000))
                .isEqualTo("50,000 read, 50 k/s   1 s");
    }

    @Test
    void theWatermarkOfOldDataHasItsDayAndNoLag() {
        long years = Instant.parse("2015-02-23T13:10:05Z").toEpochMilli();
        assertThat(report(ProgressStyle.PLAIN).line(new Gauge(0, years, 0, 0), NOW + 1_000))
                .isEqualTo("0 read, 0/s   watermark 2015-02-23 13:10:05   1 s");
    }

    @Test
    void aJsonLineIsOneObjectWithTheJobsNameEscaped() {
        assertThat(report(ProgressStyle.JSON).line(new Gauge(2_000, NOW, 3, 4), NOW + 2_000))
                .isEqualTo(
                        "{\"job\":\"a \\\"job\\\"\",\"seconds\":2.0,\"elementsRead\":2000,\"elementsPerSecond\":1000,"
                                + "\"watermark\":\"2024-05-01T09:41:12Z\",\"keys\":3,\"timers\":4,\"checkpoint\":0}");
    }

    @Test
    void tasksAreAskedBeforeEachLineAndNotMoreOften() {
        ProgressReport report = report(ProgressStyle.PLAIN);
        for (long now = NOW; now <= NOW + 10_000; now++) {
            if (now >= report.nextAlarm()) {
                report.step(now, 1);
            }
        }
        assertThat(asked).isEqualTo(2);
        assertThat(printed.toString(StandardCharsets.UTF_8).lines()).hasSize(2);
    }

    @Test
    void theJobIsAsFarAsTheSlowestOfItsTasks() {
        assertThat(ProgressReport.sum(Arrays.asList(new Gauge(1, 70, 2, 3), null, new Gauge(10, 50, 20, 30))))
                .isEqualTo(new Gauge(11, 50, 22, 33));
    }
}
