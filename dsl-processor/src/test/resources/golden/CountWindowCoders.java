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
 * How what {@link CountWindow} reads, keeps and emits is stored.
 */
@Generated("dev.tidemark.processor.StatefulGroupProcessor")
@SuppressWarnings("NullAway")
final class CountWindowCoders {
  private CountWindowCoders() {
  }

  /**
   * {@link CountWindow.Reading}: 1 device, 2 time, 3 x.
   */
  static final class ReadingCoder extends RecordCoder<CountWindow.Reading> {
    private static final long serialVersionUID = 1L;

    static final ReadingCoder INSTANCE = new ReadingCoder();

    private ReadingCoder() {
      super("count-window/input", false);
    }

    @Override
    protected List<RecordCoder.StoredField> fields() {
      return List.of(
          new RecordCoder.StoredField(1, "device", Wires.STRING),
          new RecordCoder.StoredField(2, "time", Wires.INSTANT),
          new RecordCoder.StoredField(3, "x", Wires.DOUBLE));
    }

    @Override
    protected void writeFields(CountWindow.Reading value, WireWriter out) throws IOException {
      out.value(1, value.device(), Wires.STRING);
      out.value(2, value.time(), Wires.INSTANT);
      out.float64(3, value.x());
    }

    @Override
    protected CountWindow.Reading readFields(WireReader in) throws IOException {
      String device = null;
      Instant time = null;
      double x = 0;
      while (in.next()) {
        switch (in.field()) {
          case 1 -> device = in.value(Wires.STRING);
          case 2 -> time = in.value(Wires.INSTANT);
          case 3 -> x = in.float64();
          default -> in.skip();
        }
      }
      return new CountWindow.Reading(device, time, x);
    }
  }

  /**
   * {@link CountWindow.Buffer}: 1 count.
   */
  static final class BufferCoder extends RecordCoder<CountWindow.Buffer> {
    private static final long serialVersionUID = 1L;

    static final BufferCoder INSTANCE = new BufferCoder();

    private BufferCoder() {
      super("count-window/state", true);
    }

    @Override
    protected List<RecordCoder.StoredField> fields() {
      return List.of(
          new RecordCoder.StoredField(1, "count", Wires.INTEGER));
    }

    @Override
    protected void writeFields(CountWindow.Buffer value, WireWriter out) throws IOException {
      out.int64(1, value.count);
    }

    @Override
    protected CountWindow.Buffer readFields(WireReader in) throws IOException {
      CountWindow.Buffer value = new CountWindow.Buffer();
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
   * {@link CountWindow.Average}: 1 device, 2 average.
   */
  static final class AverageCoder extends RecordCoder<CountWindow.Average> {
    private static final long serialVersionUID = 1L;

    static final AverageCoder INSTANCE = new AverageCoder();

    private AverageCoder() {
      super("count-window/output", false);
    }

    @Override
    protected List<RecordCoder.StoredField> fields() {
      return List.of(
          new RecordCoder.StoredField(1, "device", Wires.STRING),
          new RecordCoder.StoredField(2, "average", Wires.DOUBLE));
    }

    @Override
    protected void writeFields(CountWindow.Average value, WireWriter out) throws IOException {
      out.value(1, value.device(), Wires.STRING);
      out.float64(2, value.average());
    }

    @Override
    protected CountWindow.Average readFields(WireReader in) throws IOException {
      String device = null;
      double average = 0;
      while (in.next()) {
        switch (in.field()) {
          case 1 -> device = in.value(Wires.STRING);
          case 2 -> average = in.float64();
          default -> in.skip();
        }
      }
      return new CountWindow.Average(device, average);
    }
  }
}
