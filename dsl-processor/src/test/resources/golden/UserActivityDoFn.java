package dev.tidemark.processor.groups;

import dev.tidemark.Upsert;
import dev.tidemark.runtime.GroupSettings;
import dev.tidemark.runtime.Kept;
import dev.tidemark.runtime.KeptCoder;
import dev.tidemark.runtime.LiveGroup;
import dev.tidemark.runtime.UntimedGroup;
import java.util.Objects;
import javax.annotation.processing.Generated;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * The stateful step of {@link UserActivity}: calls its handlers, and keeps its state, under the name {@code user-activity}.
 */
@Generated("dev.tidemark.processor.StatefulGroupProcessor")
@SuppressWarnings("NullAway")
final class UserActivityDoFn extends DoFn<KV<String, UserActivity.Event>, UserActivity.Now> {
  private static final long serialVersionUID = 1L;

  static final TupleTag<UserActivity.Now> ROWS = new TupleTag<>("rows") {};

  static final TupleTag<Upsert<String, UserActivity.Now>> UPDATES = new TupleTag<>("updates") {};

  private final GroupSettings settings;

  @StateId("~meta")
  private final StateSpec<ValueState<Kept<UserActivity.State>>> metaSpec = StateSpecs.value(
      KeptCoder.of("user-activity", UserActivityCoders.StateCoder.INSTANCE));

  private transient UserActivity handlers;

  private transient UntimedGroup group;

  private transient UserActivity.State state;

  private transient UserActivity.State defaults;

  UserActivityDoFn(GroupSettings settings) {
    this.settings = settings;
  }

  /**
   * Makes what is used anew for each call.
   */
  @Setup
  public void setup() {
    handlers = new UserActivity();
    group = new UntimedGroup(settings, this::reset);
    defaults = new UserActivity.State();
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
   * Handles one event.
   */
  @ProcessElement
  public void process(@Element KV<String, UserActivity.Event> element, @Timestamp Instant timestamp,
      BoundedWindow window, @StateId("~meta") ValueState<Kept<UserActivity.State>> metaCell,
      MultiOutputReceiver out) {
    Kept<UserActivity.State> kept = metaCell.read();
    group.load(kept, window);
    UserActivity.State fields = Kept.fieldsOf(kept);
    fields = event(element.getKey(), element.getValue(), timestamp, fields, out);
    group.store(metaCell, kept, fields);
  }

  /**
   * One call of {@link UserActivity#update}.
   */
  private UserActivity.State event(String key, UserActivity.Event event, Instant time,
      UserActivity.State stored, MultiOutputReceiver out) {
    open(stored);
    group.beginEvent(time.getMillis());
    UserActivity.Now row;
    try {
      row = LiveGroup.notNull(handlers.update(event, state, group), "UserActivity.update");
    } catch (Exception e) {
      throw group.failure("UserActivity.update", key, e);
    }
    group.commitEvent(group.isClosed() && isWritten());
    UserActivity.State fields = commit(stored);
    emit(row, key, time, out);
    if (group.isForgotten()) {
      out.get(UPDATES).outputWithTimestamp(Upsert.delete(key), time);
    }
    return fields;
  }

  /**
   * Gives the handler its state: a copy, since what is stored may be the object itself.
   */
  private void open(UserActivity.State stored) {
    state = new UserActivity.State();
    if (stored != null) {
      copy(stored, state);
    }
  }

  /**
   * Whether there is any state: what a handler writes after it has closed the group opens it anew.
   */
  private boolean isWritten() {
    return !same(state, defaults);
  }

  /**
   * Applies what the handler did to the cells, and gives its plain fields: the stored ones, if they are the same.
   */
  private UserActivity.State commit(UserActivity.State stored) {
    if (group.isForgotten()) {
      return null;
    }
    if (same(state, stored == null ? defaults : stored)) {
      return stored;
    }
    return state;
  }

  /**
   * Shows the handler that has closed the group an empty state.
   */
  private void reset() {
    copy(defaults, state);
  }

  /**
   * Lets go of a row.
   */
  private static void emit(UserActivity.Now row, String key, Instant time,
      MultiOutputReceiver out) {
    out.get(ROWS).outputWithTimestamp(row, time);
    out.get(UPDATES).outputWithTimestamp(Upsert.row(key, row), time);
  }

  private static void copy(UserActivity.State from, UserActivity.State to) {
    to.activity = from.activity;
    to.start = from.start;
    to.end = from.end;
  }

  private static boolean same(UserActivity.State left, UserActivity.State right) {
    return Objects.equals(left.activity, right.activity)
        && Objects.equals(left.start, right.start)
        && Objects.equals(left.end, right.end);
  }
}
