package dev.tidemark.processor.groups;

import dev.tidemark.Alarm;
import dev.tidemark.Cell;
import dev.tidemark.ErrorPolicy;
import dev.tidemark.EventTime;
import dev.tidemark.EventTimeout;
import dev.tidemark.Group;
import dev.tidemark.GroupInput;
import dev.tidemark.GroupOutput;
import dev.tidemark.GroupState;
import dev.tidemark.Key;
import dev.tidemark.OnAlarm;
import dev.tidemark.OnError;
import dev.tidemark.OnEvent;
import dev.tidemark.OnExpire;
import dev.tidemark.OnTimeout;
import dev.tidemark.Order;
import dev.tidemark.StatefulGroup;
import dev.tidemark.Table;
import dev.tidemark.Timeout;
import dev.tidemark.TimeoutDomain;
import dev.tidemark.Ttl;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Reminds before it ends, forgets who is gone for long, and keeps what is big apart: alarms, ttl, cells and windows. */
@StatefulGroup(
        name = "subscription",
        timeout = @Timeout(TimeoutDomain.EVENT_TIME),
        order = Order.EVENT_TIME,
        lateness = "1m",
        ttl = "90d")
@OnError(ErrorPolicy.EMIT)
public final class Subscription {
    @GroupInput
    public record Payment(@Key String subscriber, @EventTime Instant time, String plan, byte[] invoice) {}

    @GroupState
    public static class Account {
        String plan = "free";

        @Ttl("30d")
        String note;

        @Cell
        byte[] invoice;

        Table<String, Long> payments;
    }

    @GroupOutput
    public record Notice(String subscriber, String text, long payments) {}

    @OnEvent
    void paid(Payment payment, Account account, EventTimeout timeout, Alarm reminder) {
        account.plan = payment.plan();
        account.invoice = payment.invoice();
        account.payments.merge(payment.plan(), 1L, Long::sum);
        timeout.after(payment.time(), Duration.ofDays(30));
        reminder.after(Duration.ofDays(25));
    }

    @OnAlarm("reminder")
    Notice remind(@Key String subscriber, Account account) {
        account.note = "reminded";
        return new Notice(subscriber, account.plan + " ends soon", account.payments.getOr(account.plan, 0L));
    }

    @OnTimeout
    Notice end(@Key String subscriber, Account account, Group group) {
        Notice notice = new Notice(
                subscriber, account.plan + " has ended", account.payments.keys().size());
        group.close();
        return notice;
    }

    @OnExpire
    Optional<Notice> windowEnds(@Key String subscriber, Account account) {
        return account.note == null
                ? Optional.empty()
                : Optional.of(new Notice(
                        subscriber, account.note, account.payments.map().size()));
    }
}
