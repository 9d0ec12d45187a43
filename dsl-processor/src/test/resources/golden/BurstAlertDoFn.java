package dev.tidemark.processor.groups;

import dev.tidemark.runtime.GroupSettings;
import dev.tidemark.runtime.Inbox;
import dev.tidemark.runtime.Kept;
import dev.tidemark.runtime.KeptCoder;
import dev.tidemark.runtime.Rows;
import dev.tidemark.runtime.TimedGroup;
import dev.tidemark.runtime.TimelineCell;
import java.util.List;
import javax.annotation.processing.Generated;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.OrderedListState;
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
 * The stateful step of {@link BurstAlert}: calls its handlers, and keeps its state, under the name {@code burst-alert}.
 */
@Generated("dev.tidemark.processor.StatefulGroupProcessor")
@SuppressWarnings("NullAway")
final class BurstAlertDoFn extends DoFn<KV<String, BurstAlert.Login>, BurstAlert.Signal> {
  private static final long serialVersionUID = 1L;

  static final TupleTag<BurstAlert.Signal> ROWS = new TupleTag<>("rows") {};

  static final TupleTag<BurstAlert.Alert> ALERTS = new TupleTag<>("rows-1") {};

  static final TupleTag<BurstAlert.AllClear> ALL_CLEARS = new TupleTag<>("rows-2") {};

  private final GroupSettings settings;

  @StateId("f1")
  private final StateSpec<OrderedListState<List<String>>> loginsSpec = StateSpecs.orderedList(
      ListCoder.of(StringUtf8Coder.of()));

  @StateId("~meta")
  private final StateSpec<ValueState<Kept<BurstAlert.Recent>>> metaSpec = StateSpecs.value(
      KeptCoder.of("burst-alert", BurstAlertCoders.RecentCoder.INSTANCE).deferred());

  @StateId("~inbox")
  private final StateSpec<BagState<TimestampedValue<BurstAlert.Login>>> inboxSpec = StateSpecs.bag(
      TimestampedValue.TimestampedValueCoder.of(BurstAlertCoders.LoginCoder.INSTANCE));

  @TimerId("~wake")
  private final TimerSpec wakeSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  private transient BurstAlert handlers;

  private transient TimedGroup group;

  private transient Rows<BurstAlert.Signal> rows;

  private transient Inbox<BurstAlert.Login> inbox;

  private transient BurstAlert.Recent state;

  private transient BurstAlert.Recent defaults;

  private transient TimelineCell<String> logins;

  BurstAlertDoFn(GroupSettings settings) {
    this.settings = settings;
  }

  /**
   * Makes what is used anew for each call.
   */
  @Setup
  public void setup() {
    handlers = new BurstAlert();
    group = new TimedGroup(settings, this::reset);
    rows = new Rows<>();
    inbox = new Inbox<>(BurstAlertCoders.LoginCoder.INSTANCE);
    defaults = new BurstAlert.Recent();
    logins = new TimelineCell<>();
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
  public void process(@Element KV<String, BurstAlert.Login> element, @Timestamp Instant timestamp,
      BoundedWindow window, @StateId("~meta") ValueState<Kept<BurstAlert.Recent>> metaCell,
      @StateId("~inbox") BagState<TimestampedValue<BurstAlert.Login>> inboxCell,
      @TimerId("~wake") Timer wake, MultiOutputReceiver out) {
    Kept<BurstAlert.Recent> kept = metaCell.read();
    group.load(kept, window);
    long time = timestamp.getMillis();
    if (group.isLate(time, wake)) {
      group.lateDropped();
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
      @StateId("~meta") ValueState<Kept<BurstAlert.Recent>> metaCell,
      @StateId("f1") OrderedListState<List<String>> loginsCell,
      @StateId("~inbox") BagState<TimestampedValue<BurstAlert.Login>> inboxCell,
      @TimerId("~wake") Timer wake, MultiOutputReceiver out) {
    Kept<BurstAlert.Recent> kept = metaCell.read();
    group.load(kept, window);
    BurstAlert.Recent fields = Kept.fieldsOf(kept);
    if (!group.wakes(context.fireTimestamp(), wake)) {
      return;
    }
    for (TimestampedValue<BurstAlert.Login> next : inbox.release(inboxCell, group)) {
      long time = next.getTimestamp().getMillis();
      while (group.isDueBefore(time)) {
        fields = timeout(key, fields, loginsCell, out);
      }
      group.released(time);
      fields = event(key, next.getValue(), next.getTimestamp(), false, fields, loginsCell, out);
    }
    if (group.isDue()) {
      fields = timeout(key, fields, loginsCell, out);
    }
    group.arm(wake);
    group.store(metaCell, kept, fields);
  }

  /**
   * One call of {@link BurstAlert#login}.
   */
  private BurstAlert.Recent event(String key, BurstAlert.Login event, Instant time, boolean late,
      BurstAlert.Recent stored, OrderedListState<List<String>> loginsCell,
      MultiOutputReceiver out) {
    rows.open();
    open(stored, loginsCell);
    group.beginEvent(time.getMillis(), late);
    try {
      handlers.login(event, state, group, rows);
    } catch (Exception e) {
      throw group.failure("BurstAlert.login", key, e);
    }
    group.commitEvent(group.isClosed() && isWritten());
    BurstAlert.Recent fields = commit(stored);
    emit(key, time, out);
    return fields;
  }

  /**
   * One call of {@link BurstAlert#quiet}.
   */
  private BurstAlert.Recent timeout(String key, BurstAlert.Recent stored,
      OrderedListState<List<String>> loginsCell, MultiOutputReceiver out) {
    rows.open();
    open(stored, loginsCell);
    group.beginTimeout();
    Instant time = group.timestamp();
    try {
      handlers.quiet(key, state, group, rows);
    } catch (Exception e) {
      throw group.failure("BurstAlert.quiet", key, e);
    }
    group.commitTimeout(isWritten());
    BurstAlert.Recent fields = commit(stored);
    emit(key, time, out);
    return fields;
  }

  /**
   * Gives the handler its state: a copy, since what is stored may be the object itself.
   */
  private void open(BurstAlert.Recent stored, OrderedListState<List<String>> loginsCell) {
    state = new BurstAlert.Recent();
    if (stored != null) {
      copy(stored, state);
    }
    logins.open(loginsCell);
    state.logins = logins;
  }

  /**
   * Whether there is any state: what a handler writes after it has closed the group opens it anew.
   */
  private boolean isWritten() {
    return !same(state, defaults)
        || logins.isWritten();
  }

  /**
   * Applies what the handler did to the cells, and gives its plain fields: the stored ones, if they are the same.
   */
  private BurstAlert.Recent commit(BurstAlert.Recent stored) {
    logins.commit();
    if (group.isForgotten()) {
      return null;
    }
    if (same(state, stored == null ? defaults : stored)) {
      return stored;
    }
    state.logins = null;
    return state;
  }

  /**
   * Shows the handler that has closed the group an empty state.
   */
  private void reset() {
    copy(defaults, state);
    logins.clear();
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
  private static void emit(BurstAlert.Signal row, String key, Instant time,
      MultiOutputReceiver out) {
    out.get(ROWS).outputWithTimestamp(row, time);
    if (row instanceof BurstAlert.Alert alternative) {
      out.get(ALERTS).outputWithTimestamp(alternative, time);
    } else if (row instanceof BurstAlert.AllClear alternative) {
      out.get(ALL_CLEARS).outputWithTimestamp(alternative, time);
    }
  }

  private static void copy(BurstAlert.Recent from, BurstAlert.Recent to) {
    to.alerted = from.alerted;
  }

  private static boolean same(BurstAlert.Recent left, BurstAlert.Recent right) {
    return left.alerted == right.alerted;
  }
}
