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
 * The group {@code subscription} as a Beam transform. Its handlers, and what it means, are in {@link Subscription}.
 */
@Generated("dev.tidemark.processor.StatefulGroupProcessor")
@SuppressWarnings("NullAway")
public final class SubscriptionGroup {
  static final GroupSettings SETTINGS = new GroupSettings(
      "subscription", // name
      1, // version of the state
      TimeoutDomain.EVENT_TIME,
      0L, // after, in milliseconds
      TimeoutFrom.MAX_EVENT,
      0L, // maxAge
      60000L, // lateness
      Late.DROP,
      AtEnd.FIRE_TIMEOUTS,
      0L)
      .withTtl(Duration.ofMillis(7776000000L))
      .withAlarms("reminder")
      .withExpiry();

  private static final TupleTag<KV<String, Subscription.Payment>> KEYED = new TupleTag<>("keyed") {};

  private static final TupleTag<Failed<Subscription.Payment>> REFUSED = new TupleTag<>("refused") {};

  private SubscriptionGroup() {
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
   * The coder of {@link Subscription.Payment}.
   */
  public static Coder<Subscription.Payment> inputCoder() {
    return SubscriptionCoders.PaymentCoder.INSTANCE;
  }

  /**
   * The coder of {@link String}.
   */
  public static Coder<String> keyCoder() {
    return StringUtf8Coder.of();
  }

  /**
   * The coder of {@link Subscription.Notice}.
   */
  public static Coder<Subscription.Notice> outputCoder() {
    return SubscriptionCoders.NoticeCoder.INSTANCE;
  }

  /**
   * Makes a pipeline find the coders of the input and the output, for collections made elsewhere.
   */
  public static void registerCoders(CoderRegistry registry) {
    registry.registerCoderForClass(Subscription.Payment.class, inputCoder());
    registry.registerCoderForClass(Subscription.Notice.class, outputCoder());
  }

  /**
   * What {@link Subscription.Notice} is as a Beam {@code Row}, for schema transforms and SQL.
   */
  public static RowForm<Subscription.Notice> noticeRows() {
    return SubscriptionRows.NoticeRows.INSTANCE;
  }

  /**
   * The transform, to be applied as it is or with other settings. Immutable.
   */
  public static final class Create extends PTransform<PCollection<Subscription.Payment>, Result> {
    private static final long serialVersionUID = 1L;

    private final GroupSettings settings;

    private final boolean assign;

    private Create(GroupSettings settings, boolean assign) {
      super("subscription");
      this.settings = settings;
      this.assign = assign;
    }

    /**
     * The same with another time to live.
     */
    public Create withTtl(Duration value) {
      return new Create(settings.withTtl(value), assign);
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
    public Result expand(PCollection<Subscription.Payment> input) {
      Inputs.requireUnmerged(settings.name(), input);
      Inputs.requireEventTimers(settings.name(), input);
      KeyingFn.EventTimes times = Inputs.eventTimes(input, assign);
      PCollectionTuple keyed = input.apply(
          "key", ParDo.of(new Keying(times)).withOutputTags(KEYED, TupleTagList.of(REFUSED)));
      PCollection<KV<String, Subscription.Payment>> events = keyed.get(KEYED)
          .setCoder(KvCoder.of(StringUtf8Coder.of(), SubscriptionCoders.PaymentCoder.INSTANCE));
      SubscriptionDoFn fn = new SubscriptionDoFn(
          settings.withAllowedLateness(input.getWindowingStrategy().getAllowedLateness()));
      PCollectionTuple out = Inputs.inWindows(events, times)
          .apply("handle", ParDo.of(fn).withOutputTags(SubscriptionDoFn.ROWS, TupleTagList.empty()
              .and(SubscriptionDoFn.ERRORS)));
      PCollection<Failed<Subscription.Payment>> refused = keyed.get(REFUSED)
          .setCoder(FailedCoder.of(SubscriptionCoders.PaymentCoder.INSTANCE));
      PCollection<Failed<Subscription.Payment>> failed = out.get(SubscriptionDoFn.ERRORS)
          .setCoder(FailedCoder.of(SubscriptionCoders.PaymentCoder.INSTANCE));
      PCollection<Failed<Subscription.Payment>> errors = PCollectionList.of(refused).and(failed)
          .apply("errors", Flatten.pCollections());
      return new Result(
          input.getPipeline(),
          out.get(SubscriptionDoFn.ROWS).setCoder(SubscriptionCoders.NoticeCoder.INSTANCE),
          errors);
    }
  }

  /**
   * The transform reduced to its rows.
   */
  public static final class Rows extends PTransform<PCollection<Subscription.Payment>, PCollection<Subscription.Notice>> {
    private static final long serialVersionUID = 1L;

    private final Create create;

    private Rows(Create create) {
      super("subscription");
      this.create = create;
    }

    @Override
    public PCollection<Subscription.Notice> expand(PCollection<Subscription.Payment> input) {
      return create.expand(input).mainRows;
    }
  }

  /**
   * What the group emits. Immutable.
   */
  public static final class Result implements POutput {
    private final Pipeline pipeline;

    private final PCollection<Subscription.Notice> mainRows;

    private final PCollection<Failed<Subscription.Payment>> errors;

    private Result(Pipeline pipeline, PCollection<Subscription.Notice> mainRows,
        PCollection<Failed<Subscription.Payment>> errors) {
      this.pipeline = pipeline;
      this.mainRows = mainRows;
      this.errors = errors;
    }

    /**
     * The rows.
     */
    public PCollection<Subscription.Notice> notice() {
      return mainRows;
    }

    /**
     * The events without a key or a time, and those whose handler threw.
     */
    public PCollection<Failed<Subscription.Payment>> errors() {
      return errors;
    }

    @Override
    public Pipeline getPipeline() {
      return pipeline;
    }

    @Override
    public Map<TupleTag<?>, PValue> expand() {
      Map<TupleTag<?>, PValue> values = new LinkedHashMap<>();
      values.put(new TupleTag<>("notice"), mainRows);
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
  static final class Keying extends KeyingFn<Subscription.Payment, String> {
    private static final long serialVersionUID = 1L;

    Keying(KeyingFn.EventTimes times) {
      super("subscription", REFUSED, times);
    }

    @Override
    protected String key(Subscription.Payment input) {
      return input.subscriber();
    }

    @Override
    protected long eventTime(Subscription.Payment input) {
      return Times.millis(input.time());
    }

    @Override
    protected TupleTag<KV<String, Subscription.Payment>> keyed() {
      return KEYED;
    }
  }
}
