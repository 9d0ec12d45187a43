package dev.tidemark.processor.groups;

import dev.tidemark.Failed;
import dev.tidemark.Upsert;
import dev.tidemark.runtime.Arrival;
import dev.tidemark.runtime.KeyingFn;
import dev.tidemark.testing.GroupTester;
import dev.tidemark.testing.TestCells;
import java.util.List;
import javax.annotation.processing.Generated;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Duration;

/**
 * Runs {@link Balance} step by step in a test, without a runner.
 */
@Generated("dev.tidemark.processor.StatefulGroupProcessor")
@SuppressWarnings("NullAway")
public final class BalanceTester extends GroupTester<Balance.Booking, String, Balance.Sum, Balance.Total, BalanceTester> {
  private BalanceTester() {
    super(
        new BalanceGroup.Keying(KeyingFn.EventTimes.ASSIGNED),
        new BalanceDoFn(BalanceGroup.SETTINGS),
        BalanceGroup.inputCoder());
  }

  /**
   * A tester at the beginning: there is no group yet.
   */
  public static BalanceTester create() {
    return new BalanceTester();
  }

  /**
   * A state is there before the events, since this time.
   */
  public BalanceTester initial(String key, Balance.Sum state, String time) {
    return initial("initial state " + text(state), key, KV.of(key, new Arrival<>(state, null)), time);
  }

  /**
   * What came out so far.
   */
  public List<Balance.Total> total() {
    return emitted("rows");
  }

  /**
   * What came out so far.
   */
  public List<Upsert<String, Balance.Total>> updates() {
    return emitted("updates");
  }

  /**
   * What came out so far.
   */
  public List<Failed<Balance.Booking>> errors() {
    return emitted("errors");
  }

  @Override
  protected BalanceTester self() {
    return this;
  }

  @Override
  protected BalanceTester fresh() {
    return new BalanceTester();
  }

  @Override
  protected DoFn<?, ?> handling(Duration allowedLateness) {
    return new BalanceDoFn(BalanceGroup.SETTINGS.withAllowedLateness(allowedLateness));
  }

  @Override
  protected Object element(String key, Balance.Booking event) {
    return KV.of(key, new Arrival<>(null, event));
  }

  @Override
  protected Balance.Sum state(TestCells cells) {
    return cells.fields();
  }

  @Override
  protected String text(Balance.Sum state) {
    return state.toString();
  }
}
