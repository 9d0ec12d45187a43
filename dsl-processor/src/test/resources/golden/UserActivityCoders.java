package dev.tidemark.processor.groups;

import dev.tidemark.runtime.RecordCoder;
import dev.tidemark.runtime.WireReader;
import dev.tidemark.runtime.WireWriter;
import dev.tidemark.runtime.Wires;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import javax.annotation.processing.Generated;

/**
 * How what {@link UserActivity} reads, keeps and emits is stored.
 */
@Generated("dev.tidemark.processor.StatefulGroupProcessor")
@SuppressWarnings("NullAway")
final class UserActivityCoders {
  private UserActivityCoders() {
  }

  /**
   * {@link UserActivity.Event}: 1 user, 2 time, 3 activity.
   */
  static final class EventCoder extends RecordCoder<UserActivity.Event> {
    private static final long serialVersionUID = 1L;

    static final EventCoder INSTANCE = new EventCoder();

    private EventCoder() {
      super("user-activity/input", true);
    }

    @Override
    protected List<RecordCoder.StoredField> fields() {
      return List.of(
          new RecordCoder.StoredField(1, "user", Wires.STRING),
          new RecordCoder.StoredField(2, "time", Wires.INSTANT),
          new RecordCoder.StoredField(3, "activity", Wires.STRING));
    }

    @Override
    protected void writeFields(UserActivity.Event value, WireWriter out) throws IOException {
      out.value(1, value.user(), Wires.STRING);
      out.value(2, value.time(), Wires.INSTANT);
      out.value(3, value.activity(), Wires.STRING);
    }

    @Override
    protected UserActivity.Event readFields(WireReader in) throws IOException {
      String user = null;
      Instant time = null;
      String activity = null;
      while (in.next()) {
        switch (in.field()) {
          case 1 -> user = in.value(Wires.STRING);
          case 2 -> time = in.value(Wires.INSTANT);
          case 3 -> activity = in.value(Wires.STRING);
          default -> in.skip();
        }
      }
      return new UserActivity.Event(user, time, activity);
    }
  }

  /**
   * {@link UserActivity.State}: 1 activity, 2 start, 3 end.
   */
  static final class StateCoder extends RecordCoder<UserActivity.State> {
    private static final long serialVersionUID = 1L;

    static final StateCoder INSTANCE = new StateCoder();

    private StateCoder() {
      super("user-activity/state", true);
    }

    @Override
    protected List<RecordCoder.StoredField> fields() {
      return List.of(
          new RecordCoder.StoredField(1, "activity", Wires.STRING),
          new RecordCoder.StoredField(2, "start", Wires.INSTANT),
          new RecordCoder.StoredField(3, "end", Wires.INSTANT));
    }

    @Override
    protected void writeFields(UserActivity.State value, WireWriter out) throws IOException {
      out.nullable(1, value.activity, Wires.STRING);
      out.nullable(2, value.start, Wires.INSTANT);
      out.nullable(3, value.end, Wires.INSTANT);
    }

    @Override
    protected UserActivity.State readFields(WireReader in) throws IOException {
      UserActivity.State value = new UserActivity.State();
      while (in.next()) {
        switch (in.field()) {
          case 1 -> value.activity = in.nullable(Wires.STRING);
          case 2 -> value.start = in.nullable(Wires.INSTANT);
          case 3 -> value.end = in.nullable(Wires.INSTANT);
          default -> in.skip();
        }
      }
      return value;
    }
  }

  /**
   * {@link UserActivity.Now}: 1 user, 2 activity, 3 start, 4 end.
   */
  static final class NowCoder extends RecordCoder<UserActivity.Now> {
    private static final long serialVersionUID = 1L;

    static final NowCoder INSTANCE = new NowCoder();

    private NowCoder() {
      super("user-activity/output", true);
    }

    @Override
    protected List<RecordCoder.StoredField> fields() {
      return List.of(
          new RecordCoder.StoredField(1, "user", Wires.STRING),
          new RecordCoder.StoredField(2, "activity", Wires.STRING),
          new RecordCoder.StoredField(3, "start", Wires.INSTANT),
          new RecordCoder.StoredField(4, "end", Wires.INSTANT));
    }

    @Override
    protected void writeFields(UserActivity.Now value, WireWriter out) throws IOException {
      out.value(1, value.user(), Wires.STRING);
      out.value(2, value.activity(), Wires.STRING);
      out.value(3, value.start(), Wires.INSTANT);
      out.value(4, value.end(), Wires.INSTANT);
    }

    @Override
    protected UserActivity.Now readFields(WireReader in) throws IOException {
      String user = null;
      String activity = null;
      Instant start = null;
      Instant end = null;
      while (in.next()) {
        switch (in.field()) {
          case 1 -> user = in.value(Wires.STRING);
          case 2 -> activity = in.value(Wires.STRING);
          case 3 -> start = in.value(Wires.INSTANT);
          case 4 -> end = in.value(Wires.INSTANT);
          default -> in.skip();
        }
      }
      return new UserActivity.Now(user, activity, start, end);
    }
  }
}
