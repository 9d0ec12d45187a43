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
 * How what {@link Balance} reads, keeps and emits is stored.
 */
@Generated("dev.tidemark.processor.StatefulGroupProcessor")
@SuppressWarnings("NullAway")
final class BalanceCoders {
  private BalanceCoders() {
  }

  /**
   * {@link Balance.Booking}: 1 Credit, 2 Debit.
   */
  static final class BookingCoder extends RecordCoder<Balance.Booking> {
    private static final long serialVersionUID = 1L;

    static final BookingCoder INSTANCE = new BookingCoder();

    private BookingCoder() {
      super("balance/input", true);
    }

    @Override
    protected List<RecordCoder.StoredField> fields() {
      return List.of(
          new RecordCoder.StoredField(1, "Credit", CreditCoder.INSTANCE),
          new RecordCoder.StoredField(2, "Debit", DebitCoder.INSTANCE));
    }

    @Override
    protected void writeFields(Balance.Booking value, WireWriter out) throws IOException {
      if (value instanceof Balance.Credit row) {
        out.value(1, row, CreditCoder.INSTANCE);
      } else if (value instanceof Balance.Debit row) {
        out.value(2, row, DebitCoder.INSTANCE);
      }
    }

    @Override
    protected Balance.Booking readFields(WireReader in) throws IOException {
      Balance.Booking value = null;
      while (in.next()) {
        switch (in.field()) {
          case 1 -> value = in.value(CreditCoder.INSTANCE);
          case 2 -> value = in.value(DebitCoder.INSTANCE);
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
   * {@link Balance.Credit}: 1 account, 2 time, 3 cents.
   */
  static final class CreditCoder extends RecordCoder<Balance.Credit> {
    private static final long serialVersionUID = 1L;

    static final CreditCoder INSTANCE = new CreditCoder();

    private CreditCoder() {
      super("balance/input.1", true);
    }

    @Override
    protected List<RecordCoder.StoredField> fields() {
      return List.of(
          new RecordCoder.StoredField(1, "account", Wires.STRING),
          new RecordCoder.StoredField(2, "time", Wires.INSTANT),
          new RecordCoder.StoredField(3, "cents", Wires.LONG));
    }

    @Override
    protected void writeFields(Balance.Credit value, WireWriter out) throws IOException {
      out.value(1, value.account(), Wires.STRING);
      out.value(2, value.time(), Wires.INSTANT);
      out.int64(3, value.cents());
    }

    @Override
    protected Balance.Credit readFields(WireReader in) throws IOException {
      String account = null;
      Instant time = null;
      long cents = 0;
      while (in.next()) {
        switch (in.field()) {
          case 1 -> account = in.value(Wires.STRING);
          case 2 -> time = in.value(Wires.INSTANT);
          case 3 -> cents = in.int64();
          default -> in.skip();
        }
      }
      return new Balance.Credit(account, time, cents);
    }
  }

  /**
   * {@link Balance.Debit}: 1 account, 2 time, 3 cents, 4 payee.
   */
  static final class DebitCoder extends RecordCoder<Balance.Debit> {
    private static final long serialVersionUID = 1L;

    static final DebitCoder INSTANCE = new DebitCoder();

    private DebitCoder() {
      super("balance/input.2", true);
    }

    @Override
    protected List<RecordCoder.StoredField> fields() {
      return List.of(
          new RecordCoder.StoredField(1, "account", Wires.STRING),
          new RecordCoder.StoredField(2, "time", Wires.INSTANT),
          new RecordCoder.StoredField(3, "cents", Wires.LONG),
          new RecordCoder.StoredField(4, "payee", Wires.STRING));
    }

    @Override
    protected void writeFields(Balance.Debit value, WireWriter out) throws IOException {
      out.value(1, value.account(), Wires.STRING);
      out.value(2, value.time(), Wires.INSTANT);
      out.int64(3, value.cents());
      out.value(4, value.payee(), Wires.STRING);
    }

    @Override
    protected Balance.Debit readFields(WireReader in) throws IOException {
      String account = null;
      Instant time = null;
      long cents = 0;
      String payee = null;
      while (in.next()) {
        switch (in.field()) {
          case 1 -> account = in.value(Wires.STRING);
          case 2 -> time = in.value(Wires.INSTANT);
          case 3 -> cents = in.int64();
          case 4 -> payee = in.value(Wires.STRING);
          default -> in.skip();
        }
      }
      return new Balance.Debit(account, time, cents, payee);
    }
  }

  /**
   * {@link Balance.Sum}: 1 cents.
   */
  static final class SumCoder extends RecordCoder<Balance.Sum> {
    private static final long serialVersionUID = 1L;

    static final SumCoder INSTANCE = new SumCoder();

    private SumCoder() {
      super("balance/state", true);
    }

    @Override
    protected List<RecordCoder.StoredField> fields() {
      return List.of(
          new RecordCoder.StoredField(1, "cents", Wires.LONG));
    }

    @Override
    protected void writeFields(Balance.Sum value, WireWriter out) throws IOException {
      out.int64(1, value.cents());
    }

    @Override
    protected Balance.Sum readFields(WireReader in) throws IOException {
      long cents = 0;
      while (in.next()) {
        switch (in.field()) {
          case 1 -> cents = in.int64();
          default -> in.skip();
        }
      }
      return new Balance.Sum(cents);
    }
  }

  /**
   * {@link Balance.Total}: 1 account, 2 cents.
   */
  static final class TotalCoder extends RecordCoder<Balance.Total> {
    private static final long serialVersionUID = 1L;

    static final TotalCoder INSTANCE = new TotalCoder();

    private TotalCoder() {
      super("balance/output", true);
    }

    @Override
    protected List<RecordCoder.StoredField> fields() {
      return List.of(
          new RecordCoder.StoredField(1, "account", Wires.STRING),
          new RecordCoder.StoredField(2, "cents", Wires.LONG));
    }

    @Override
    protected void writeFields(Balance.Total value, WireWriter out) throws IOException {
      out.value(1, value.account(), Wires.STRING);
      out.int64(2, value.cents());
    }

    @Override
    protected Balance.Total readFields(WireReader in) throws IOException {
      String account = null;
      long cents = 0;
      while (in.next()) {
        switch (in.field()) {
          case 1 -> account = in.value(Wires.STRING);
          case 2 -> cents = in.int64();
          default -> in.skip();
        }
      }
      return new Balance.Total(account, cents);
    }
  }
}
