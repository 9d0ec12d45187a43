package dev.tidemark.processor.groups;

import dev.tidemark.Failed;
import dev.tidemark.Upsert;
import dev.tidemark.runtime.KeyingFn;
import dev.tidemark.testing.GroupTester;
import dev.tidemark.testing.TestCells;
import java.util.List;
import javax.annotation.processing.Generated;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Duration;

/**
 * Runs {@link UserActivity} step by step in a test, without a runner.
 */
@Generated("dev.tidemark.processor.StatefulGroupProcessor")
@SuppressWarnings("NullAway")
public final class UserActivityTester extends GroupTester<UserActivity.Event, String, UserActivity.State, UserActivity.Now, UserActivityTester> {
  private UserActivityTester() {
    super(
        new UserActivityGroup.Keying(KeyingFn.EventTimes.ASSIGNED),
        new UserActivityDoFn(UserActivityGroup.SETTINGS),
        UserActivityGroup.inputCoder());
  }

  /**
   * A tester at the beginning: there is no group yet.
   */
  public static UserActivityTester create() {
    return new UserActivityTester();
  }

  /**
   * An event comes; its time is ISO-8601, or a time of day of the first of January 1970.
   */
  public UserActivityTester event(String user, String time, String activity) {
    return event(new UserActivity.Event(user, parse(time), activity));
  }

  /**
   * What came out so far.
   */
  public List<UserActivity.Now> now() {
    return emitted("rows");
  }

  /**
   * What came out so far.
   */
  public List<Upsert<String, UserActivity.Now>> updates() {
    return emitted("updates");
  }

  /**
   * What came out so far.
   */
  public List<Failed<UserActivity.Event>> errors() {
    return emitted("errors");
  }

  @Override
  protected UserActivityTester self() {
    return this;
  }

  @Override
  protected UserActivityTester fresh() {
    return new UserActivityTester();
  }

  @Override
  protected DoFn<?, ?> handling(Duration allowedLateness) {
    return new UserActivityDoFn(UserActivityGroup.SETTINGS.withAllowedLateness(allowedLateness));
  }

  @Override
  protected Object element(String key, UserActivity.Event event) {
    return KV.of(key, event);
  }

  @Override
  protected UserActivity.State state(TestCells cells) {
    UserActivity.State stored = cells.fields();
    UserActivity.State state = stored == null ? new UserActivity.State() : stored;
    return state;
  }

  @Override
  protected String text(UserActivity.State state) {
    return "activity = " + state.activity
        + ", start = " + state.start
        + ", end = " + state.end;
  }
}
