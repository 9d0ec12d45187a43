package dev.tidemark.processor.groups;

import dev.tidemark.Failed;
import dev.tidemark.runtime.KeyingFn;
import dev.tidemark.testing.GroupTester;
import dev.tidemark.testing.TestCells;
import java.util.List;
import javax.annotation.processing.Generated;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Duration;

/**
 * Runs {@link CountWindow} step by step in a test, without a runner.
 */
@Generated("dev.tidemark.processor.StatefulGroupProcessor")
@SuppressWarnings("NullAway")
public final class CountWindowTester extends GroupTester<CountWindow.Reading, String, CountWindow.Buffer, CountWindow.Average, CountWindowTester> {
  private CountWindowTester() {
    super(
        new CountWindowGroup.Keying(KeyingFn.EventTimes.ASSIGNED),
        new CountWindowDoFn(CountWindowGroup.SETTINGS),
        CountWindowGroup.inputCoder());
  }

  /**
   * A tester at the beginning: there is no group yet.
   */
  public static CountWindowTester create() {
    return new CountWindowTester();
  }

  /**
   * An event comes; its time is ISO-8601, or a time of day of the first of January 1970.
   */
  public CountWindowTester event(String device, String time, double x) {
    return event(new CountWindow.Reading(device, parse(time), x));
  }

  /**
   * What came out so far.
   */
  public List<CountWindow.Average> average() {
    return emitted("rows");
  }

  /**
   * What came out so far.
   */
  public List<Failed<CountWindow.Reading>> errors() {
    return emitted("errors");
  }

  @Override
  protected CountWindowTester self() {
    return this;
  }

  @Override
  protected CountWindowTester fresh() {
    return new CountWindowTester();
  }

  @Override
  protected DoFn<?, ?> handling(Duration allowedLateness) {
    return new CountWindowDoFn(CountWindowGroup.SETTINGS.withAllowedLateness(allowedLateness));
  }

  @Override
  protected Object element(String key, CountWindow.Reading event) {
    return KV.of(key, event);
  }

  @Override
  protected CountWindow.Buffer state(TestCells cells) {
    CountWindow.Buffer stored = cells.fields();
    CountWindow.Buffer state = stored == null ? new CountWindow.Buffer() : stored;
    state.xs = cells.bag("f2");
    return state;
  }

  @Override
  protected String text(CountWindow.Buffer state) {
    return "count = " + state.count
        + ", xs = " + state.xs;
  }
}
