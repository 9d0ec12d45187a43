package dev.tidemark.processor.groups;

import dev.tidemark.Step;
import dev.tidemark.Upsert;
import dev.tidemark.runtime.Arrival;
import dev.tidemark.runtime.ArrivalCoder;
import dev.tidemark.runtime.GroupSettings;
import dev.tidemark.runtime.Inbox;
import dev.tidemark.runtime.Kept;
import dev.tidemark.runtime.KeptCoder;
import dev.tidemark.runtime.LiveGroup;
import dev.tidemark.runtime.Rows;
import dev.tidemark.runtime.TimedGroup;
import java.util.Optional;
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
 * The stateful step of {@link Balance}: calls its handlers, and keeps its state, under the name {@code balance}.
 */
@Generated("dev.tidemark.processor.StatefulGroupProcessor")
@SuppressWarnings("NullAway")
final class BalanceDoFn extends DoFn<KV<String, Arrival<Balance.Booking, Balance.Sum>>, Balance.Total> {
  private static final long serialVersionUID = 1L;

  static final TupleTag<Balance.Total> ROWS = new TupleTag<>("rows") {};

  static final TupleTag<Upsert<String, Balance.Total>> UPDATES = new TupleTag<>("updates") {};

  private final GroupSettings settings;

  @StateId("~meta")
  private final StateSpec<ValueState<Kept<Balance.Sum>>> metaSpec = StateSpecs.value(
      KeptCoder.of("balance", BalanceCoders.SumCoder.INSTANCE).deferred());

  @StateId("~inbox")
  private final StateSpec<BagState<TimestampedValue<Arrival<Balance.Booking, Balance.Sum>>>> inboxSpec = StateSpecs.bag(
      TimestampedValue.TimestampedValueCoder.of(
      ArrivalCoder.of(BalanceCoders.BookingCoder.INSTANCE, BalanceCoders.SumCoder.INSTANCE)));

  @TimerId("~wake")
  private final TimerSpec wakeSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  private transient Balance handlers;

  private transient TimedGroup group;

  private transient Rows<Balance.Total> rows;

  private transient Inbox<Arrival<Balance.Booking, Balance.Sum>> inbox;

  BalanceDoFn(GroupSettings settings) {
    this.settings = settings;
  }

  /**
   * Makes what is used anew for each call.
   */
  @Setup
  public void setup() {
    handlers = new Balance();
    group = new TimedGroup(settings);
    rows = new Rows<>();
    inbox = new Inbox<>(ArrivalCoder.of(BalanceCoders.BookingCoder.INSTANCE, BalanceCoders.SumCoder.INSTANCE));
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
  public void process(@Element KV<String, Arrival<Balance.Booking, Balance.Sum>> element,
      @Timestamp Instant timestamp, BoundedWindow window,
      @StateId("~meta") ValueState<Kept<Balance.Sum>> metaCell,
      @StateId("~inbox") BagState<TimestampedValue<Arrival<Balance.Booking, Balance.Sum>>> inboxCell,
      @TimerId("~wake") Timer wake, MultiOutputReceiver out) {
    Kept<Balance.Sum> kept = metaCell.read();
    group.load(kept, window);
    long time = timestamp.getMillis();
    if (element.getValue().isEvent() && group.isLate(time, wake)) {
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
      @StateId("~meta") ValueState<Kept<Balance.Sum>> metaCell,
      @StateId("~inbox") BagState<TimestampedValue<Arrival<Balance.Booking, Balance.Sum>>> inboxCell,
      @TimerId("~wake") Timer wake, MultiOutputReceiver out) {
    Kept<Balance.Sum> kept = metaCell.read();
    group.load(kept, window);
    Balance.Sum fields = Kept.fieldsOf(kept);
    if (!group.wakes(context.fireTimestamp(), wake)) {
      return;
    }
    for (TimestampedValue<Arrival<Balance.Booking, Balance.Sum>> next : inbox.release(inboxCell, group)) {
      long time = next.getTimestamp().getMillis();
      group.released(time);
      if (!next.getValue().isEvent()) {
        fields = initial(key, next.getValue().initial(), next.getTimestamp(), fields, out);
        continue;
      }
      fields = event(key, next.getValue().event(), next.getTimestamp(), false, fields, out);
    }
    group.arm(wake);
    group.store(metaCell, kept, fields);
  }

  /**
   * One call of the handler for this kind of event.
   */
  private Balance.Sum event(String key, Balance.Booking event, Instant time, boolean late,
      Balance.Sum stored, MultiOutputReceiver out) {
    if (event instanceof Balance.Credit alternative) {
      return eventCredit(key, alternative, time, late, stored, out);
    } else if (event instanceof Balance.Debit alternative) {
      return eventDebit(key, alternative, time, late, stored, out);
    } else {
      throw new IllegalStateException("no handler takes " + event);
    }
  }

  /**
   * One call of {@link Balance#credit}.
   */
  private Balance.Sum eventCredit(String key, Balance.Credit event, Instant time, boolean late,
      Balance.Sum stored, MultiOutputReceiver out) {
    rows.open();
    group.beginEvent(time.getMillis(), late);
    Step<Balance.Sum, Balance.Total> step;
    try {
      step = LiveGroup.notNull(Balance.credit(event, Optional.ofNullable(stored)), "Balance.credit");
      group.take(step);
      rows.all(step.rows(), "Balance.credit");
    } catch (Exception e) {
      throw group.failure("Balance.credit", key, e);
    }
    group.commitEvent(false);
    Balance.Sum fields = commit(step, stored);
    emit(key, time, out);
    if (group.isForgotten()) {
      out.get(UPDATES).outputWithTimestamp(Upsert.delete(key), time);
    }
    return fields;
  }

  /**
   * One call of {@link Balance#debit}.
   */
  private Balance.Sum eventDebit(String key, Balance.Debit event, Instant time, boolean late,
      Balance.Sum stored, MultiOutputReceiver out) {
    rows.open();
    group.beginEvent(time.getMillis(), late);
    Step<Balance.Sum, Balance.Total> step;
    try {
      step = LiveGroup.notNull(Balance.debit(event, Optional.ofNullable(stored)), "Balance.debit");
      group.take(step);
      rows.all(step.rows(), "Balance.debit");
    } catch (Exception e) {
      throw group.failure("Balance.debit", key, e);
    }
    group.commitEvent(false);
    Balance.Sum fields = commit(step, stored);
    emit(key, time, out);
    if (group.isForgotten()) {
      out.get(UPDATES).outputWithTimestamp(Upsert.delete(key), time);
    }
    return fields;
  }

  /**
   * One call of {@link Balance#start}, for a state that was there before.
   */
  private Balance.Sum initial(String key, Balance.Sum initial, Instant time, Balance.Sum stored,
      MultiOutputReceiver out) {
    rows.open();
    group.beginInitial(time.getMillis());
    Step<Balance.Sum, Balance.Total> step;
    try {
      group.requireNoState();
      step = LiveGroup.notNull(Balance.start(key, initial), "Balance.start");
      group.take(step);
      rows.all(step.rows(), "Balance.start");
    } catch (Exception e) {
      throw group.failure("Balance.start", key, e);
    }
    group.commitInitial(false);
    Balance.Sum fields = commit(step, initial);
    emit(key, time, out);
    if (group.isForgotten()) {
      out.get(UPDATES).outputWithTimestamp(Upsert.delete(key), time);
    }
    return fields;
  }

  /**
   * The state that the handler leaves; the object that was stored, if it did not change.
   */
  private Balance.Sum commit(Step<Balance.Sum, Balance.Total> step, Balance.Sum stored) {
    return switch (step.change()) {
      case KEEP -> stored;
      case REPLACE -> step.state().equals(stored) ? stored : step.state();
      case REMOVE -> null;
    };
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
  private static void emit(Balance.Total row, String key, Instant time, MultiOutputReceiver out) {
    out.get(ROWS).outputWithTimestamp(row, time);
    out.get(UPDATES).outputWithTimestamp(Upsert.row(key, row), time);
  }
}
