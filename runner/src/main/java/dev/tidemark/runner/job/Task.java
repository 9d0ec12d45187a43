package dev.tidemark.runner.job;

import dev.tidemark.runner.flow.Batch;
import dev.tidemark.runner.flow.Inbox;
import dev.tidemark.runner.flow.Outbox;
import dev.tidemark.runner.flow.Signal;
import dev.tidemark.runner.operator.Gauge;
import dev.tidemark.runner.operator.OperatorChain;
import dev.tidemark.runner.operator.Turn;
import dev.tidemark.runner.plan.Stage;
import dev.tidemark.runner.state.TaskLedger;
import dev.tidemark.runner.store.Changes;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * One parallel copy of a stage. Driven by a single worker at a time; other threads may only {@link #post} and wake it.
 *
 * <p>A turn takes what is there, up to its budget, and never waits; what it cannot send stays in the outbox, and until that has
 * drained the task takes nothing in.
 */
final class Task implements Slot.Turns {
    /** What the job hears from its tasks. Called from worker threads. */
    interface Events {
        /** Everything has been set up. */
        void opened(Task task);

        /** The task passed the barrier of {@code epoch}. */
        void snapshot(Task task, long epoch, Changes changes);

        /** Memory is filling with what has changed since the last checkpoint. */
        void wantsCheckpoint();

        /** Everything has been read, processed and sent. */
        void ended(Task task, Changes last);

        /** Everything has been released. */
        void closed(Task task);
    }

    /** What came of a turn. */
    enum Outcome {
        /** There is more to do at once. */
        MORE,
        /** Nothing to do until a message, a signal, room, or {@link #nextAlarm}. */
        WAIT,
        /** Nothing to do ever again. */
        DONE
    }

    /** So much is written down of a checkpoint between two turns: less than a turn takes. */
    private static final int KEYS_SAVED_PER_TURN = 1_024;

    /** So many elements are taken in before the clock is looked at again: to look takes time, too, and most elements are fast. */
    private static final int ELEMENTS_BETWEEN_LOOKS = 16;

    /** So much is brought into memory again after a restore between two turns. */
    private static final int KEYS_LOADED_PER_TURN = 256;

    // --- set once
    private final int id;
    private final Stage stage;
    private final int shard;
    private final Events events;
    private final Inbox inbox;
    private final Outbox outbox;
    private final OperatorChain chain;
    private final Turn turn;
    private final TaskLedger ledger;

    // --- owned by the worker that has the task
    private TaskState state = TaskState.CREATED;
    /** The batch that is being processed. */
    private Inbox.@Nullable Arrival arrived;

    private int batchPosition;
    /** Until the clock is looked at. */
    private int elementsLeft;
    /** False after a turn that had no room left for what timers of the wall clock emit: they come first in the next one. */
    private boolean clockHasMoved = true;

    private long startRequested = Inbox.NONE;
    private long lastEpoch;
    private long committedEpoch;
    /** Whether the barrier of the last epoch has passed, and not all that had changed before is written down. */
    private boolean snapshotDue;
    /** The epoch after which a checkpoint was asked for. */
    private long askedAfter = Inbox.NONE;
    /** Whether nothing is taken in until the checkpoint that the task has taken part in is committed. */
    private boolean awaitsCommit;

    private boolean endIsDurable;
    private boolean paused;
    /** Whether somebody has asked how far the clock has come, and what was there then is marked. */
    private boolean askedForClock;

    // --- written by that worker, read by any thread
    private volatile @Nullable Gauge gauge;

    // --- written by any thread
    private final Queue<Message> mailbox = new ConcurrentLinkedQueue<>();
    private volatile long stopAfter = Long.MAX_VALUE;

    Task(
            int id,
            Stage stage,
            int shard,
            Events events,
            Inbox inbox,
            Outbox outbox,
            OperatorChain chain,
            Turn turn,
            TaskLedger ledger) {
        this.id = id;
        this.stage = stage;
        this.shard = shard;
        this.events = events;
        this.inbox = inbox;
        this.outbox = outbox;
        this.chain = chain;
        this.turn = turn;
        this.ledger = ledger;
        turn.inputsHaveCome(inbox.clock());
    }

    int id() {
        return id;
    }

    boolean isSource() {
        return chain.hasSource();
    }

    /** How far the task had come when it was last asked to {@link Message.SayHowFar}; null before that. Any thread. */
    @Nullable
    Gauge gauge() {
        return gauge;
    }

    /** Leaves a message for the next turn; the caller then wakes the task. Any thread. */
    void post(Message message) {
        mailbox.add(message);
    }

    /**
     * Says with which checkpoint the task halts. Said to all before that begins, it is known to each that meets its barrier. Any thread.
     */
    void stopAfter(long epoch) {
        stopAfter = epoch;
    }

    /** Takes one turn of at most {@code budget} elements, at time {@code now}. Exceptions are the user's or ours, as they come. */
    @Override
    public Outcome step(long now, int budget) throws Exception {
        turn.begin(now);
        try {
            takeMessages();
            return go(now, budget);
        } catch (Throwable failure) {
            turn.abandon();
            throw failure;
        }
    }

    private Outcome go(long now, int budget) throws Exception {
        return switch (state) {
            case CREATED -> open();
            case WAITING -> Outcome.WAIT;
            case RUNNING -> run(now, budget);
            case DRAINING -> drain();
            case HALTED -> {
                // The barrier may be on its way still.
                outbox.drain();
                yield Outcome.WAIT;
            }
            case DONE -> Outcome.DONE;
        };
    }

    /** The first turn is taken at once: what was restored may wait for others, who must be asked. */
    private Outcome open() throws Exception {
        chain.open();
        state = isSource() ? TaskState.WAITING : TaskState.RUNNING;
        events.opened(this);
        return Outcome.MORE;
    }

    private void takeMessages() throws Exception {
        for (Message message = mailbox.poll(); message != null; message = mailbox.poll()) {
            if (message instanceof Message.Begin) {
                if (state == TaskState.WAITING) {
                    state = TaskState.RUNNING;
                }
            } else if (message instanceof Message.StartCheckpoint start) {
                // The barrier may have come faster, over a channel.
                if (state == TaskState.RUNNING && start.epoch() > lastEpoch) {
                    startRequested = start.epoch();
                    passBarrierIfAligned();
                } else if (state == TaskState.HALTED && start.epoch() > lastEpoch) {
                    // The one before could not be made. All have halted: no barrier is needed.
                    lastEpoch = start.epoch();
                    events.snapshot(this, lastEpoch, ledger.take());
                }
            } else if (message instanceof Message.Pause pause) {
                paused = pause.paused();
                chain.pause(paused);
            } else if (message instanceof Message.Drain) {
                chain.drain();
            } else if (message instanceof Message.Stop) {
                close();
            } else if (message instanceof Message.SayHowFar) {
                gauge = chain.gauge();
            } else if (message instanceof Message.CheckpointCommitted committed) {
                committedEpoch = committed.epoch();
                chain.committed(committed.epoch());
                endIsDurable = state == TaskState.DRAINING && committed.epoch() > lastEpoch;
            }
        }
    }

    private Outcome run(long now, int budget) throws Exception {
        outbox.drain();
        if (snapshotDue) {
            saveSome();
        }
        if (!outbox.hasRoom()) {
            return snapshotDue ? Outcome.MORE : Outcome.WAIT;
        }
        if (isFull()) {
            return snapshotDue ? Outcome.MORE : Outcome.WAIT;
        }
        if (!clockHasMoved) {
            moveClock();
        }
        if (outbox.isAskedForClock() && isCaughtUp()) {
            // Before anything else comes in: what a source emits now is later than the time that is asked for.
            moveClock();
            outbox.flush();
            tellClock(now);
        }
        boolean more = takeIn(budget);
        if (state == TaskState.HALTED) {
            outbox.drain();
            return Outcome.WAIT;
        }
        if (isSource() && startRequested == Inbox.NONE && !inbox.isGated() && !paused) {
            more |= chain.read(budget, this::mayTakeAnother);
        }
        advance();
        // Only now: what has come in was there before the clock moved, and may make a timer needless that waits for it.
        clockHasMoved = outbox.hasRoom();
        if (clockHasMoved) {
            moveClock();
        }
        outbox.flush();
        if (clockHasMoved) {
            tellClock(now);
        }
        if (isFinished()) {
            return finish();
        }
        askForCheckpoint();
        askForClocks();
        boolean loading = chain.loadSome(KEYS_LOADED_PER_TURN);
        return snapshotDue || loading || (more && outbox.hasRoom()) ? Outcome.MORE : Outcome.WAIT;
    }

    /**
     * Whether memory is so full of what has changed that nothing more may come in. Only a checkpoint helps, and it has been asked for: up
     * to its barrier, which is behind what is on its way already, all goes on; then until it is committed, nothing.
     */
    private boolean isFull() {
        askForCheckpoint();
        // Where the commit has failed, the next checkpoint is requested instead: its barrier must be read, too.
        awaitsCommit = startRequested == Inbox.NONE && lastEpoch > committedEpoch && chain.isFull();
        return awaitsCommit;
    }

    private void askForCheckpoint() {
        if (askedAfter != lastEpoch && chain.wantsCheckpoint()) {
            askedAfter = lastEpoch;
            events.wantsCheckpoint();
        }
    }

    /** Those who ask how far the clock has come wait for what was to be emitted by now: all that was there when they asked is processed first. */
    private void tellClock(long now) {
        if (!outbox.isAskedForClock()) {
            return;
        }
        if (isCaughtUp() || (askedForClock && inbox.isPastMark())) {
            askedForClock = false;
            outbox.tellClock(now);
        } else if (!askedForClock) {
            askedForClock = true;
            inbox.mark(arrived);
        }
    }

    private boolean isCaughtUp() {
        return arrived == null && !inbox.isReadable();
    }

    private void askForClocks() {
        long awaited = chain.awaitedOfInputs();
        if (awaited != Long.MAX_VALUE) {
            inbox.ask(awaited);
        }
    }

    private void moveClock() throws Exception {
        if (chain.clockMoved()) {
            advance();
        }
    }

    /** Processes what has come in. Returns whether there is more. */
    private boolean takeIn(int budget) throws Exception {
        int left = budget;
        while (left > 0 && state == TaskState.RUNNING && mayTakeAnother()) {
            Inbox.Arrival current = arrived;
            if (current != null && current.signal() instanceof Batch batch) {
                chain.accept(current.entry(), batch.take(batchPosition++));
                left--;
                if (batchPosition == batch.size()) {
                    arrived = null;
                    if (inbox.taken(current)) {
                        advance();
                    }
                }
            } else if (!takeSignal()) {
                return false;
            }
        }
        return arrived != null || inbox.isReadable();
    }

    /** Whether there is room, and time: elements that each take long let others wait. */
    private boolean mayTakeAnother() {
        if (elementsLeft == 0) {
            elementsLeft = ELEMENTS_BETWEEN_LOOKS;
            if (turn.isLong()) {
                return false;
            }
        }
        elementsLeft--;
        return outbox.hasRoom();
    }

    private boolean takeSignal() throws Exception {
        Inbox.Arrival arrival = inbox.poll();
        if (arrival == null) {
            return false;
        }
        if (arrival.signal().kind() == Signal.Kind.BATCH) {
            arrived = arrival;
            batchPosition = 0;
        } else {
            if (arrival.rose()) {
                turn.inputsHaveCome(inbox.clock());
                if (arrival.signal().kind() == Signal.Kind.CLOCK) {
                    // What follows on this channel was emitted later.
                    chain.finishBundle();
                    chain.inputsHaveCome();
                }
                advance();
            }
            passBarrierIfAligned();
        }
        return true;
    }

    /** First what has been emitted goes on its way: a timer that fires may keep this thread for as long as it likes. */
    private void advance() throws Exception {
        chain.finishBundle();
        outbox.flush();
        chain.finishBundleAndAdvance();
    }

    /**
     * A task whose channels have all ended, or that has none, goes by the job's request: no barrier will come. Others go by the
     * barrier on all their channels; a source that has channels, for side inputs, by both.
     */
    private void passBarrierIfAligned() throws Exception {
        if (inbox.isEnded()) {
            if (startRequested != Inbox.NONE) {
                passBarrier(startRequested);
            }
        } else if (inbox.barrier() != Inbox.NONE && !(isSource() && startRequested == Inbox.NONE)) {
            passBarrier(inbox.barrier());
        }
    }

    private void passBarrier(long epoch) throws Exception {
        chain.finishBundleAndAdvance();
        lastEpoch = epoch;
        startRequested = Inbox.NONE;
        chain.mark(epoch);
        ledger.freeze();
        snapshotDue = true;
        outbox.broadcast(new Signal.Barrier(epoch));
        inbox.unblock();
        if (epoch >= stopAfter) {
            state = TaskState.HALTED;
            saveAll();
        } else {
            saveSome();
        }
    }

    /** Writes a part of what had changed before the barrier; with the last of it the snapshot is complete. */
    private void saveSome() {
        chain.saveSome(KEYS_SAVED_PER_TURN);
        if (!chain.isSaving()) {
            snapshotDue = false;
            events.snapshot(this, lastEpoch, ledger.takeFrozen());
        }
    }

    private void saveAll() {
        while (snapshotDue) {
            saveSome();
        }
    }

    private boolean isFinished() {
        return arrived == null && inbox.isEnded() && chain.isFinished();
    }

    private Outcome finish() throws Exception {
        outbox.broadcast(new Signal.EndOfInput());
        state = TaskState.DRAINING;
        saveAll();
        // Only a checkpoint after the last one that this task took part in can contain its end.
        chain.mark(lastEpoch + 1);
        ledger.freeze();
        chain.saveSome(Integer.MAX_VALUE);
        events.ended(this, ledger.takeFrozen());
        return drain();
    }

    private Outcome drain() throws Exception {
        outbox.drain();
        if (!endIsDurable || !outbox.hasRoom()) {
            return Outcome.WAIT;
        }
        close();
        return Outcome.DONE;
    }

    /** Releases everything. Also called by the job, once no worker has the task any more. */
    void close() throws Exception {
        if (state != TaskState.DONE) {
            state = TaskState.DONE;
            chain.close();
            events.closed(this);
        }
    }

    /** When the task next has something to do by itself, in milliseconds, or {@link Long#MAX_VALUE}. */
    @Override
    public long nextAlarm() {
        return state == TaskState.RUNNING && outbox.hasRoom() && !awaitsCommit ? chain.nextAlarm() : Long.MAX_VALUE;
    }

    @Override
    public @Nullable String inStep() {
        return turn.inStep();
    }

    @Override
    public @Nullable String failedAt() {
        return turn.failedAt();
    }

    /** For logs and errors: the stage and the shard. */
    @Override
    public String toString() {
        return stage.name() + "#" + shard;
    }
}
