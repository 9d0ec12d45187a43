package dev.tidemark.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.runner.plan.Durability;
import dev.tidemark.runner.plan.ProgressStyle;
import dev.tidemark.runner.plan.RunOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsReaderTest {
    private static RunOptions read(String... args) {
        return OptionsReader.read(PipelineOptionsFactory.fromArgs(args).as(TidemarkOptions.class));
    }

    @ParameterizedTest
    @CsvSource({"500ms, 500", "1s, 1000", "2m, 120000", "2 min, 120000", "1h, 3600000", "PT1.5S, 1500", "10S, 10000"})
    void lengthsOfTimeHaveUnits(String text, long millis) {
        assertThat(read("--tidemarkCheckpointInterval=" + text).checkpointIntervalMillis())
                .isEqualTo(millis);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10 minuts", "5", "s", "", "-1s", "0s", "1y", "PT", "999999999999h"})
    void aLengthThatCannotBeMeantIsRefusedWithItsOptionAndValue(String text) {
        assertThatThrownBy(() -> read("--tidemarkCheckpointInterval=" + text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("TM-OPTION-101")
                .hasMessageContaining("--tidemarkCheckpointInterval=" + text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "129"})
    void parallelismOutOfRangeIsRefused(String text) {
        assertThatThrownBy(() -> read("--tidemarkParallelism=" + text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("TM-OPTION-101")
                .hasMessageContaining("1 to 128");
    }

    @Test
    void withoutAParallelismThereIsATaskPerProcessor() {
        assertThat(read().parallelism())
                .isEqualTo(Math.min(128, Runtime.getRuntime().availableProcessors()));
    }

    @Test
    void aJobWithANameKeepsItsStateWhereProgramsKeepTheirs() {
        assertThat(read("--jobName=orders").durability())
                .extracting(Durability::directory)
                .isEqualTo(System.getenv("XDG_STATE_HOME") + "/tidemark");
        assertThat(read("--jobName=orders", "--tidemarkStateDir=/data").durability())
                .extracting(Durability::directory)
                .isEqualTo("/data");
    }

    @Test
    void aJobWhoseNameBeamMadeUpKeepsNothing() {
        TidemarkOptions options = PipelineOptionsFactory.as(TidemarkOptions.class);
        assertThat(options.getJobName()).isNotEmpty();
        assertThat(OptionsReader.read(options).durability()).isNull();
    }

    @Test
    void aTestKeepsStateOnlyWhereItSaysTo() {
        assertThat(read("--runner=TestTidemarkRunner", "--jobName=orders").durability())
                .isNull();
        assertThat(read("--runner=TestTidemarkRunner", "--jobName=orders", "--tidemarkStateDir=/data")
                        .durability())
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--tidemarkStateDir=/data", "--tidemarkMaxRestarts=3"})
    void whatNeedsStateIsRefusedWhereAJobHasNoName(String option) {
        assertThatThrownBy(() -> read(option))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("TM-OPTION-101")
                .hasMessageContaining(option)
                .hasMessageContaining("--jobName");
    }

    @ParameterizedTest
    @CsvSource({"bar, BAR", "plain, PLAIN", "json, JSON", "off, OFF", "auto, OFF"})
    void progressIsSaidAsAskedAndByItselfOnlyAtATerminal(String text, ProgressStyle style) {
        assertThat(read("--tidemarkProgress=" + text).progress()).isEqualTo(style);
    }

    @Test
    void anUnknownStyleOfProgressIsRefused() {
        assertThatThrownBy(() -> read("--tidemarkProgress=loud"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("TM-OPTION-101")
                .hasMessageContaining("auto, bar, plain, json or off");
    }

    @Test
    void anUnknownOptionIsRefusedByName() {
        assertThatThrownBy(() -> PipelineOptionsFactory.fromArgs("--tidemarkParalelism=2")
                        .as(TidemarkOptions.class))
                .hasMessageContaining("tidemarkParalelism");
    }
}
