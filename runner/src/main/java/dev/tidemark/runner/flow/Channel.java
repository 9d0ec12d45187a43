package dev.tidemark.runner.flow;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A bounded ring of signals from one task to another: the only queue on an edge. One thread at a time offers, one thread at a
 * time polls (the scheduler hands a task from thread to thread with a happens-before); nobody locks.
 *
 * <p>An empty slot is null. The producer owns {@code tail}, the consumer {@code head}; each learns of the other only through
 * the slots. A producer that found the ring full says so in {@code producerWaits} and looks once more; a consumer that made
 * room reads that flag afterwards. With both orders sequentially consistent, one of the two always sees the other.
 */
public final class Channel {
    /** Signals on the way at most, about {@code CAPACITY} × 256 elements. */
    static final int CAPACITY = 16;

    private final AtomicReferenceArray<@Nullable Signal> slots = new AtomicReferenceArray<>(CAPACITY);
    private final Runnable wakeConsumer;
    private final Runnable wakeProducer;

    // --- owned by the producer
    private int tail;
    // --- owned by the consumer
    private int head;
    // --- written by both
    private volatile boolean producerWaits;
    private volatile boolean clockAsked;

    /** The two calls are made from the other side's thread, and must neither block nor throw. */
    public Channel(Runnable wakeConsumer, Runnable wakeProducer) {
        this.wakeConsumer = wakeConsumer;
        this.wakeProducer = wakeProducer;
    }

    /** Sends, unless the ring is full, and wakes the consumer. A refusal arranges for the producer to be woken when there is room. */
    boolean offer(Signal signal) {
        boolean sent = offerQuietly(signal);
        if (sent) {
            wakeConsumer();
        }
        return sent;
    }

    /** As {@link #offer}, but leaves it to the caller to {@linkplain #wakeConsumer wake} the consumer. */
    boolean offerQuietly(Signal signal) {
        if (slots.get(tail) != null) {
            producerWaits = true;
            if (slots.get(tail) != null) {
                return false;
            }
            producerWaits = false;
        }
        slots.set(tail, signal);
        tail = tail + 1 == CAPACITY ? 0 : tail + 1;
        return true;
    }

    void wakeConsumer() {
        wakeConsumer.run();
    }

    /** The next signal, or null when there is none. */
    @Nullable
    Signal poll() {
        Signal signal = slots.get(head);
        if (signal == null) {
            return null;
        }
        slots.set(head, null);
        head = head + 1 == CAPACITY ? 0 : head + 1;
        if (producerWaits) {
            producerWaits = false;
            wakeProducer.run();
        }
        return signal;
    }

    /** How many signals are there to {@link #poll()}, at least. */
    int waiting() {
        int count = 0;
        while (count < CAPACITY && slots.get((head + count) % CAPACITY) != null) {
            count++;
        }
        return count;
    }

    /** Asks the producer how far its clock has come. The consumer's call. */
    void askForClock() {
        if (!clockAsked) {
            clockAsked = true;
            wakeProducer.run();
        }
    }

    /** Whether that has been asked since the producer last said it. The producer's call. */
    boolean isAskedForClock() {
        return clockAsked;
    }

    /** The producer is about to say it. */
    void clockIsTold() {
        clockAsked = false;
    }

    /** Whether {@link #poll()} would give something. */
    boolean isReadable() {
        return slots.get(head) != null;
    }
}
