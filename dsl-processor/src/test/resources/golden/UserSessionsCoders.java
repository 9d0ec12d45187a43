package dev.tidemark.processor.groups;

import dev.tidemark.runtime.RecordCoder;
import dev.tidemark.runtime.Wire;
import dev.tidemark.runtime.WireReader;
import dev.tidemark.runtime.WireWriter;
import dev.tidemark.runtime.Wires;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import javax.annotation.processing.Generated;

/**
 * How what {@link UserSessions} reads, keeps and emits is stored.
 */
@Generated("dev.tidemark.processor.StatefulGroupProcessor")
@SuppressWarnings("NullAway")
final class UserSessionsCoders {
  private UserSessionsCoders() {
  }

  /**
   * {@link UserSessions.Event}: 1 uid, 2 time, 3 x, 4 activity.
   */
  static final class EventCoder extends RecordCoder<UserSessions.Event> {
    private static final long serialVersionUID = 1L;

    static final EventCoder INSTANCE = new EventCoder();

    private EventCoder() {
      super("user-sessions/input", false);
    }

    @Override
    protected List<RecordCoder.StoredField> fields() {
      return List.of(
          new RecordCoder.StoredField(1, "uid", Wires.STRING),
          new RecordCoder.StoredField(2, "time", Wires.INSTANT),
          new RecordCoder.StoredField(3, "x", Wires.DOUBLE),
          new RecordCoder.StoredField(4, "activity", Wires.STRING));
    }

    @Override
    protected void writeFields(UserSessions.Event value, WireWriter out) throws IOException {
      out.value(1, value.uid(), Wires.STRING);
      out.value(2, value.time(), Wires.INSTANT);
      out.float64(3, value.x());
      out.value(4, value.activity(), Wires.STRING);
    }

    @Override
    protected UserSessions.Event readFields(WireReader in) throws IOException {
      String uid = null;
      Instant time = null;
      double x = 0;
      String activity = null;
      while (in.next()) {
        switch (in.field()) {
          case 1 -> uid = in.value(Wires.STRING);
          case 2 -> time = in.value(Wires.INSTANT);
          case 3 -> x = in.float64();
          case 4 -> activity = in.value(Wires.STRING);
          default -> in.skip();
        }
      }
      return new UserSessions.Event(uid, time, x, activity);
    }
  }

  /**
   * {@link UserSessions.Session}: 1 count.
   */
  static final class SessionCoder extends RecordCoder<UserSessions.Session> {
    private static final long serialVersionUID = 1L;

    static final SessionCoder INSTANCE = new SessionCoder();

    private SessionCoder() {
      super("user-sessions/state", true);
    }

    @Override
    protected List<RecordCoder.StoredField> fields() {
      return List.of(
          new RecordCoder.StoredField(1, "count", Wires.INTEGER));
    }

    @Override
    protected void writeFields(UserSessions.Session value, WireWriter out) throws IOException {
      out.int64(1, value.count);
    }

    @Override
    protected UserSessions.Session readFields(WireReader in) throws IOException {
      UserSessions.Session value = new UserSessions.Session();
      while (in.next()) {
        switch (in.field()) {
          case 1 -> value.count = in.int32();
          default -> in.skip();
        }
      }
      return value;
    }
  }

  /**
   * {@link UserSessions.Closed}: 1 uid, 2 activities, 3 xAvg.
   */
  static final class ClosedCoder extends RecordCoder<UserSessions.Closed> {
    private static final long serialVersionUID = 1L;

    static final ClosedCoder INSTANCE = new ClosedCoder();

    static final Wire<List<String>> ACTIVITIES_2 = Wires.list(Wires.STRING);

    private ClosedCoder() {
      super("user-sessions/output", false);
    }

    @Override
    protected List<RecordCoder.StoredField> fields() {
      return List.of(
          new RecordCoder.StoredField(1, "uid", Wires.STRING),
          new RecordCoder.StoredField(2, "activities", ACTIVITIES_2),
          new RecordCoder.StoredField(3, "xAvg", Wires.DOUBLE));
    }

    @Override
    protected void writeFields(UserSessions.Closed value, WireWriter out) throws IOException {
      out.value(1, value.uid(), Wires.STRING);
      out.value(2, value.activities(), ACTIVITIES_2);
      out.float64(3, value.xAvg());
    }

    @Override
    protected UserSessions.Closed readFields(WireReader in) throws IOException {
      String uid = null;
      List<String> activities = null;
      double xAvg = 0;
      while (in.next()) {
        switch (in.field()) {
          case 1 -> uid = in.value(Wires.STRING);
          case 2 -> activities = in.value(ACTIVITIES_2);
          case 3 -> xAvg = in.float64();
          default -> in.skip();
        }
      }
      return new UserSessions.Closed(uid, activities, xAvg);
    }
  }
}
