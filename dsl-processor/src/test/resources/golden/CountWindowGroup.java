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
 * The group {@code count-window} as a Beam transform. Its handlers, and what it means, are in {@link CountWindow}.
 */
@Generated("dev.tidemark.processor.StatefulGroupProcessor")
@SuppressWarnings("NullAway")
public final class CountWindowGroup {
  static final GroupSettings SETTINGS = new GroupSettings(
      "count-window", // name
      1, // version of the state
      TimeoutDomain.NONE,
      0L, // after, in milliseconds
      TimeoutFrom.MAX_EVENT,
      0L, // maxAge
      0L, // lateness
      Late.DROP,
      AtEnd.FIRE_TIMEOUTS,
      0L);

  private static final TupleTag<KV<String, CountWindow.Reading>> KEYED = new TupleTag<>("keyed") {};

  private static final TupleTag<Failed<CountWindow.Reading>> REFUSED = new TupleTag<>("refused") {};

  private CountWindowGroup() {
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
   * The coder of {@link CountWindow.Reading}.
   */
  public static Coder<CountWindow.Reading> inputCoder() {
    return CountWindowCoders.ReadingCoder.INSTANCE;
  }

  /**
   * The coder of {@link String}.
   */
  public static Coder<String> keyCoder() {
    return StringUtf8Coder.of();
  }

  /**
   * The coder of {@link CountWindow.Average}.
   */
  public static Coder<CountWindow.Average> outputCoder() {
    return CountWindowCoders.AverageCoder.INSTANCE;
  }

  /**
   * Makes a pipeline find the coders of the input and the output, for collections made elsewhere.
   */
  public static void registerCoders(CoderRegistry registry) {
    registry.registerCoderForClass(CountWindow.Reading.class, inputCoder());
    registry.registerCoderForClass(CountWindow.Average.class, outputCoder());
  }

  /**
   * What {@link CountWindow.Average} is as a Beam {@code Row}, for schema transforms and SQL.
   */
  public static RowForm<CountWindow.Average> averageRows() {
    return CountWindowRows.AverageRows.INSTANCE;
  }

  /**
   * The transform, to be applied as it is or with other settings. Immutable.
   */
  public static final class Create extends PTransform<PCollection<CountWindow.Reading>, Result> {
    private static final long serialVersionUID = 1L;

    private final GroupSettings settings;

    private final boolean assign;

    private Create(GroupSettings settings, boolean assign) {
      super("count-window");
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
    public Result expand(PCollection<CountWindow.Reading> input) {
      Inputs.requireUnmerged(settings.name(), input);
      Inputs.requireEventTimers(settings.name(), input);
      KeyingFn.EventTimes times = Inputs.eventTimes(input, assign);
      PCollectionTuple keyed = input.apply(
          "key", ParDo.of(new Keying(times)).withOutputTags(KEYED, TupleTagList.of(REFUSED)));
      PCollection<KV<String, CountWindow.Reading>> events = keyed.get(KEYED)
          .setCoder(KvCoder.of(StringUtf8Coder.of(), CountWindowCoders.ReadingCoder.INSTANCE));
      CountWindowDoFn fn = new CountWindowDoFn(
          settings.withAllowedLateness(input.getWindowingStrategy().getAllowedLateness()));
      PCollectionTuple out = Inputs.inWindows(events, times)
          .apply("handle", ParDo.of(fn).withOutputTags(CountWindowDoFn.ROWS, TupleTagList.empty()));
      PCollection<Failed<CountWindow.Reading>> errors = keyed.get(REFUSED)
          .setCoder(FailedCoder.of(CountWindowCoders.ReadingCoder.INSTANCE));
      return new Result(
          input.getPipeline(),
          out.get(CountWindowDoFn.ROWS).setCoder(CountWindowCoders.AverageCoder.INSTANCE),
          errors);
    }
  }

  /**
   * The transform reduced to its rows.
   */
  public static final class Rows extends PTransform<PCollection<CountWindow.Reading>, PCollection<CountWindow.Average>> {
    private static final long serialVersionUID = 1L;

    private final Create create;

    private Rows(Create create) {
      super("count-window");
      this.create = create;
    }

    @Override
    public PCollection<CountWindow.Average> expand(PCollection<CountWindow.Reading> input) {
      return create.expand(input).mainRows;
    }
  }

  /**
   * What the group emits. Immutable.
   */
  public static final class Result implements POutput {
    private final Pipeline pipeline;

    private final PCollection<CountWindow.Average> mainRows;

    private final PCollection<Failed<CountWindow.Reading>> errors;

    private Result(Pipeline pipeline, PCollection<CountWindow.Average> mainRows,
        PCollection<Failed<CountWindow.Reading>> errors) {
      this.pipeline = pipeline;
      this.mainRows = mainRows;
      this.errors = errors;
    }

    /**
     * The rows.
     */
    public PCollection<CountWindow.Average> average() {
      return mainRows;
    }

    /**
     * The events without a key or a time.
     */
    public PCollection<Failed<CountWindow.Reading>> errors() {
      return errors;
    }

    @Override
    public Pipeline getPipeline() {
      return pipeline;
    }

    @Override
    public Map<TupleTag<?>, PValue> expand() {
      Map<TupleTag<?>, PValue> values = new LinkedHashMap<>();
      values.put(new TupleTag<>("average"), mainRows);
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
  static final class Keying extends KeyingFn<CountWindow.Reading, String> {
    private static final long serialVersionUID = 1L;

    Keying(KeyingFn.EventTimes times) {
      super("count-window", REFUSED, times);
    }

    @Override
    protected String key(CountWindow.Reading input) {
      return input.device();
    }

    @Override
    protected long eventTime(CountWindow.Reading input) {
      return Times.millis(input.time());
    }

    @Override
    protected TupleTag<KV<String, CountWindow.Reading>> keyed() {
      return KEYED;
    }
  }
}
