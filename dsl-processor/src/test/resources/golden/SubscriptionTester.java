package dev.tidemark.processor.groups;

import dev.tidemark.Failed;
import dev.tidemark.runtime.KeyingFn;
import dev.tidemark.testing.GroupTester;
import dev.tidemark.testing.TestCells;
import java.util.Arrays;
import java.util.List;
import javax.annotation.processing.Generated;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Duration;

/**
 * Runs {@link Subscription} step by step in a test, without a runner.
 */
@Generated("dev.tidemark.processor.StatefulGroupProcessor")
@SuppressWarnings("NullAway")
public final class SubscriptionTester extends GroupTester<Subscription.Payment, String, Subscription.Account, Subscription.Notice, SubscriptionTester> {
  private SubscriptionTester() {
    super(
        new SubscriptionGroup.Keying(KeyingFn.EventTimes.ASSIGNED),
        new SubscriptionDoFn(SubscriptionGroup.SETTINGS),
        SubscriptionGroup.inputCoder());
  }

  /**
   * A tester at the beginning: there is no group yet.
   */
  public static SubscriptionTester create() {
    return new SubscriptionTester();
  }

  /**
   * An event comes; its time is ISO-8601, or a time of day of the first of January 1970.
   */
  public SubscriptionTester event(String subscriber, String time, String plan, byte[] invoice) {
    return event(new Subscription.Payment(subscriber, parse(time), plan, invoice));
  }

  /**
   * What came out so far.
   */
  public List<Subscription.Notice> notice() {
    return emitted("rows");
  }

  /**
   * What came out so far.
   */
  public List<Failed<Subscription.Payment>> errors() {
    return emitted("errors");
  }

  @Override
  protected SubscriptionTester self() {
    return this;
  }

  @Override
  protected SubscriptionTester fresh() {
    return new SubscriptionTester();
  }

  @Override
  protected DoFn<?, ?> handling(Duration allowedLateness) {
    return new SubscriptionDoFn(SubscriptionGroup.SETTINGS.withAllowedLateness(allowedLateness));
  }

  @Override
  protected Object element(String key, Subscription.Payment event) {
    return KV.of(key, event);
  }

  @Override
  protected Subscription.Account state(TestCells cells) {
    Subscription.Account stored = cells.fields();
    Subscription.Account state = stored == null ? new Subscription.Account() : stored;
    state.invoice = cells.held("f3", state.invoice);
    state.payments = cells.table("f4");
    return state;
  }

  @Override
  protected String text(Subscription.Account state) {
    return "plan = " + state.plan
        + ", note = " + state.note
        + ", invoice = " + Arrays.toString(state.invoice)
        + ", payments = " + state.payments;
  }
}
