package dev.tidemark.runner;

import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SimpleFunction;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.KV;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * State and timers of keys whose coder takes others for the same than {@code equals} does, or stands another object in for a key: what a
 * checkpoint has of a key is that key's again. Keys that Beam's connector reads from Kafka have such a coder.
 */
@Timeout(60)
class KeysAfterRestartTest {
    static final class KeyOf extends SimpleFunction<Integer, KV<@Nullable String, Integer>> {
        @Override
        public KV<@Nullable String, Integer> apply(Integer number) {
            return KV.of(number == 1 ? null : "key" + number, number);
        }
    }

    /** Says at the end how many there were: in state, when a timer fires. */
    static final class Count extends DoFn<KV<@Nullable String, Integer>, String> {
        @StateId("count")
        private final StateSpec<ValueState<Integer>> counts = StateSpecs.value(VarIntCoder.of());

        @TimerId("end")
        private final TimerSpec end = TimerSpecs.timer(TimeDomain.EVENT_TIME);

        @ProcessElement
        public void process(
                BoundedWindow window, @StateId("count") ValueState<Integer> count, @TimerId("end") Timer timer) {
            Integer before = count.read();
            count.write(before == null ? 1 : before + 1);
            timer.set(window.maxTimestamp());
        }

        @OnTimer("end")
        public void end(
                @Key @Nullable String key, @StateId("count") ValueState<Integer> count, OutputReceiver<String> out) {
            out.output(key + " " + count.read());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void keysThatMayBeNullHaveTheirState(long seed) {
        Coder<@Nullable String> keys = NullableCoder.of(StringUtf8Coder.of());
        Pipeline pipeline = TornDown.pipeline(seed);
        PAssert.that(pipeline.apply(Create.of(List.of(1, 2, 9, 20)))
                        .apply(ParDo.of(new RepeatSlowly()))
                        .apply(MapElements.via(new KeyOf()))
                        .setCoder(KvCoder.of(keys, VarIntCoder.of()))
                        .apply(ParDo.of(new Count())))
                .containsInAnyOrder("null 1", "key2 2", "key9 9", "key20 20");
        pipeline.run();
    }
}
