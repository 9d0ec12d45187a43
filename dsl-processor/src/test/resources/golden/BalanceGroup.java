package dev.tidemark.processor.groups;

import dev.tidemark.AtEnd;
import dev.tidemark.Failed;
import dev.tidemark.Late;
import dev.tidemark.RowForm;
import dev.tidemark.TimeoutDomain;
import dev.tidemark.TimeoutFrom;
import dev.tidemark.Upsert;
import dev.tidemark.runtime.ArrivalCoder;
import dev.tidemark.runtime.Arrivals;
import dev.tidemark.runtime.FailedCoder;
import dev.tidemark.runtime.GroupSettings;
import dev.tidemark.runtime.Inputs;
import dev.tidemark.runtime.KeyingFn;
import dev.tidemark.runtime.Times;
import dev.tidemark.runtime.UpsertCoder;
import dev.tidemark.runtime.Wires;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.annotation.processing.Generated;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * The group {@code balance} as a Beam transform. Its handlers, and what it means, are in {@link Balance}.
 */
@Generated("dev.tidemark.processor.StatefulGroupProcessor")
@SuppressWarnings("NullAway")
public final class BalanceGroup {
  static final GroupSettings SETTINGS = new GroupSettings(
      "balance", // name
      1, // version of the state
      TimeoutDomain.NONE,
      0L, // after, in milliseconds
      TimeoutFrom.MAX_EVENT,
      0L, // maxAge
      0L, // lateness
      Late.DROP,
      AtEnd.FIRE_TIMEOUTS,
      0L);

  private static final TupleTag<KV<String, Balance.Booking>> KEYED = new TupleTag<>("keyed") {};

  private static final TupleTag<Failed<Balance.Booking>> REFUSED = new TupleTag<>("refused") {};

  private BalanceGroup() {
  }

  /**
   * The rows alone.
   */
  public static Rows transform() {
    return new Rows(create());
  }

  /**
   * Everything the group emits.
   */
  public static Create create() {
    return new Create(SETTINGS, false, null);
  }

  /**
   * The coder of {@link Balance.Booking}.
   */
  public static Coder<Balance.Booking> inputCoder() {
    return BalanceCoders.BookingCoder.INSTANCE;
  }

  /**
   * The coder of {@link String}.
   */
  public static Coder<String> keyCoder() {
    return StringUtf8Coder.of();
  }

  /**
   * The coder of {@link Balance.Total}.
   */
  public static Coder<Balance.Total> outputCoder() {
    return BalanceCoders.TotalCoder.INSTANCE;
  }

  /**
   * Makes a pipeline find the coders of the input and the output, for collections made elsewhere.
   */
  public static void registerCoders(CoderRegistry registry) {
    registry.registerCoderForClass(Balance.Booking.class, inputCoder());
    registry.registerCoderForClass(Balance.Credit.class, BalanceCoders.CreditCoder.INSTANCE);
    registry.registerCoderForClass(Balance.Debit.class, BalanceCoders.DebitCoder.INSTANCE);
    registry.registerCoderForClass(Balance.Total.class, outputCoder());
  }

  /**
   * What {@link Balance.Total} is as a Beam {@code Row}, for schema transforms and SQL.
   */
  public static RowForm<Balance.Total> totalRows() {
    return BalanceRows.TotalRows.INSTANCE;
  }

  /**
   * The coder of {@link Balance.Sum}.
   */
  public static Coder<Balance.Sum> stateCoder() {
    return BalanceCoders.SumCoder.INSTANCE;
  }

  /**
   * The inputs as one: what the group is applied to.
   */
  public static PCollection<Balance.Booking> inputs(PCollection<Balance.Credit> credits,
      PCollection<Balance.Debit> debits) {
    return PCollectionList.<Balance.Booking>of(Inputs.widened(credits, "balance credits", inputCoder()))
        .and(Inputs.widened(debits, "balance debits", inputCoder()))
        .apply("balance inputs", Flatten.pCollections());
  }

  /**
   * The transform, to be applied as it is or with other settings. Immutable.
   */
  public static final class Create extends PTransform<PCollection<Balance.Booking>, Result> {
    private static final long serialVersionUID = 1L;

    private final GroupSettings settings;

    private final boolean assign;

    private final transient PCollection<KV<String, Balance.Sum>> initial;

    private Create(GroupSettings settings, boolean assign,
        PCollection<KV<String, Balance.Sum>> initial) {
      super("balance");
      this.settings = settings;
      this.assign = assign;
      this.initial = initial;
    }

    /**
     * The same with another lateness.
     */
    public Create withLateness(Duration value) {
      return new Create(settings.withLateness(value), assign, initial);
    }

    /**
     * Gives the elements of an unbounded input their event time, too; the watermark stays that of the source.
     */
    public Create assignTimestamps() {
      return new Create(settings, true, initial);
    }

    /**
     * The same with states that are there before the events: at most one for each key. See {@link Balance#start}.
     */
    public Create withInitialState(PCollection<KV<String, Balance.Sum>> value) {
      return new Create(settings, assign, value);
    }

    @Override
    public Map<TupleTag<?>, PValue> getAdditionalInputs() {
      return initial == null ? Map.of() : initial.expand();
    }

    @Override
    public Result expand(PCollection<Balance.Booking> input) {
      Inputs.requireUnmerged(settings.name(), input);
      Inputs.requireEventTimers(settings.name(), input);
      KeyingFn.EventTimes times = Inputs.eventTimes(input, assign);
      PCollectionTuple keyed = input.apply(
          "key", ParDo.of(new Keying(times)).withOutputTags(KEYED, TupleTagList.of(REFUSED)));
      PCollection<KV<String, Balance.Booking>> events = keyed.get(KEYED)
          .setCoder(KvCoder.of(StringUtf8Coder.of(), BalanceCoders.BookingCoder.INSTANCE));
      BalanceDoFn fn = new BalanceDoFn(
          settings.withAllowedLateness(input.getWindowingStrategy().getAllowedLateness()));
      PCollectionTuple out = Arrivals.of(settings.name(), Inputs.inWindows(events, times), initial, StringUtf8Coder.of(), ArrivalCoder.of(BalanceCoders.BookingCoder.INSTANCE, BalanceCoders.SumCoder.INSTANCE))
          .apply("handle", ParDo.of(fn).withOutputTags(BalanceDoFn.ROWS, TupleTagList.empty()
              .and(BalanceDoFn.UPDATES)));
      PCollection<Failed<Balance.Booking>> errors = keyed.get(REFUSED)
          .setCoder(FailedCoder.of(BalanceCoders.BookingCoder.INSTANCE));
      return new Result(
          input.getPipeline(),
          out.get(BalanceDoFn.ROWS).setCoder(BalanceCoders.TotalCoder.INSTANCE),
          out.get(BalanceDoFn.UPDATES)
              .setCoder(UpsertCoder.of(Wires.STRING, BalanceCoders.TotalCoder.INSTANCE)),
          errors);
    }
  }

  /**
   * The transform reduced to its rows.
   */
  public static final class Rows extends PTransform<PCollection<Balance.Booking>, PCollection<Balance.Total>> {
    private static final long serialVersionUID = 1L;

    private final Create create;

    private Rows(Create create) {
      super("balance");
      this.create = create;
    }

    @Override
    public PCollection<Balance.Total> expand(PCollection<Balance.Booking> input) {
      return create.expand(input).mainRows;
    }
  }

  /**
   * What the group emits. Immutable.
   */
  public static final class Result implements POutput {
    private final Pipeline pipeline;

    private final PCollection<Balance.Total> mainRows;

    private final PCollection<Upsert<String, Balance.Total>> updates;

    private final PCollection<Failed<Balance.Booking>> errors;

    private Result(Pipeline pipeline, PCollection<Balance.Total> mainRows,
        PCollection<Upsert<String, Balance.Total>> updates,
        PCollection<Failed<Balance.Booking>> errors) {
      this.pipeline = pipeline;
      this.mainRows = mainRows;
      this.updates = updates;
      this.errors = errors;
    }

    /**
     * The rows.
     */
    public PCollection<Balance.Total> total() {
      return mainRows;
    }

    /**
     * The latest row of each key; a deletion when its group closes.
     */
    public PCollection<Upsert<String, Balance.Total>> updates() {
      return updates;
    }

    /**
     * The events without a key or a time.
     */
    public PCollection<Failed<Balance.Booking>> errors() {
      return errors;
    }

    @Override
    public Pipeline getPipeline() {
      return pipeline;
    }

    @Override
    public Map<TupleTag<?>, PValue> expand() {
      Map<TupleTag<?>, PValue> values = new LinkedHashMap<>();
      values.put(new TupleTag<>("total"), mainRows);
      values.put(new TupleTag<>("updates"), updates);
      values.put(new TupleTag<>("errors"), errors);
      return values;
    }

    @Override
    public void finishSpecifyingOutput(String name, PInput input, PTransform<?, ?> transform) {
      // Every coder is set when the transform is expanded.
    }
  }

  /**
   * Finds the key and the time of an event.
   */
  static final class Keying extends KeyingFn<Balance.Booking, String> {
    private static final long serialVersionUID = 1L;

    Keying(KeyingFn.EventTimes times) {
      super("balance", REFUSED, times);
    }

    @Override
    protected String key(Balance.Booking input) {
      if (input instanceof Balance.Credit part) {
        return part.account();
      }
      if (input instanceof Balance.Debit part) {
        return part.account();
      }
      throw new IllegalArgumentException("not permitted: " + input);
    }

    @Override
    protected long eventTime(Balance.Booking input) {
      if (input instanceof Balance.Credit part) {
        return Times.millis(part.time());
      }
      if (input instanceof Balance.Debit part) {
        return Times.millis(part.time());
      }
      throw new IllegalArgumentException("not permitted: " + input);
    }

    @Override
    protected TupleTag<KV<String, Balance.Booking>> keyed() {
      return KEYED;
    }
  }
}
