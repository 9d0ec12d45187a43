package dev.tidemark.processor.groups;

import dev.tidemark.Step;
import dev.tidemark.Upsert;
import dev.tidemark.runtime.Arrival;
import dev.tidemark.runtime.ArrivalCoder;
import dev.tidemark.runtime.GroupSettings;
import dev.tidemark.runtime.Inbox;
import dev.tidemark.runtime.LiveGroup;
import dev.tidemark.runtime.Meta;
import dev.tidemark.runtime.MetaCoder;
import dev.tidemark.runtime.Rows;
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

  @StateId("fields")
  private final StateSpec<ValueState<Balance.Sum>> fieldsSpec = StateSpecs.value(
      BalanceCoders.SumCoder.INSTANCE);

  @StateId("~meta")
  private final StateSpec<ValueState<Meta>> metaSpec = StateSpecs.value(MetaCoder.INSTANCE);

  @StateId("~inbox")
  private final StateSpec<BagState<TimestampedValue<Arrival<Balance.Booking, Balance.Sum>>>> inboxSpec = StateSpecs.bag(
      TimestampedValue.TimestampedValueCoder.of(
      ArrivalCoder.of(BalanceCoders.BookingCoder.INSTANCE, BalanceCoders.SumCoder.INSTANCE)));

  @TimerId("~wake")
  private final TimerSpec wakeSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  private transient Balance handlers;

  private transient LiveGroup group;

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
    group = new LiveGroup(settings);
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
      @StateId("~meta") ValueState<Meta> metaCell,
      @StateId("~inbox") BagState<TimestampedValue<Arrival<Balance.Booking, Balance.Sum>>> inboxCell,
      @TimerId("~wake") Timer wake, MultiOutputReceiver out) {
    group.load(metaCell, window);
    long time = timestamp.getMillis();
    if (element.getValue().isEvent() && group.isLate(time, wake)) {
      group.lateDropped();
      return;
    }
    inboxCell.add(TimestampedValue.of(element.getValue(), timestamp));
    group.buffered(time);
    group.arm(wake);
    group.store(metaCell);
  }

  /**
   * Handles the events that the watermark has passed, in order, and the timeouts between them.
   */
  @OnTimer("~wake")
  public void wake(OnTimerContext context, @Key String key, BoundedWindow window,
      @StateId("~meta") ValueState<Meta> metaCell,
      @StateId("fields") ValueState<Balance.Sum> fieldsCell,
      @StateId("~inbox") BagState<TimestampedValue<Arrival<Balance.Booking, Balance.Sum>>> inboxCell,
      @TimerId("~wake") Timer wake, MultiOutputReceiver out) {
    group.load(metaCell, window);
    if (!group.wakes(context.fireTimestamp(), wake)) {
      return;
    }
    for (TimestampedValue<Arrival<Balance.Booking, Balance.Sum>> next : inbox.release(inboxCell, group)) {
      long time = next.getTimestamp().getMillis();
      group.released(time);
      if (!next.getValue().isEvent()) {
        initial(key, next.getValue().initial(), next.getTimestamp(), fieldsCell, out);
        continue;
      }
      event(key, next.getValue().event(), next.getTimestamp(), false, fieldsCell, out);
    }
    group.arm(wake);
    group.store(metaCell);
  }

  /**
   * One call of the handler for this kind of event.
   */
  private void event(String key, Balance.Booking event, Instant time, boolean late,
      ValueState<Balance.Sum> fieldsCell, MultiOutputReceiver out) {
    if (event instanceof Balance.Credit alternative) {
      eventCredit(key, alternative, time, late, fieldsCell, out);
    } else if (event instanceof Balance.Debit alternative) {
      eventDebit(key, alternative, time, late, fieldsCell, out);
    }
  }

  /**
   * One call of {@link Balance#credit}.
   */
  private void eventCredit(String key, Balance.Credit event, Instant time, boolean late,
      ValueState<Balance.Sum> fieldsCell, MultiOutputReceiver out) {
    Balance.Sum stored = fieldsCell.read();
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
    commit(step, stored, fieldsCell);
    emit(key, time, out);
  }

  /**
   * One call of {@link Balance#debit}.
   */
  private void eventDebit(String key, Balance.Debit event, Instant time, boolean late,
      ValueState<Balance.Sum> fieldsCell, MultiOutputReceiver out) {
    Balance.Sum stored = fieldsCell.read();
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
    commit(step, stored, fieldsCell);
    emit(key, time, out);
  }

  /**
   * One call of {@link Balance#start}, for a state that was there before.
   */
  private void initial(String key, Balance.Sum initial, Instant time,
      ValueState<Balance.Sum> fieldsCell, MultiOutputReceiver out) {
    Balance.Sum stored = fieldsCell.read();
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
    if (step.change() == Step.Change.KEEP) {
      fieldsCell.write(initial);
    }
    commit(step, stored, fieldsCell);
    emit(key, time, out);
  }

  /**
   * Applies what the handler has made of the state; one that did not change is not written.
   */
  private void commit(Step<Balance.Sum, Balance.Total> step, Balance.Sum stored,
      ValueState<Balance.Sum> fieldsCell) {
    switch (step.change()) {
      case KEEP -> {
      }
      case REPLACE -> {
        if (!step.state().equals(stored)) {
          fieldsCell.write(step.state());
        }
      }
      case REMOVE -> {
        if (stored != null) {
          fieldsCell.clear();
        }
      }
    }
  }

  /**
   * Lets go of what the handler emitted.
   */
  private void emit(String key, Instant time, MultiOutputReceiver out) {
    for (Balance.Total row : rows.close()) {
      out.get(ROWS).outputWithTimestamp(row, time);
      out.get(UPDATES).outputWithTimestamp(Upsert.row(key, row), time);
    }
    if (group.isForgotten()) {
      out.get(UPDATES).outputWithTimestamp(Upsert.delete(key), time);
    }
  }
}
