package dev.tidemark.processor.groups;

import dev.tidemark.runtime.BagCell;
import dev.tidemark.runtime.GroupSettings;
import dev.tidemark.runtime.Inbox;
import dev.tidemark.runtime.Kept;
import dev.tidemark.runtime.KeptCoder;
import dev.tidemark.runtime.Rows;
import dev.tidemark.runtime.TimedGroup;
import dev.tidemark.runtime.WireCoder;
import dev.tidemark.runtime.Wires;
import javax.annotation.processing.Generated;
import org.apache.beam.sdk.state.BagState;
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
 * The stateful step of {@link CountWindow}: calls its handlers, and keeps its state, under the name {@code count-window}.
 */
@Generated("dev.tidemark.processor.StatefulGroupProcessor")
@SuppressWarnings("NullAway")
final class CountWindowDoFn extends DoFn<KV<String, CountWindow.Reading>, CountWindow.Average> {
  private static final long serialVersionUID = 1L;

  static final TupleTag<CountWindow.Average> ROWS = new TupleTag<>("rows") {};

  private final GroupSettings settings;

  @StateId("f2")
  private final StateSpec<BagState<Double>> xsSpec = StateSpecs.bag(WireCoder.of(Wires.DOUBLE));

  @StateId("~meta")
  private final StateSpec<ValueState<Kept<CountWindow.Buffer>>> metaSpec = StateSpecs.value(
      KeptCoder.of("count-window", CountWindowCoders.BufferCoder.INSTANCE).deferred());

  @StateId("~inbox")
  private final StateSpec<BagState<TimestampedValue<CountWindow.Reading>>> inboxSpec = StateSpecs.bag(
      TimestampedValue.TimestampedValueCoder.of(CountWindowCoders.ReadingCoder.INSTANCE));

  @TimerId("~wake")
  private final TimerSpec wakeSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  private transient CountWindow handlers;

  private transient TimedGroup group;

  private transient Rows<CountWindow.Average> rows;

  private transient Inbox<CountWindow.Reading> inbox;

  private transient CountWindow.Buffer state;

  private transient CountWindow.Buffer defaults;

  private transient BagCell<Double> xs;

  CountWindowDoFn(GroupSettings settings) {
    this.settings = settings;
  }

  /**
   * Makes what is used anew for each call.
   */
  @Setup
  public void setup() {
    handlers = new CountWindow();
    group = new TimedGroup(settings, this::reset);
    rows = new Rows<>();
    inbox = new Inbox<>(CountWindowCoders.ReadingCoder.INSTANCE);
    defaults = new CountWindow.Buffer();
    xs = new BagCell<>();
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
  public void process(@Element KV<String, CountWindow.Reading> element,
      @Timestamp Instant timestamp, BoundedWindow window,
      @StateId("~meta") ValueState<Kept<CountWindow.Buffer>> metaCell,
      @StateId("~inbox") BagState<TimestampedValue<CountWindow.Reading>> inboxCell,
      @TimerId("~wake") Timer wake, MultiOutputReceiver out) {
    Kept<CountWindow.Buffer> kept = metaCell.read();
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
      @StateId("~meta") ValueState<Kept<CountWindow.Buffer>> metaCell,
      @StateId("f2") BagState<Double> xsCell,
      @StateId("~inbox") BagState<TimestampedValue<CountWindow.Reading>> inboxCell,
      @TimerId("~wake") Timer wake, MultiOutputReceiver out) {
    Kept<CountWindow.Buffer> kept = metaCell.read();
    group.load(kept, window);
    CountWindow.Buffer fields = Kept.fieldsOf(kept);
    if (!group.wakes(context.fireTimestamp(), wake)) {
      return;
    }
    for (TimestampedValue<CountWindow.Reading> next : inbox.release(inboxCell, group)) {
      long time = next.getTimestamp().getMillis();
      group.released(time);
      fields = event(key, next.getValue(), next.getTimestamp(), false, fields, xsCell, out);
    }
    group.arm(wake);
    group.store(metaCell, kept, fields);
  }

  /**
   * One call of {@link CountWindow#add}.
   */
  private CountWindow.Buffer event(String key, CountWindow.Reading event, Instant time,
      boolean late, CountWindow.Buffer stored, BagState<Double> xsCell, MultiOutputReceiver out) {
    rows.open();
    open(stored, xsCell);
    group.beginEvent(time.getMillis(), late);
    try {
      rows.optional(handlers.add(event, state, group), "CountWindow.add");
    } catch (Exception e) {
      throw group.failure("CountWindow.add", key, e);
    }
    group.commitEvent(group.isClosed() && isWritten());
    CountWindow.Buffer fields = commit(stored);
    emit(key, time, out);
    return fields;
  }

  /**
   * Gives the handler its state: a copy, since what is stored may be the object itself.
   */
  private void open(CountWindow.Buffer stored, BagState<Double> xsCell) {
    state = new CountWindow.Buffer();
    if (stored != null) {
      copy(stored, state);
    }
    xs.open(xsCell);
    state.xs = xs;
  }

  /**
   * Whether there is any state: what a handler writes after it has closed the group opens it anew.
   */
  private boolean isWritten() {
    return !same(state, defaults)
        || xs.isWritten();
  }

  /**
   * Applies what the handler did to the cells, and gives its plain fields: the stored ones, if they are the same.
   */
  private CountWindow.Buffer commit(CountWindow.Buffer stored) {
    xs.commit();
    if (group.isForgotten()) {
      return null;
    }
    if (same(state, stored == null ? defaults : stored)) {
      return stored;
    }
    state.xs = null;
    return state;
  }

  /**
   * Shows the handler that has closed the group an empty state.
   */
  private void reset() {
    copy(defaults, state);
    xs.clear();
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
  private static void emit(CountWindow.Average row, String key, Instant time,
      MultiOutputReceiver out) {
    out.get(ROWS).outputWithTimestamp(row, time);
  }

  private static void copy(CountWindow.Buffer from, CountWindow.Buffer to) {
    to.count = from.count;
  }

  private static boolean same(CountWindow.Buffer left, CountWindow.Buffer right) {
    return left.count == right.count;
  }
}
