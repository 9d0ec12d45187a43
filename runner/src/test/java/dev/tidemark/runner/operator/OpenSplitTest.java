package dev.tidemark.runner.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.runner.plan.Step.ReadLimit;
import dev.tidemark.runner.state.TaskLedger;
import dev.tidemark.runner.store.MemoryStore;
import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.io.CountingSource;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;

@SuppressWarnings("deprecation") // what GenerateSequence reads from, too
class OpenSplitTest {
    private final MemoryStore store = new MemoryStore();

    private OpenSplit<?, ?> open(TaskLedger ledger, ReadLimit limit, long nowMillis) throws IOException {
        return new OpenSplit<>(
                0, CountingSource.unbounded(), limit, nowMillis, PipelineOptionsFactory.create(), ledger.step("read"));
    }

    private TaskLedger ledger() {
        return new TaskLedger(store, name -> 1, 0, 1);
    }

    /** A job that failed more often than that would never come to the end of such a read. */
    @Test
    void aSplitThatIsOpenedAgainDoesNotGetItsTimeAgain() throws IOException {
        ReadLimit limit = new ReadLimit(Long.MAX_VALUE, 100);
        TaskLedger ledger = ledger();
        open(ledger, limit, 1_000).mark(1);
        store.commit(1, List.of(ledger.take()));

        OpenSplit<?, ?> again = open(ledger(), limit, 1_090);

        assertThat(again.isAtLimit(1_099)).isFalse();
        assertThat(again.isAtLimit(1_100)).isTrue();
    }

    @Test
    void aSplitThatIsOpenedAgainReadsOnlyWhatIsLeftOfItsRecords() throws IOException {
        ReadLimit limit = new ReadLimit(3, Long.MAX_VALUE);
        TaskLedger ledger = ledger();
        OpenSplit<?, ?> split = open(ledger, limit, 0);
        assertThat(split.readOne(element -> {})).isTrue();
        assertThat(split.readOne(element -> {})).isTrue();
        split.mark(1);
        store.commit(1, List.of(ledger.take()));

        OpenSplit<?, ?> again = open(ledger(), limit, 0);

        assertThat(again.readOne(element -> assertThat(element.getValue()).isEqualTo(2L)))
                .isTrue();
        assertThat(again.readOne(element -> {})).isFalse();
    }
}
