package dev.tidemark.runner.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.runner.state.TaskLedger;
import dev.tidemark.runner.state.ViewContent;
import dev.tidemark.runner.store.MemoryStore;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollectionView;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

/** What the tasks of a step find of their side inputs when they start again. */
class ViewRowsTest {
    private static final IntervalWindow FIRST = new IntervalWindow(Instant.ofEpochMilli(0), Instant.ofEpochMilli(10));
    private static final IntervalWindow SECOND = new IntervalWindow(Instant.ofEpochMilli(10), Instant.ofEpochMilli(20));

    private final PCollectionView<Iterable<String>> view = Pipeline.create(PipelineOptionsFactory.create())
            .apply(Create.of("a"))
            .apply(Window.into(FixedWindows.of(Duration.millis(10))))
            .apply(View.asIterable());
    private final String tag = SideInputs.tag(view);
    private final MemoryStore store = new MemoryStore();
    private final TaskLedger first = ledger(0);
    private final ViewRows rows = rows(first);

    private TaskLedger ledger(int shard) {
        return new TaskLedger(store, name -> 7, shard, 2);
    }

    private ViewRows rows(TaskLedger ledger) {
        return new ViewRows(ledger.step("step"), Map.of(3, view));
    }

    private ViewContent content(IntervalWindow window, String... elements) {
        return new ViewContent(window, new DecodedView(view, List.of(elements)));
    }

    private void commit() {
        rows.save();
        store.commit(store.epoch() + 1, List.of(first.take()));
    }

    /** As the other task reads it. */
    private Map<String, String> restored() {
        Map<String, String> restored = new TreeMap<>();
        rows(ledger(1)).restore((of, content) -> {
            assertThat(of).isEqualTo(tag);
            restored.put(
                    content.window().toString(),
                    ((DecodedView) content.value()).elements().toString());
        });
        return restored;
    }

    @Test
    void aContentIsThereUntilNobodyNeedsIt() {
        rows.came(tag, content(FIRST, "a", "b"));
        rows.came(tag, content(SECOND, "c"));
        commit();
        rows.forgotten(tag, FIRST);
        rows.removeForgotten(of -> FIRST.maxTimestamp().getMillis());
        commit();
        assertThat(restored()).containsExactlyInAnyOrderEntriesOf(Map.of("" + FIRST, "[a, b]", "" + SECOND, "[c]"));
        assertThat(rows.hasForgotten()).isTrue();

        rows.removeForgotten(of -> FIRST.maxTimestamp().getMillis() + 1);
        commit();
        assertThat(restored()).containsExactlyEntriesOf(Map.of("" + SECOND, "[c]"));
        assertThat(rows.hasForgotten()).isFalse();
    }

    @Test
    void aContentThatItsWriterForgetsAtOnceIsThereForTheOthers() {
        rows.came(tag, content(FIRST, "a"));
        rows.forgotten(tag, FIRST);
        rows.removeForgotten(of -> 0);
        commit();
        assertThat(restored()).containsExactlyEntriesOf(Map.of("" + FIRST, "[a]"));
    }

    @Test
    void ofTwoPanesTheLaterOneIsThere() {
        rows.came(tag, content(FIRST, "a"));
        rows.came(tag, content(FIRST, "a", "b"));
        commit();
        rows.came(tag, content(SECOND, "c"));
        commit();
        rows.came(tag, content(SECOND, "d"));
        commit();
        assertThat(restored()).containsExactlyInAnyOrderEntriesOf(Map.of("" + FIRST, "[a, b]", "" + SECOND, "[d]"));
    }
}
