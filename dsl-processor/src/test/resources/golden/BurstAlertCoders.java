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
 * How what {@link BurstAlert} reads, keeps and emits is stored.
 */
@Generated("dev.tidemark.processor.StatefulGroupProcessor")
@SuppressWarnings("NullAway")
final class BurstAlertCoders {
  private BurstAlertCoders() {
  }

  /**
   * {@link BurstAlert.Login}: 1 user, 2 time, 3 ip.
   */
  static final class LoginCoder extends RecordCoder<BurstAlert.Login> {
    private static final long serialVersionUID = 1L;

    static final LoginCoder INSTANCE = new LoginCoder();

    private LoginCoder() {
      super("burst-alert/input", true);
    }

    @Override
    protected List<RecordCoder.StoredField> fields() {
      return List.of(
          new RecordCoder.StoredField(1, "user", Wires.STRING),
          new RecordCoder.StoredField(2, "time", Wires.INSTANT),
          new RecordCoder.StoredField(3, "ip", Wires.STRING));
    }

    @Override
    protected void writeFields(BurstAlert.Login value, WireWriter out) throws IOException {
      out.value(1, value.user(), Wires.STRING);
      out.value(2, value.time(), Wires.INSTANT);
      out.value(3, value.ip(), Wires.STRING);
    }

    @Override
    protected BurstAlert.Login readFields(WireReader in) throws IOException {
      String user = null;
      Instant time = null;
      String ip = null;
      while (in.next()) {
        switch (in.field()) {
          case 1 -> user = in.value(Wires.STRING);
          case 2 -> time = in.value(Wires.INSTANT);
          case 3 -> ip = in.value(Wires.STRING);
          default -> in.skip();
        }
      }
      return new BurstAlert.Login(user, time, ip);
    }
  }

  /**
   * {@link BurstAlert.Recent}: 2 alerted.
   */
  static final class RecentCoder extends RecordCoder<BurstAlert.Recent> {
    private static final long serialVersionUID = 1L;

    static final RecentCoder INSTANCE = new RecentCoder();

    private RecentCoder() {
      super("burst-alert/state", true);
    }

    @Override
    protected List<RecordCoder.StoredField> fields() {
      return List.of(
          new RecordCoder.StoredField(2, "alerted", Wires.BOOLEAN));
    }

    @Override
    protected void writeFields(BurstAlert.Recent value, WireWriter out) throws IOException {
      out.bool(2, value.alerted);
    }

    @Override
    protected BurstAlert.Recent readFields(WireReader in) throws IOException {
      BurstAlert.Recent value = new BurstAlert.Recent();
      while (in.next()) {
        switch (in.field()) {
          case 2 -> value.alerted = in.bool();
          default -> in.skip();
        }
      }
      return value;
    }
  }

  /**
   * {@link BurstAlert.Signal}: 1 Alert, 2 AllClear.
   */
  static final class SignalCoder extends RecordCoder<BurstAlert.Signal> {
    private static final long serialVersionUID = 1L;

    static final SignalCoder INSTANCE = new SignalCoder();

    private SignalCoder() {
      super("burst-alert/output", true);
    }

    @Override
    protected List<RecordCoder.StoredField> fields() {
      return List.of(
          new RecordCoder.StoredField(1, "Alert", AlertCoder.INSTANCE),
          new RecordCoder.StoredField(2, "AllClear", AllClearCoder.INSTANCE));
    }

    @Override
    protected void writeFields(BurstAlert.Signal value, WireWriter out) throws IOException {
      if (value instanceof BurstAlert.Alert row) {
        out.value(1, row, AlertCoder.INSTANCE);
      } else if (value instanceof BurstAlert.AllClear row) {
        out.value(2, row, AllClearCoder.INSTANCE);
      }
    }

    @Override
    protected BurstAlert.Signal readFields(WireReader in) throws IOException {
      BurstAlert.Signal value = null;
      while (in.next()) {
        switch (in.field()) {
          case 1 -> value = in.value(AlertCoder.INSTANCE);
          case 2 -> value = in.value(AllClearCoder.INSTANCE);
          default -> in.skip();
        }
      }
      if (value == null) {
        throw in.corrupt("none of the alternatives that this version knows");
      }
      return value;
    }
  }

  /**
   * {@link BurstAlert.Alert}: 1 user, 2 count, 3 at.
   */
  static final class AlertCoder extends RecordCoder<BurstAlert.Alert> {
    private static final long serialVersionUID = 1L;

    static final AlertCoder INSTANCE = new AlertCoder();

    private AlertCoder() {
      super("burst-alert/output.1", true);
    }

    @Override
    protected List<RecordCoder.StoredField> fields() {
      return List.of(
          new RecordCoder.StoredField(1, "user", Wires.STRING),
          new RecordCoder.StoredField(2, "count", Wires.LONG),
          new RecordCoder.StoredField(3, "at", Wires.INSTANT));
    }

    @Override
    protected void writeFields(BurstAlert.Alert value, WireWriter out) throws IOException {
      out.value(1, value.user(), Wires.STRING);
      out.int64(2, value.count());
      out.value(3, value.at(), Wires.INSTANT);
    }

    @Override
    protected BurstAlert.Alert readFields(WireReader in) throws IOException {
      String user = null;
      long count = 0;
      Instant at = null;
      while (in.next()) {
        switch (in.field()) {
          case 1 -> user = in.value(Wires.STRING);
          case 2 -> count = in.int64();
          case 3 -> at = in.value(Wires.INSTANT);
          default -> in.skip();
        }
      }
      return new BurstAlert.Alert(user, count, at);
    }
  }

  /**
   * {@link BurstAlert.AllClear}: 1 user, 2 at.
   */
  static final class AllClearCoder extends RecordCoder<BurstAlert.AllClear> {
    private static final long serialVersionUID = 1L;

    static final AllClearCoder INSTANCE = new AllClearCoder();

    private AllClearCoder() {
      super("burst-alert/output.2", true);
    }

    @Override
    protected List<RecordCoder.StoredField> fields() {
      return List.of(
          new RecordCoder.StoredField(1, "user", Wires.STRING),
          new RecordCoder.StoredField(2, "at", Wires.INSTANT));
    }

    @Override
    protected void writeFields(BurstAlert.AllClear value, WireWriter out) throws IOException {
      out.value(1, value.user(), Wires.STRING);
      out.value(2, value.at(), Wires.INSTANT);
    }

    @Override
    protected BurstAlert.AllClear readFields(WireReader in) throws IOException {
      String user = null;
      Instant at = null;
      while (in.next()) {
        switch (in.field()) {
          case 1 -> user = in.value(Wires.STRING);
          case 2 -> at = in.value(Wires.INSTANT);
          default -> in.skip();
        }
      }
      return new BurstAlert.AllClear(user, at);
    }
  }
}
