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
 * Runs {@link BurstAlert} step by step in a test, without a runner.
 */
@Generated("dev.tidemark.processor.StatefulGroupProcessor")
@SuppressWarnings("NullAway")
public final class BurstAlertTester extends GroupTester<BurstAlert.Login, String, BurstAlert.Recent, BurstAlert.Signal, BurstAlertTester> {
  private BurstAlertTester() {
    super(
        new BurstAlertGroup.Keying(KeyingFn.EventTimes.ASSIGNED),
        new BurstAlertDoFn(BurstAlertGroup.SETTINGS),
        BurstAlertGroup.inputCoder());
  }

  /**
   * A tester at the beginning: there is no group yet.
   */
  public static BurstAlertTester create() {
    return new BurstAlertTester();
  }

  /**
   * An event comes; its time is ISO-8601, or a time of day of the first of January 1970.
   */
  public BurstAlertTester event(String user, String time, String ip) {
    return event(new BurstAlert.Login(user, parse(time), ip));
  }

  /**
   * What came out so far.
   */
  public List<BurstAlert.Alert> alerts() {
    return emitted("rows-1");
  }

  /**
   * What came out so far.
   */
  public List<BurstAlert.AllClear> allClears() {
    return emitted("rows-2");
  }

  /**
   * What came out so far.
   */
  public List<Failed<BurstAlert.Login>> errors() {
    return emitted("errors");
  }

  @Override
  protected BurstAlertTester self() {
    return this;
  }

  @Override
  protected BurstAlertTester fresh() {
    return new BurstAlertTester();
  }

  @Override
  protected DoFn<?, ?> handling(Duration allowedLateness) {
    return new BurstAlertDoFn(BurstAlertGroup.SETTINGS.withAllowedLateness(allowedLateness));
  }

  @Override
  protected Object element(String key, BurstAlert.Login event) {
    return KV.of(key, event);
  }

  @Override
  protected BurstAlert.Recent state(TestCells cells) {
    BurstAlert.Recent stored = cells.fields();
    BurstAlert.Recent state = stored == null ? new BurstAlert.Recent() : stored;
    state.logins = cells.timeline("f1");
    return state;
  }

  @Override
  protected String text(BurstAlert.Recent state) {
    return "logins = " + state.logins
        + ", alerted = " + state.alerted;
  }
}
