package dev.tidemark.processor.groups;

import dev.tidemark.runtime.BagCell;
import dev.tidemark.runtime.GroupSettings;
import dev.tidemark.runtime.Inbox;
import dev.tidemark.runtime.Kept;
import dev.tidemark.runtime.KeptCoder;
import dev.tidemark.runtime.MembersCell;
import dev.tidemark.runtime.Rows;
import dev.tidemark.runtime.TimedGroup;
import dev.tidemark.runtime.WireCoder;
import dev.tidemark.runtime.Wires;
import javax.annotation.processing.Generated;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.SetState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TimestampedValue;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * The stateful step of {@link UserSessions}: calls its handlers, and keeps its state, under the name {@code user-sessions}.
 */
@Generated("dev.tidemark.processor.StatefulGroupProcessor")
@SuppressWarnings("NullAway")
final class UserSessionsDoFn extends DoFn<KV<String, UserSessions.Event>, UserSessions.Closed> {
  private static final long serialVersionUID = 1L;

  static final TupleTag<UserSessions.Closed> ROWS = new TupleTag<>("rows") {};

  static final TupleTag<UserSessions.Event> LATE = new TupleTag<>("late") {};

  private final GroupSettings settings;

  @StateId("f2")
  private final StateSpec<BagState<Double>> xsSpec = StateSpecs.bag(WireCoder.of(Wires.DOUBLE));

  @StateId("f3")
  private final StateSpec<SetState<String>> activitiesSpec = StateSpecs.set(StringUtf8Coder.of());

  @StateId("~meta")
  private final StateSpec<ValueState<Kept<UserSessions.Session>>> metaSpec = StateSpecs.value(
      KeptCoder.of("user-sessions", UserSessionsCoders.SessionCoder.INSTANCE).deferred());

  @StateId("~inbox")
  private final StateSpec<BagState<TimestampedValue<UserSessions.Event>>> inboxSpec = StateSpecs.bag(
      TimestampedValue.TimestampedValueCoder.of(UserSessionsCoders.EventCoder.INSTANCE));

  @TimerId("~wake")
  private final TimerSpec wakeSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  private transient UserSessions handlers;

  private transient TimedGroup group;

  private transient Rows<UserSessions.Closed> rows;

  private transient Inbox<UserSessions.Event> inbox;

  private transient UserSessions.Session state;

  private transient UserSessions.Session defaults;

  private transient BagCell<Double> xs;

  private transient MembersCell<String> activities;

  UserSessionsDoFn(GroupSettings settings) {
    this.settings = settings;
  }

  /**
   * Makes what is used anew for each call.
   */
  @Setup
  public void setup() {
    handlers = new UserSessions();
    group = new TimedGroup(settings, this::reset);
    rows = new Rows<>();
    inbox = new Inbox<>(UserSessionsCoders.EventCoder.INSTANCE);
    defaults = new UserSessions.Session();
    xs = new BagCell<>();
    activities = new MembersCell<>(Wires.STRING);
  }

  /**
   * Without bound: the timer always holds the watermark at or before what the group emits.
   */
  @Override
  @SuppressWarnings("deprecation")
  public Duration getAllowedTimestampSkew() {
    return Duration.millis(Long.MAX_VALUE);
  }

  /**
   * Puts one event into the inbox, where it waits for the watermark.
   */
  @ProcessElement
  public void process(@Element KV<String, UserSessions.Event> element, @Timestamp Instant timestamp,
      BoundedWindow window, @StateId("~meta") ValueState<Kept<UserSessions.Session>> metaCell,
      @StateId("~inbox") BagState<TimestampedValue<UserSessions.Event>> inboxCell,
      @TimerId("~wake") Timer wake, MultiOutputReceiver out) {
    Kept<UserSessions.Session> kept = metaCell.read();
    group.load(kept, window);
    long time = timestamp.getMillis();
    if (group.isLate(time, wake)) {
      group.lateEmitted();
      out.get(LATE).outputWithTimestamp(element.getValue(), timestamp);
      return;
    }
    inboxCell.add(TimestampedValue.of(element.getValue(), timestamp));
    if (!group.buffered(time)) {
      return;
    }
    group.arm(wake);
    group.store(metaCell, kept);
  }

  /**
   * Handles the events that the watermark has passed, in order, and the timeouts between them.
   */
  @OnTimer("~wake")
  public void wake(OnTimerContext context, @Key String key, BoundedWindow window,
      @StateId("~meta") ValueState<Kept<UserSessions.Session>> metaCell,
      @StateId("f2") BagState<Double> xsCell, @StateId("f3") SetState<String> activitiesCell,
      @StateId("~inbox") BagState<TimestampedValue<UserSessions.Event>> inboxCell,
      @TimerId("~wake") Timer wake, MultiOutputReceiver out) {
    Kept<UserSessions.Session> kept = metaCell.read();
    group.load(kept, window);
    UserSessions.Session fields = Kept.fieldsOf(kept);
    if (!group.wakes(context.fireTimestamp(), wake)) {
      return;
    }
    for (TimestampedValue<UserSessions.Event> next : inbox.release(inboxCell, group)) {
      long time = next.getTimestamp().getMillis();
      while (group.isDueBefore(time)) {
        fields = timeout(key, fields, xsCell, activitiesCell, out);
      }
      group.released(time);
      fields = event(key, next.getValue(), next.getTimestamp(), false,
          fields, xsCell, activitiesCell, out);
    }
    if (group.isDue()) {
      fields = timeout(key, fields, xsCell, activitiesCell, out);
    }
    group.arm(wake);
    group.store(metaCell, kept, fields);
  }

  /**
   * One call of {@link UserSessions#event}.
   */
  private UserSessions.Session event(String key, UserSessions.Event event, Instant time,
      boolean late, UserSessions.Session stored, BagState<Double> xsCell,
      SetState<String> activitiesCell, MultiOutputReceiver out) {
    rows.open();
    open(stored, xsCell, activitiesCell);
    group.beginEvent(time.getMillis(), late);
    try {
      handlers.event(event, state, group, rows);
    } catch (Exception e) {
      throw group.failure("UserSessions.event", key, e);
    }
    group.commitEvent(group.isClosed() && isWritten());
    UserSessions.Session fields = commit(stored);
    emit(key, time, out);
    return fields;
  }

  /**
   * One call of {@link UserSessions#idle}.
   */
  private UserSessions.Session timeout(String key, UserSessions.Session stored,
      BagState<Double> xsCell, SetState<String> activitiesCell, MultiOutputReceiver out) {
    rows.open();
    open(stored, xsCell, activitiesCell);
    group.beginTimeout();
    Instant time = group.timestamp();
    try {
      handlers.idle(key, state, group, rows);
    } catch (Exception e) {
      throw group.failure("UserSessions.idle", key, e);
    }
    group.commitTimeout(isWritten());
    UserSessions.Session fields = commit(stored);
    emit(key, time, out);
    return fields;
  }

  /**
   * Gives the handler its state: a copy, since what is stored may be the object itself.
   */
  private void open(UserSessions.Session stored, BagState<Double> xsCell,
      SetState<String> activitiesCell) {
    state = new UserSessions.Session();
    if (stored != null) {
      copy(stored, state);
    }
    xs.open(xsCell);
    state.xs = xs;
    activities.open(activitiesCell);
    state.activities = activities;
  }

  /**
   * Whether there is any state: what a handler writes after it has closed the group opens it anew.
   */
  private boolean isWritten() {
    return !same(state, defaults)
        || xs.isWritten()
        || activities.isWritten();
  }

  /**
   * Applies what the handler did to the cells, and gives its plain fields: the stored ones, if they are the same.
   */
  private UserSessions.Session commit(UserSessions.Session stored) {
    xs.commit();
    activities.commit();
    if (group.isForgotten()) {
      return null;
    }
    if (same(state, stored == null ? defaults : stored)) {
      return stored;
    }
    state.xs = null;
    state.activities = null;
    return state;
  }

  /**
   * Shows the handler that has closed the group an empty state.
   */
  private void reset() {
    copy(defaults, state);
    xs.clear();
    activities.clear();
  }

  /**
   * Lets go of what the handler emitted.
   */
  private void emit(String key, Instant time, MultiOutputReceiver out) {
    for (int i = 0, count = rows.close(); i < count; i++) {
      emit(rows.get(i), key, time, out);
    }
  }

  /**
   * Lets go of a row.
   */
  private static void emit(UserSessions.Closed row, String key, Instant time,
      MultiOutputReceiver out) {
    out.get(ROWS).outputWithTimestamp(row, time);
  }

  private static void copy(UserSessions.Session from, UserSessions.Session to) {
    to.count = from.count;
  }

  private static boolean same(UserSessions.Session left, UserSessions.Session right) {
    return left.count == right.count;
  }
}
