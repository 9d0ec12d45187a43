package dev.tidemark.processor.groups;

import dev.tidemark.Alarm;
import dev.tidemark.Failed;
import dev.tidemark.runtime.FieldCell;
import dev.tidemark.runtime.GroupSettings;
import dev.tidemark.runtime.Held;
import dev.tidemark.runtime.HeldCoder;
import dev.tidemark.runtime.Inbox;
import dev.tidemark.runtime.Kept;
import dev.tidemark.runtime.KeptCoder;
import dev.tidemark.runtime.LiveGroup;
import dev.tidemark.runtime.Rows;
import dev.tidemark.runtime.TableCell;
import dev.tidemark.runtime.TimedGroup;
import dev.tidemark.runtime.WireCoder;
import dev.tidemark.runtime.Wires;
import java.util.Objects;
import javax.annotation.processing.Generated;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.MapState;
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
 * The stateful step of {@link Subscription}: calls its handlers, and keeps its state, under the name {@code subscription}.
 */
@Generated("dev.tidemark.processor.StatefulGroupProcessor")
@SuppressWarnings("NullAway")
final class SubscriptionDoFn extends DoFn<KV<String, Subscription.Payment>, Subscription.Notice> {
  private static final long serialVersionUID = 1L;

  static final TupleTag<Subscription.Notice> ROWS = new TupleTag<>("rows") {};

  static final TupleTag<Failed<Subscription.Payment>> ERRORS = new TupleTag<>("errors") {};

  private final GroupSettings settings;

  @StateId("f3")
  private final StateSpec<ValueState<Held<byte[]>>> invoiceSpec = StateSpecs.value(
      HeldCoder.of(Wires.BYTES));

  @StateId("f4")
  private final StateSpec<MapState<String, Long>> paymentsSpec = StateSpecs.map(
      StringUtf8Coder.of(), WireCoder.of(Wires.LONG));

  @StateId("~meta")
  private final StateSpec<ValueState<Kept<Subscription.Account>>> metaSpec = StateSpecs.value(
      KeptCoder.of("subscription", SubscriptionCoders.AccountCoder.INSTANCE).deferred());

  @StateId("~inbox")
  private final StateSpec<BagState<TimestampedValue<Subscription.Payment>>> inboxSpec = StateSpecs.bag(
      TimestampedValue.TimestampedValueCoder.of(SubscriptionCoders.PaymentCoder.INSTANCE));

  @TimerId("~wake")
  private final TimerSpec wakeSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  private transient Subscription handlers;

  private transient TimedGroup group;

  private transient Rows<Subscription.Notice> rows;

  private transient Inbox<Subscription.Payment> inbox;

  private transient Subscription.Account state;

  private transient Subscription.Account defaults;

  private transient FieldCell<byte[]> invoice;

  private transient TableCell<String, Long> payments;

  private transient Alarm reminderAlarm;

  SubscriptionDoFn(GroupSettings settings) {
    this.settings = settings;
  }

  /**
   * Makes what is used anew for each call.
   */
  @Setup
  public void setup() {
    handlers = new Subscription();
    group = new TimedGroup(settings, this::reset);
    rows = new Rows<>();
    inbox = new Inbox<>(SubscriptionCoders.PaymentCoder.INSTANCE);
    defaults = new Subscription.Account();
    invoice = new FieldCell<>(Wires.BYTES);
    payments = new TableCell<>(Wires.STRING);
    reminderAlarm = group.alarm(0);
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
  public void process(@Element KV<String, Subscription.Payment> element,
      @Timestamp Instant timestamp, BoundedWindow window,
      @StateId("~meta") ValueState<Kept<Subscription.Account>> metaCell,
      @StateId("~inbox") BagState<TimestampedValue<Subscription.Payment>> inboxCell,
      @TimerId("~wake") Timer wake, MultiOutputReceiver out) {
    Kept<Subscription.Account> kept = metaCell.read();
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
      @StateId("~meta") ValueState<Kept<Subscription.Account>> metaCell,
      @StateId("f3") ValueState<Held<byte[]>> invoiceCell,
      @StateId("f4") MapState<String, Long> paymentsCell,
      @StateId("~inbox") BagState<TimestampedValue<Subscription.Payment>> inboxCell,
      @TimerId("~wake") Timer wake, MultiOutputReceiver out) {
    Kept<Subscription.Account> kept = metaCell.read();
    group.load(kept, window);
    Subscription.Account fields = Kept.fieldsOf(kept);
    if (!group.wakes(context.fireTimestamp(), wake)) {
      return;
    }
    for (TimestampedValue<Subscription.Payment> next : inbox.release(inboxCell, group)) {
      long time = next.getTimestamp().getMillis();
      while (group.isDueBefore(time)) {
        fields = fire(key, fields, invoiceCell, paymentsCell, out);
      }
      group.released(time);
      fields = event(key, next.getValue(), next.getTimestamp(), false,
          fields, invoiceCell, paymentsCell, out);
    }
    while (group.isDue()) {
      fields = fire(key, fields, invoiceCell, paymentsCell, out);
    }
    group.arm(wake);
    group.store(metaCell, kept, fields);
  }

  /**
   * One call of {@link Subscription#paid}.
   */
  private Subscription.Account event(String key, Subscription.Payment event, Instant time,
      boolean late, Subscription.Account stored, ValueState<Held<byte[]>> invoiceCell,
      MapState<String, Long> paymentsCell, MultiOutputReceiver out) {
    open(stored, invoiceCell, paymentsCell);
    group.beginEvent(time.getMillis(), late);
    forgetStale();
    try {
      handlers.paid(event, state, group, reminderAlarm);
    } catch (Exception e) {
      group.rollBack();
      release();
      out.get(ERRORS).outputWithTimestamp(group.failed("Subscription.paid", key, event, e), time);
      return stored;
    }
    group.commitEvent(group.isClosed() && isWritten());
    Subscription.Account fields = commit(stored);
    return fields;
  }

  /**
   * Calls the handler of what is due first.
   */
  private Subscription.Account fire(String key, Subscription.Account stored,
      ValueState<Held<byte[]>> invoiceCell, MapState<String, Long> paymentsCell,
      MultiOutputReceiver out) {
    return switch (group.next()) {
      case TimedGroup.TIMEOUT -> timeout(key, stored, invoiceCell, paymentsCell, out);
      case TimedGroup.EXPIRY -> expire(key, stored, invoiceCell, paymentsCell, out);
      case TimedGroup.TTL -> {
        group.forgetStale();
        clear(invoiceCell, paymentsCell);
        yield null;
      }
      case 0 -> reminderAlarm(key, stored, invoiceCell, paymentsCell, out);
      default -> throw new AssertionError(group.next());
    };
  }

  /**
   * One call of {@link Subscription#end}.
   */
  private Subscription.Account timeout(String key, Subscription.Account stored,
      ValueState<Held<byte[]>> invoiceCell, MapState<String, Long> paymentsCell,
      MultiOutputReceiver out) {
    open(stored, invoiceCell, paymentsCell);
    group.beginTimeout();
    Instant time = group.timestamp();
    forgetStale();
    Subscription.Notice row;
    try {
      row = LiveGroup.notNull(handlers.end(key, state, group), "Subscription.end");
    } catch (Exception e) {
      group.rollBackTimeout();
      release();
      out.get(ERRORS).outputWithTimestamp(group.failed("Subscription.end", key, null, e), time);
      return stored;
    }
    group.commitTimeout(isWritten());
    Subscription.Account fields = commit(stored);
    emit(row, key, time, out);
    return fields;
  }

  /**
   * One call of {@link Subscription#remind}.
   */
  private Subscription.Account reminderAlarm(String key, Subscription.Account stored,
      ValueState<Held<byte[]>> invoiceCell, MapState<String, Long> paymentsCell,
      MultiOutputReceiver out) {
    open(stored, invoiceCell, paymentsCell);
    group.beginAlarm(0);
    Instant time = group.timestamp();
    forgetStale();
    Subscription.Notice row;
    try {
      row = LiveGroup.notNull(handlers.remind(key, state), "Subscription.remind");
    } catch (Exception e) {
      group.rollBack();
      release();
      out.get(ERRORS).outputWithTimestamp(group.failed("Subscription.remind", key, null, e), time);
      return stored;
    }
    group.commitAlarm(isWritten());
    Subscription.Account fields = commit(stored);
    emit(row, key, time, out);
    return fields;
  }

  /**
   * One call of {@link Subscription#windowEnds}; after it the group is gone.
   */
  private Subscription.Account expire(String key, Subscription.Account stored,
      ValueState<Held<byte[]>> invoiceCell, MapState<String, Long> paymentsCell,
      MultiOutputReceiver out) {
    rows.open();
    open(stored, invoiceCell, paymentsCell);
    group.beginExpiry();
    Instant time = group.timestamp();
    forgetStale();
    try {
      rows.optional(handlers.windowEnds(key, state), "Subscription.windowEnds");
    } catch (Exception e) {
      group.rollBack();
      out.get(ERRORS).outputWithTimestamp(group.failed("Subscription.windowEnds", key, null, e), time);
      group.commitExpiry();
      release();
      clear(invoiceCell, paymentsCell);
      return null;
    }
    group.commitExpiry();
    release();
    clear(invoiceCell, paymentsCell);
    emit(key, time, out);
    return null;
  }

  /**
   * Gives the handler its state: a copy, since what is stored may be the object itself.
   */
  private void open(Subscription.Account stored, ValueState<Held<byte[]>> invoiceCell,
      MapState<String, Long> paymentsCell) {
    state = new Subscription.Account();
    if (stored != null) {
      copy(stored, state);
    }
    state.invoice = invoice.open(invoiceCell, defaults.invoice);
    payments.open(paymentsCell);
    state.payments = payments;
  }

  /**
   * Shows the handler nothing of the fields that were not changed for longer than their ttl.
   */
  private void forgetStale() {
    if (group.isStale(2, 2592000000L)) {
      state.note = defaults.note;
    }
  }

  /**
   * Whether there is any state: what a handler writes after it has closed the group opens it anew.
   */
  private boolean isWritten() {
    return !same(state, defaults)
        || invoice.isWritten(state.invoice)
        || payments.isWritten();
  }

  /**
   * Applies what the handler did to the cells, and gives its plain fields: the stored ones, if they are the same.
   */
  private Subscription.Account commit(Subscription.Account stored) {
    Subscription.Account before = stored == null ? defaults : stored;
    if (!(Objects.equals(before.note, state.note))) {
      group.changed(2);
    }
    invoice.commit(state.invoice);
    payments.commit();
    if (group.isForgotten()) {
      return null;
    }
    if (same(state, stored == null ? defaults : stored)) {
      return stored;
    }
    state.payments = null;
    state.invoice = null;
    return state;
  }

  /**
   * Forgets what is stored beside the plain fields.
   */
  private void clear(ValueState<Held<byte[]>> invoiceCell, MapState<String, Long> paymentsCell) {
    invoiceCell.clear();
    paymentsCell.clear();
  }

  /**
   * Forgets what a handler did whose state is gone, or that has thrown.
   */
  private void release() {
    rows.close();
    invoice.release();
    payments.release();
  }

  /**
   * Shows the handler that has closed the group an empty state.
   */
  private void reset() {
    copy(defaults, state);
    state.invoice = invoice.initial();
    payments.clear();
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
  private static void emit(Subscription.Notice row, String key, Instant time,
      MultiOutputReceiver out) {
    out.get(ROWS).outputWithTimestamp(row, time);
  }

  private static void copy(Subscription.Account from, Subscription.Account to) {
    to.plan = from.plan;
    to.note = from.note;
  }

  private static boolean same(Subscription.Account left, Subscription.Account right) {
    return Objects.equals(left.plan, right.plan)
        && Objects.equals(left.note, right.note);
  }
}
