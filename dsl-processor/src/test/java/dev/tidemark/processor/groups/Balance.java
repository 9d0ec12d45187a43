package dev.tidemark.processor.groups;

import dev.tidemark.EventTime;
import dev.tidemark.GroupInput;
import dev.tidemark.GroupOutput;
import dev.tidemark.GroupState;
import dev.tidemark.Key;
import dev.tidemark.OnEvent;
import dev.tidemark.OnInitial;
import dev.tidemark.Order;
import dev.tidemark.OutputMode;
import dev.tidemark.StatefulGroup;
import dev.tidemark.Step;
import java.time.Instant;
import java.util.Optional;

/** The pure form, with two inputs and an initial state. */
@StatefulGroup(name = "balance", order = Order.EVENT_TIME, output = OutputMode.UPDATE)
public final class Balance {
    @GroupInput
    public sealed interface Booking permits Credit, Debit {}

    public record Credit(@Key String account, @EventTime Instant time, long cents) implements Booking {}

    public record Debit(@Key String account, @EventTime Instant time, long cents, String payee) implements Booking {}

    @GroupState
    public record Sum(long cents) {}

    @GroupOutput
    public record Total(String account, long cents) {}

    @OnInitial
    static Step<Sum, Total> start(@Key String account, Sum sum) {
        return Step.keep(new Total(account, sum.cents()));
    }

    @OnEvent
    static Step<Sum, Total> credit(Credit credit, Optional<Sum> old) {
        return to(credit.account(), old.map(Sum::cents).orElse(0L) + credit.cents());
    }

    @OnEvent
    static Step<Sum, Total> debit(Debit debit, Optional<Sum> old) {
        return to(debit.account(), old.map(Sum::cents).orElse(0L) - debit.cents());
    }

    private static Step<Sum, Total> to(String account, long cents) {
        Total total = new Total(account, cents);
        return cents == 0 ? Step.remove(total) : Step.replace(new Sum(cents), total);
    }
}
