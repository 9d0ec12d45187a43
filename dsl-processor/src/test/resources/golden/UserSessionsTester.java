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
 * Runs {@link UserSessions} step by step in a test, without a runner.
 */
@Generated("dev.tidemark.processor.StatefulGroupProcessor")
@SuppressWarnings("NullAway")
public final class UserSessionsTester extends GroupTester<UserSessions.Event, String, UserSessions.Session, UserSessions.Closed, UserSessionsTester> {
  private UserSessionsTester() {
    super(
        new UserSessionsGroup.Keying(KeyingFn.EventTimes.ASSIGNED),
        new UserSessionsDoFn(UserSessionsGroup.SETTINGS),
        UserSessionsGroup.inputCoder());
  }

  /**
   * A tester at the beginning: there is no group yet.
   */
  public static UserSessionsTester create() {
    return new UserSessionsTester();
  }

  /**
   * An event comes; its time is ISO-8601, or a time of day of the first of January 1970.
   */
  public UserSessionsTester event(String uid, String time, double x, String activity) {
    return event(new UserSessions.Event(uid, parse(time), x, activity));
  }

  /**
   * What came out so far.
   */
  public List<UserSessions.Closed> closed() {
    return emitted("rows");
  }

  /**
   * What came out so far.
   */
  public List<UserSessions.Event> late() {
    return emitted("late");
  }

  /**
   * What came out so far.
   */
  public List<Failed<UserSessions.Event>> errors() {
    return emitted("errors");
  }

  @Override
  protected UserSessionsTester self() {
    return this;
  }

  @Override
  protected UserSessionsTester fresh() {
    return new UserSessionsTester();
  }

  @Override
  protected DoFn<?, ?> handling(Duration allowedLateness) {
    return new UserSessionsDoFn(UserSessionsGroup.SETTINGS.withAllowedLateness(allowedLateness));
  }

  @Override
  protected Object element(String key, UserSessions.Event event) {
    return KV.of(key, event);
  }

  @Override
  protected UserSessions.Session state(TestCells cells) {
    UserSessions.Session stored = cells.fields();
    UserSessions.Session state = stored == null ? new UserSessions.Session() : stored;
    state.xs = cells.bag("f2");
    state.activities = cells.members("f3");
    return state;
  }

  @Override
  protected String text(UserSessions.Session state) {
    return "count = " + state.count
        + ", xs = " + state.xs
        + ", activities = " + state.activities;
  }
}
