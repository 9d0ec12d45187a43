package dev.tidemark.processor.groups;

import dev.tidemark.AtEnd;
import dev.tidemark.Failed;
import dev.tidemark.Late;
import dev.tidemark.RowForm;
import dev.tidemark.TimeoutDomain;
import dev.tidemark.TimeoutFrom;
import dev.tidemark.Upsert;
import dev.tidemark.runtime.FailedCoder;
import dev.tidemark.runtime.GroupSettings;
import dev.tidemark.runtime.Inputs;
import dev.tidemark.runtime.KeyingFn;
import dev.tidemark.runtime.Times;
import dev.tidemark.runtime.UpsertCoder;
import dev.tidemark.runtime.Wires;
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
 * The group {@code user-activity} as a Beam transform. Its handlers, and what it means, are in {@link UserActivity}.
 */
@Generated("dev.tidemark.processor.StatefulGroupProcessor")
@SuppressWarnings("NullAway")
public final class UserActivityGroup {
  static final GroupSettings SETTINGS = new GroupSettings(
      "user-activity", // name
      1, // version of the state
      TimeoutDomain.NONE,
      0L, // after, in milliseconds
      TimeoutFrom.MAX_EVENT,
      0L, // maxAge
      0L, // lateness
      Late.DROP,
      AtEnd.FIRE_TIMEOUTS,
      0L);

  private static final TupleTag<KV<String, UserActivity.Event>> KEYED = new TupleTag<>("keyed") {};

  private static final TupleTag<Failed<UserActivity.Event>> REFUSED = new TupleTag<>("refused") {};

  private UserActivityGroup() {
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
   * The coder of {@link UserActivity.Event}.
   */
  public static Coder<UserActivity.Event> inputCoder() {
    return UserActivityCoders.EventCoder.INSTANCE;
  }

  /**
   * The coder of {@link String}.
   */
  public static Coder<String> keyCoder() {
    return StringUtf8Coder.of();
  }

  /**
   * The coder of {@link UserActivity.Now}.
   */
  public static Coder<UserActivity.Now> outputCoder() {
    return UserActivityCoders.NowCoder.INSTANCE;
  }

  /**
   * Makes a pipeline find the coders of the input and the output, for collections made elsewhere.
   */
  public static void registerCoders(CoderRegistry registry) {
    registry.registerCoderForClass(UserActivity.Event.class, inputCoder());
    registry.registerCoderForClass(UserActivity.Now.class, outputCoder());
  }

  /**
   * What {@link UserActivity.Now} is as a Beam {@code Row}, for schema transforms and SQL.
   */
  public static RowForm<UserActivity.Now> nowRows() {
    return UserActivityRows.NowRows.INSTANCE;
  }

  /**
   * The transform, to be applied as it is or with other settings. Immutable.
   */
  public static final class Create extends PTransform<PCollection<UserActivity.Event>, Result> {
    private static final long serialVersionUID = 1L;

    private final GroupSettings settings;

    private final boolean assign;

    private Create(GroupSettings settings, boolean assign) {
      super("user-activity");
      this.settings = settings;
      this.assign = assign;
    }

    /**
     * Gives the elements of an unbounded input their event time, too; the watermark stays that of the source.
     */
    public Create assignTimestamps() {
      return new Create(settings, true);
    }

    @Override
    public Result expand(PCollection<UserActivity.Event> input) {
      Inputs.requireUnmerged(settings.name(), input);
      KeyingFn.EventTimes times = Inputs.eventTimes(input, assign);
      PCollectionTuple keyed = input.apply(
          "key", ParDo.of(new Keying(times)).withOutputTags(KEYED, TupleTagList.of(REFUSED)));
      PCollection<KV<String, UserActivity.Event>> events = keyed.get(KEYED)
          .setCoder(KvCoder.of(StringUtf8Coder.of(), UserActivityCoders.EventCoder.INSTANCE));
      UserActivityDoFn fn = new UserActivityDoFn(
          settings.withAllowedLateness(input.getWindowingStrategy().getAllowedLateness()));
      PCollectionTuple out = Inputs.inWindows(events, times)
          .apply("handle", ParDo.of(fn).withOutputTags(UserActivityDoFn.ROWS, TupleTagList.empty()
              .and(UserActivityDoFn.UPDATES)));
      PCollection<Failed<UserActivity.Event>> errors = keyed.get(REFUSED)
          .setCoder(FailedCoder.of(UserActivityCoders.EventCoder.INSTANCE));
      return new Result(
          input.getPipeline(),
          out.get(UserActivityDoFn.ROWS).setCoder(UserActivityCoders.NowCoder.INSTANCE),
          out.get(UserActivityDoFn.UPDATES)
              .setCoder(UpsertCoder.of(Wires.STRING, UserActivityCoders.NowCoder.INSTANCE)),
          errors);
    }
  }

  /**
   * The transform reduced to its rows.
   */
  public static final class Rows extends PTransform<PCollection<UserActivity.Event>, PCollection<UserActivity.Now>> {
    private static final long serialVersionUID = 1L;

    private final Create create;

    private Rows(Create create) {
      super("user-activity");
      this.create = create;
    }

    @Override
    public PCollection<UserActivity.Now> expand(PCollection<UserActivity.Event> input) {
      return create.expand(input).mainRows;
    }
  }

  /**
   * What the group emits. Immutable.
   */
  public static final class Result implements POutput {
    private final Pipeline pipeline;

    private final PCollection<UserActivity.Now> mainRows;

    private final PCollection<Upsert<String, UserActivity.Now>> updates;

    private final PCollection<Failed<UserActivity.Event>> errors;

    private Result(Pipeline pipeline, PCollection<UserActivity.Now> mainRows,
        PCollection<Upsert<String, UserActivity.Now>> updates,
        PCollection<Failed<UserActivity.Event>> errors) {
      this.pipeline = pipeline;
      this.mainRows = mainRows;
      this.updates = updates;
      this.errors = errors;
    }

    /**
     * The rows.
     */
    public PCollection<UserActivity.Now> now() {
      return mainRows;
    }

    /**
     * The latest row of each key; a deletion when its group closes.
     */
    public PCollection<Upsert<String, UserActivity.Now>> updates() {
      return updates;
    }

    /**
     * The events without a key or a time.
     */
    public PCollection<Failed<UserActivity.Event>> errors() {
      return errors;
    }

    @Override
    public Pipeline getPipeline() {
      return pipeline;
    }

    @Override
    public Map<TupleTag<?>, PValue> expand() {
      Map<TupleTag<?>, PValue> values = new LinkedHashMap<>();
      values.put(new TupleTag<>("now"), mainRows);
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
  static final class Keying extends KeyingFn<UserActivity.Event, String> {
    private static final long serialVersionUID = 1L;

    Keying(KeyingFn.EventTimes times) {
      super("user-activity", REFUSED, times);
    }

    @Override
    protected String key(UserActivity.Event input) {
      return input.user();
    }

    @Override
    protected long eventTime(UserActivity.Event input) {
      return Times.millis(input.time());
    }

    @Override
    protected TupleTag<KV<String, UserActivity.Event>> keyed() {
      return KEYED;
    }
  }
}
