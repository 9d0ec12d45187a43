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
 * How what {@link Subscription} reads, keeps and emits is stored.
 */
@Generated("dev.tidemark.processor.StatefulGroupProcessor")
@SuppressWarnings("NullAway")
final class SubscriptionCoders {
  private SubscriptionCoders() {
  }

  /**
   * {@link Subscription.Payment}: 1 subscriber, 2 time, 3 plan, 4 invoice.
   */
  static final class PaymentCoder extends RecordCoder<Subscription.Payment> {
    private static final long serialVersionUID = 1L;

    static final PaymentCoder INSTANCE = new PaymentCoder();

    private PaymentCoder() {
      super("subscription/input", true);
    }

    @Override
    protected List<RecordCoder.StoredField> fields() {
      return List.of(
          new RecordCoder.StoredField(1, "subscriber", Wires.STRING),
          new RecordCoder.StoredField(2, "time", Wires.INSTANT),
          new RecordCoder.StoredField(3, "plan", Wires.STRING),
          new RecordCoder.StoredField(4, "invoice", Wires.BYTES));
    }

    @Override
    protected void writeFields(Subscription.Payment value, WireWriter out) throws IOException {
      out.value(1, value.subscriber(), Wires.STRING);
      out.value(2, value.time(), Wires.INSTANT);
      out.value(3, value.plan(), Wires.STRING);
      out.value(4, value.invoice(), Wires.BYTES);
    }

    @Override
    protected Subscription.Payment readFields(WireReader in) throws IOException {
      String subscriber = null;
      Instant time = null;
      String plan = null;
      byte[] invoice = null;
      while (in.next()) {
        switch (in.field()) {
          case 1 -> subscriber = in.value(Wires.STRING);
          case 2 -> time = in.value(Wires.INSTANT);
          case 3 -> plan = in.value(Wires.STRING);
          case 4 -> invoice = in.value(Wires.BYTES);
          default -> in.skip();
        }
      }
      return new Subscription.Payment(subscriber, time, plan, invoice);
    }
  }

  /**
   * {@link Subscription.Account}: 1 plan, 2 note.
   */
  static final class AccountCoder extends RecordCoder<Subscription.Account> {
    private static final long serialVersionUID = 1L;

    static final AccountCoder INSTANCE = new AccountCoder();

    private AccountCoder() {
      super("subscription/state", true);
    }

    @Override
    protected List<RecordCoder.StoredField> fields() {
      return List.of(
          new RecordCoder.StoredField(1, "plan", Wires.STRING),
          new RecordCoder.StoredField(2, "note", Wires.STRING));
    }

    @Override
    protected void writeFields(Subscription.Account value, WireWriter out) throws IOException {
      out.nullable(1, value.plan, Wires.STRING);
      out.nullable(2, value.note, Wires.STRING);
    }

    @Override
    protected Subscription.Account readFields(WireReader in) throws IOException {
      Subscription.Account value = new Subscription.Account();
      while (in.next()) {
        switch (in.field()) {
          case 1 -> value.plan = in.nullable(Wires.STRING);
          case 2 -> value.note = in.nullable(Wires.STRING);
          default -> in.skip();
        }
      }
      return value;
    }
  }

  /**
   * {@link Subscription.Notice}: 1 subscriber, 2 text, 3 payments.
   */
  static final class NoticeCoder extends RecordCoder<Subscription.Notice> {
    private static final long serialVersionUID = 1L;

    static final NoticeCoder INSTANCE = new NoticeCoder();

    private NoticeCoder() {
      super("subscription/output", true);
    }

    @Override
    protected List<RecordCoder.StoredField> fields() {
      return List.of(
          new RecordCoder.StoredField(1, "subscriber", Wires.STRING),
          new RecordCoder.StoredField(2, "text", Wires.STRING),
          new RecordCoder.StoredField(3, "payments", Wires.LONG));
    }

    @Override
    protected void writeFields(Subscription.Notice value, WireWriter out) throws IOException {
      out.value(1, value.subscriber(), Wires.STRING);
      out.value(2, value.text(), Wires.STRING);
      out.int64(3, value.payments());
    }

    @Override
    protected Subscription.Notice readFields(WireReader in) throws IOException {
      String subscriber = null;
      String text = null;
      long payments = 0;
      while (in.next()) {
        switch (in.field()) {
          case 1 -> subscriber = in.value(Wires.STRING);
          case 2 -> text = in.value(Wires.STRING);
          case 3 -> payments = in.int64();
          default -> in.skip();
        }
      }
      return new Subscription.Notice(subscriber, text, payments);
    }
  }
}
