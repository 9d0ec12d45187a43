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
 * The group {@code user-sessions} as a Beam transform. Its handlers, and what it means, are in {@link UserSessions}.
 */
@Generated("dev.tidemark.processor.StatefulGroupProcessor")
@SuppressWarnings("NullAway")
public final class UserSessionsGroup {
  static final GroupSettings SETTINGS = new GroupSettings(
      "user-sessions", // name
      1, // version of the state
      TimeoutDomain.EVENT_TIME,
      5000L, // after, in milliseconds
      TimeoutFrom.MAX_EVENT,
      43200000L, // maxAge
      5000L, // lateness
      Late.EMIT,
      AtEnd.FIRE_TIMEOUTS,
      0L);

  private static final TupleTag<KV<String, UserSessions.Event>> KEYED = new TupleTag<>("keyed") {};

  private static final TupleTag<Failed<UserSessions.Event>> REFUSED = new TupleTag<>("refused") {};

  private UserSessionsGroup() {
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
   * The coder of {@link UserSessions.Event}.
   */
  public static Coder<UserSessions.Event> inputCoder() {
    return UserSessionsCoders.EventCoder.INSTANCE;
  }

  /**
   * The coder of {@link String}.
   */
  public static Coder<String> keyCoder() {
    return StringUtf8Coder.of();
  }

  /**
   * The coder of {@link UserSessions.Closed}.
   */
  public static Coder<UserSessions.Closed> outputCoder() {
    return UserSessionsCoders.ClosedCoder.INSTANCE;
  }

  /**
   * Makes a pipeline find the coders of the input and the output, for collections made elsewhere.
   */
  public static void registerCoders(CoderRegistry registry) {
    registry.registerCoderForClass(UserSessions.Event.class, inputCoder());
    registry.registerCoderForClass(UserSessions.Closed.class, outputCoder());
  }

  /**
   * What {@link UserSessions.Closed} is as a Beam {@code Row}, for schema transforms and SQL.
   */
  public static RowForm<UserSessions.Closed> closedRows() {
    return UserSessionsRows.ClosedRows.INSTANCE;
  }

  /**
   * The transform, to be applied as it is or with other settings. Immutable.
   */
  public static final class Create extends PTransform<PCollection<UserSessions.Event>, Result> {
    private static final long serialVersionUID = 1L;

    private final GroupSettings settings;

    private final boolean assign;

    private Create(GroupSettings settings, boolean assign) {
      super("user-sessions");
      this.settings = settings;
      this.assign = assign;
    }

    /**
     * The same with another timeout.
     */
    public Create withTimeoutAfter(Duration value) {
      return new Create(settings.withTimeoutAfter(value), assign);
    }

    /**
     * The same with another longest life.
     */
    public Create withMaxAge(Duration value) {
      return new Create(settings.withMaxAge(value), assign);
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
    public Result expand(PCollection<UserSessions.Event> input) {
      Inputs.requireUnmerged(settings.name(), input);
      Inputs.requireEventTimers(settings.name(), input);
      KeyingFn.EventTimes times = Inputs.eventTimes(input, assign);
      PCollectionTuple keyed = input.apply(
          "key", ParDo.of(new Keying(times)).withOutputTags(KEYED, TupleTagList.of(REFUSED)));
      PCollection<KV<String, UserSessions.Event>> events = keyed.get(KEYED)
          .setCoder(KvCoder.of(StringUtf8Coder.of(), UserSessionsCoders.EventCoder.INSTANCE));
      UserSessionsDoFn fn = new UserSessionsDoFn(
          settings.withAllowedLateness(input.getWindowingStrategy().getAllowedLateness()));
      PCollectionTuple out = Inputs.inWindows(events, times)
          .apply("handle", ParDo.of(fn).withOutputTags(UserSessionsDoFn.ROWS, TupleTagList.empty()
              .and(UserSessionsDoFn.LATE)));
      PCollection<Failed<UserSessions.Event>> errors = keyed.get(REFUSED)
          .setCoder(FailedCoder.of(UserSessionsCoders.EventCoder.INSTANCE));
      return new Result(
          input.getPipeline(),
          out.get(UserSessionsDoFn.ROWS).setCoder(UserSessionsCoders.ClosedCoder.INSTANCE),
          out.get(UserSessionsDoFn.LATE).setCoder(UserSessionsCoders.EventCoder.INSTANCE),
          errors);
    }
  }

  /**
   * The transform reduced to its rows.
   */
  public static final class Rows extends PTransform<PCollection<UserSessions.Event>, PCollection<UserSessions.Closed>> {
    private static final long serialVersionUID = 1L;

    private final Create create;

    private Rows(Create create) {
      super("user-sessions");
      this.create = create;
    }

    @Override
    public PCollection<UserSessions.Closed> expand(PCollection<UserSessions.Event> input) {
      return create.expand(input).mainRows;
    }
  }

  /**
   * What the group emits. Immutable.
   */
  public static final class Result implements POutput {
    private final Pipeline pipeline;

    private final PCollection<UserSessions.Closed> mainRows;

    private final PCollection<UserSessions.Event> late;

    private final PCollection<Failed<UserSessions.Event>> errors;

    private Result(Pipeline pipeline, PCollection<UserSessions.Closed> mainRows,
        PCollection<UserSessions.Event> late, PCollection<Failed<UserSessions.Event>> errors) {
      this.pipeline = pipeline;
      this.mainRows = mainRows;
      this.late = late;
      this.errors = errors;
    }

    /**
     * The rows.
     */
    public PCollection<UserSessions.Closed> closed() {
      return mainRows;
    }

    /**
     * The events that came too late.
     */
    public PCollection<UserSessions.Event> late() {
      return late;
    }

    /**
     * The events without a key or a time.
     */
    public PCollection<Failed<UserSessions.Event>> errors() {
      return errors;
    }

    @Override
    public Pipeline getPipeline() {
      return pipeline;
    }

    @Override
    public Map<TupleTag<?>, PValue> expand() {
      Map<TupleTag<?>, PValue> values = new LinkedHashMap<>();
      values.put(new TupleTag<>("closed"), mainRows);
      values.put(new TupleTag<>("late"), late);
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
  static final class Keying extends KeyingFn<UserSessions.Event, String> {
    private static final long serialVersionUID = 1L;

    Keying(KeyingFn.EventTimes times) {
      super("user-sessions", REFUSED, times);
    }

    @Override
    protected String key(UserSessions.Event input) {
      return input.uid();
    }

    @Override
    protected long eventTime(UserSessions.Event input) {
      return Times.millis(input.time());
    }

    @Override
    protected TupleTag<KV<String, UserSessions.Event>> keyed() {
      return KEYED;
    }
  }
}
