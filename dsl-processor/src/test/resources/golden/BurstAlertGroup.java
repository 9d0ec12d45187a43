package dev.tidemark.processor.groups;

import dev.tidemark.AtEnd;
import dev.tidemark.Failed;
import dev.tidemark.Late;
import dev.tidemark.RowForm;
import dev.tidemark.TimeoutDomain;
import dev.tidemark.TimeoutFrom;
import dev.tidemark.runtime.FailedCoder;
import dev.tidemark.runtime.GroupSettings;
import dev.tidemark.runtime.Inputs;
import dev.tidemark.runtime.KeyingFn;
import dev.tidemark.runtime.Times;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.annotation.processing.Generated;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * The group {@code burst-alert} as a Beam transform. Its handlers, and what it means, are in {@link BurstAlert}.
 */
@Generated("dev.tidemark.processor.StatefulGroupProcessor")
@SuppressWarnings("NullAway")
public final class BurstAlertGroup {
  static final GroupSettings SETTINGS = new GroupSettings(
      "burst-alert", // name
      1, // version of the state
      TimeoutDomain.EVENT_TIME,
      0L, // after, in milliseconds
      TimeoutFrom.MAX_EVENT,
      0L, // maxAge
      10000L, // lateness
      Late.DROP,
      AtEnd.FIRE_TIMEOUTS,
      0L);

  private static final TupleTag<KV<String, BurstAlert.Login>> KEYED = new TupleTag<>("keyed") {};

  private static final TupleTag<Failed<BurstAlert.Login>> REFUSED = new TupleTag<>("refused") {};

  private BurstAlertGroup() {
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
    return new Create(SETTINGS, false);
  }

  /**
   * The coder of {@link BurstAlert.Login}.
   */
  public static Coder<BurstAlert.Login> inputCoder() {
    return BurstAlertCoders.LoginCoder.INSTANCE;
  }

  /**
   * The coder of {@link String}.
   */
  public static Coder<String> keyCoder() {
    return StringUtf8Coder.of();
  }

  /**
   * The coder of {@link BurstAlert.Signal}.
   */
  public static Coder<BurstAlert.Signal> outputCoder() {
    return BurstAlertCoders.SignalCoder.INSTANCE;
  }

  /**
   * Makes a pipeline find the coders of the input and the output, for collections made elsewhere.
   */
  public static void registerCoders(CoderRegistry registry) {
    registry.registerCoderForClass(BurstAlert.Login.class, inputCoder());
    registry.registerCoderForClass(BurstAlert.Signal.class, outputCoder());
    registry.registerCoderForClass(BurstAlert.Alert.class, BurstAlertCoders.AlertCoder.INSTANCE);
    registry.registerCoderForClass(BurstAlert.AllClear.class, BurstAlertCoders.AllClearCoder.INSTANCE);
  }

  /**
   * What {@link BurstAlert.Alert} is as a Beam {@code Row}, for schema transforms and SQL.
   */
  public static RowForm<BurstAlert.Alert> alertRows() {
    return BurstAlertRows.AlertRows.INSTANCE;
  }

  /**
   * What {@link BurstAlert.AllClear} is as a Beam {@code Row}, for schema transforms and SQL.
   */
  public static RowForm<BurstAlert.AllClear> allClearRows() {
    return BurstAlertRows.AllClearRows.INSTANCE;
  }

  /**
   * The transform, to be applied as it is or with other settings. Immutable.
   */
  public static final class Create extends PTransform<PCollection<BurstAlert.Login>, Result> {
    private static final long serialVersionUID = 1L;

    private final GroupSettings settings;

    private final boolean assign;

    private Create(GroupSettings settings, boolean assign) {
      super("burst-alert");
      this.settings = settings;
      this.assign = assign;
    }

    /**
     * The same with another lateness.
     */
    public Create withLateness(Duration value) {
      return new Create(settings.withLateness(value), assign);
    }

    /**
     * Gives the elements of an unbounded input their event time, too; the watermark stays that of the source.
     */
    public Create assignTimestamps() {
      return new Create(settings, true);
    }

    @Override
    public Result expand(PCollection<BurstAlert.Login> input) {
      Inputs.requireUnmerged(settings.name(), input);
      Inputs.requireEventTimers(settings.name(), input);
      KeyingFn.EventTimes times = Inputs.eventTimes(input, assign);
      PCollectionTuple keyed = input.apply(
          "key", ParDo.of(new Keying(times)).withOutputTags(KEYED, TupleTagList.of(REFUSED)));
      PCollection<KV<String, BurstAlert.Login>> events = keyed.get(KEYED)
          .setCoder(KvCoder.of(StringUtf8Coder.of(), BurstAlertCoders.LoginCoder.INSTANCE));
      BurstAlertDoFn fn = new BurstAlertDoFn(
          settings.withAllowedLateness(input.getWindowingStrategy().getAllowedLateness()));
      PCollectionTuple out = Inputs.inWindows(events, times)
          .apply("handle", ParDo.of(fn).withOutputTags(BurstAlertDoFn.ROWS, TupleTagList.empty()
              .and(BurstAlertDoFn.ALERTS).and(BurstAlertDoFn.ALL_CLEARS)));
      PCollection<Failed<BurstAlert.Login>> errors = keyed.get(REFUSED)
          .setCoder(FailedCoder.of(BurstAlertCoders.LoginCoder.INSTANCE));
      return new Result(
          input.getPipeline(),
          out.get(BurstAlertDoFn.ROWS).setCoder(BurstAlertCoders.SignalCoder.INSTANCE),
          out.get(BurstAlertDoFn.ALERTS).setCoder(BurstAlertCoders.AlertCoder.INSTANCE),
          out.get(BurstAlertDoFn.ALL_CLEARS).setCoder(BurstAlertCoders.AllClearCoder.INSTANCE),
          errors);
    }
  }

  /**
   * The transform reduced to its rows.
   */
  public static final class Rows extends PTransform<PCollection<BurstAlert.Login>, PCollection<BurstAlert.Signal>> {
    private static final long serialVersionUID = 1L;

    private final Create create;

    private Rows(Create create) {
      super("burst-alert");
      this.create = create;
    }

    @Override
    public PCollection<BurstAlert.Signal> expand(PCollection<BurstAlert.Login> input) {
      return create.expand(input).mainRows;
    }
  }

  /**
   * What the group emits. Immutable.
   */
  public static final class Result implements POutput {
    private final Pipeline pipeline;

    private final PCollection<BurstAlert.Signal> mainRows;

    private final PCollection<BurstAlert.Alert> alerts;

    private final PCollection<BurstAlert.AllClear> allClears;

    private final PCollection<Failed<BurstAlert.Login>> errors;

    private Result(Pipeline pipeline, PCollection<BurstAlert.Signal> mainRows,
        PCollection<BurstAlert.Alert> alerts, PCollection<BurstAlert.AllClear> allClears,
        PCollection<Failed<BurstAlert.Login>> errors) {
      this.pipeline = pipeline;
      this.mainRows = mainRows;
      this.alerts = alerts;
      this.allClears = allClears;
      this.errors = errors;
    }

    /**
     * Every row, of whatever kind.
     */
    public PCollection<BurstAlert.Signal> all() {
      return mainRows;
    }

    /**
     * The rows of one kind.
     */
    public PCollection<BurstAlert.Alert> alerts() {
      return alerts;
    }

    /**
     * The rows of one kind.
     */
    public PCollection<BurstAlert.AllClear> allClears() {
      return allClears;
    }

    /**
     * The events without a key or a time.
     */
    public PCollection<Failed<BurstAlert.Login>> errors() {
      return errors;
    }

    @Override
    public Pipeline getPipeline() {
      return pipeline;
    }

    @Override
    public Map<TupleTag<?>, PValue> expand() {
      Map<TupleTag<?>, PValue> values = new LinkedHashMap<>();
      values.put(new TupleTag<>("all"), mainRows);
      values.put(new TupleTag<>("alerts"), alerts);
      values.put(new TupleTag<>("allClears"), allClears);
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
  static final class Keying extends KeyingFn<BurstAlert.Login, String> {
    private static final long serialVersionUID = 1L;

    Keying(KeyingFn.EventTimes times) {
      super("burst-alert", REFUSED, times);
    }

    @Override
    protected String key(BurstAlert.Login input) {
      return input.user();
    }

    @Override
    protected long eventTime(BurstAlert.Login input) {
      return Times.millis(input.time());
    }

    @Override
    protected TupleTag<KV<String, BurstAlert.Login>> keyed() {
      return KEYED;
    }
  }
}
