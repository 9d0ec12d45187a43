package dev.tidemark.runner.job;

import dev.tidemark.runner.flow.Channel;
import dev.tidemark.runner.flow.Inbox;
import dev.tidemark.runner.flow.Outbox;
import dev.tidemark.runner.operator.JobMetrics;
import dev.tidemark.runner.operator.OperatorChain;
import dev.tidemark.runner.operator.OutputFiles;
import dev.tidemark.runner.operator.SourceSplits;
import dev.tidemark.runner.operator.Turn;
import dev.tidemark.runner.plan.Edge;
import dev.tidemark.runner.plan.Plan;
import dev.tidemark.runner.plan.RunOptions;
import dev.tidemark.runner.plan.Stage;
import dev.tidemark.runner.plan.Step;
import dev.tidemark.runner.state.TaskLedger;
import dev.tidemark.runner.time.Clock;
import dev.tidemark.runner.time.ManualClock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.LongConsumer;

/** Makes the tasks of a plan and the channels between them. Used once, by the thread that starts the job. */
final class Wiring {
    private final Plan plan;
    private final RunOptions options;
    private final SourceSplits splits;
    private final JobMetrics metrics;
    private final Scheduler scheduler;
    private final Task.Events events;
    private final Clock clock;
    private final OutputFiles outputFiles;
    /** Makes the ledger of a task, by its shard and the number of shards. */
    private final BiFunction<Integer, Integer, TaskLedger> ledgers;

    private final Map<Integer, Slot[]> slots = new HashMap<>();
    /** By edge: from the sender with the first index to the receiver with the second. */
    private final Map<Integer, Channel[][]> channels = new HashMap<>();

    Wiring(
            Plan plan,
            RunOptions options,
            SourceSplits splits,
            JobMetrics metrics,
            Scheduler scheduler,
            Task.Events events,
            Clock clock,
            OutputFiles outputFiles,
            BiFunction<Integer, Integer, TaskLedger> ledgers) {
        this.plan = plan;
        this.options = options;
        this.splits = splits;
        this.metrics = metrics;
        this.scheduler = scheduler;
        this.events = events;
        this.clock = clock;
        this.outputFiles = outputFiles;
        this.ledgers = ledgers;
    }

    /** Every task with the slot it runs in, stage by stage, shard by shard. */
    Map<Task, Slot> tasks() {
        for (Stage stage : plan.stages()) {
            Slot[] row = new Slot[stage.shards()];
            for (int shard = 0; shard < row.length; shard++) {
                boolean whenQuiet = stage.steps().get(0) instanceof Step.TestEvents;
                row[shard] = new Slot(stage.name() + "#" + shard, options.turnElements(), whenQuiet);
            }
            slots.put(stage.id(), row);
        }
        for (Edge edge : plan.edges()) {
            channels.put(edge.id(), channels(edge));
        }
        Map<Task, Slot> tasks = new LinkedHashMap<>();
        for (Stage stage : plan.stages()) {
            for (int shard = 0; shard < stage.shards(); shard++) {
                Task task = task(tasks.size(), stage, shard);
                Slot slot = slotsOf(stage.id())[shard];
                slot.assign(task);
                tasks.put(task, slot);
            }
        }
        return tasks;
    }

    private Channel[][] channels(Edge edge) {
        Slot[] senders = slotsOf(edge.fromStage());
        Slot[] receivers = slotsOf(edge.toStage());
        Channel[][] rows = new Channel[senders.length][receivers.length];
        for (int from = 0; from < senders.length; from++) {
            for (int to = 0; to < receivers.length; to++) {
                Slot sender = senders[from];
                Slot receiver = receivers[to];
                rows[from][to] = new Channel(() -> scheduler.wake(receiver), () -> scheduler.wake(sender));
            }
        }
        return rows;
    }

    private Task task(int id, Stage stage, int shard) {
        Outbox outbox = new Outbox(options.batchElements());
        Map<Integer, List<Outbox.Port>> ports = new HashMap<>();
        for (Edge edge : plan.edgesFrom(stage.id())) {
            List<Channel> row = List.of(channelsOf(edge)[shard]);
            ports.computeIfAbsent(edge.wire(), wire -> new ArrayList<>())
                    .add(outbox.connect(edge, shard, stage.shards(), row));
        }
        Turn turn = new Turn(clock, shard);
        LongConsumer moveClock = clock instanceof ManualClock manual ? manual::advanceTo : millis -> {};
        TaskLedger ledger = ledgers.apply(shard, stage.shards());
        OperatorChain chain = new OperatorChain(
                plan, stage, shard, options, splits, metrics, turn, moveClock, ledger, outputFiles, ports);
        Inbox inbox = new Inbox();
        for (Edge edge : plan.edgesInto(stage.id())) {
            List<Channel> column = new ArrayList<>();
            for (Channel[] row : channelsOf(edge)) {
                column.add(row[shard]);
            }
            chain.connect(inbox.addEntry(edge.toStep(), edge.gate(), column), edge.wire());
        }
        return new Task(id, stage, shard, events, inbox, outbox, chain, turn, ledger);
    }

    private Slot[] slotsOf(int stage) {
        Slot[] row = slots.get(stage);
        if (row == null) {
            throw new IllegalArgumentException("no stage " + stage);
        }
        return row;
    }

    private Channel[][] channelsOf(Edge edge) {
        Channel[][] rows = channels.get(edge.id());
        if (rows == null) {
            throw new IllegalArgumentException("no edge " + edge.id());
        }
        return rows;
    }
}
