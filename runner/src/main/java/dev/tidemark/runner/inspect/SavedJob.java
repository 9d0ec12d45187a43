package dev.tidemark.runner.inspect;

import dev.tidemark.runner.checkpoint.StepNumbers;
import dev.tidemark.runner.plan.RowKind;
import dev.tidemark.runner.plan.StepFormat;
import dev.tidemark.runner.state.BagCell;
import dev.tidemark.runner.state.Cell;
import dev.tidemark.runner.state.CellRows;
import dev.tidemark.runner.state.Cells;
import dev.tidemark.runner.state.HoldCell;
import dev.tidemark.runner.state.KeyedLedger;
import dev.tidemark.runner.state.MapCell;
import dev.tidemark.runner.state.MultimapCell;
import dev.tidemark.runner.state.OrderedListCell;
import dev.tidemark.runner.state.SetCell;
import dev.tidemark.runner.state.StepLedger;
import dev.tidemark.runner.state.StoredRows;
import dev.tidemark.runner.state.TaskLedger;
import dev.tidemark.runner.store.SavedState;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.apache.beam.sdk.coders.Coder;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** The state of a job that does not run, step by step. Any thread; closed by who opened it. */
public final class SavedJob implements AutoCloseable {
    private final SavedState state;
    private final StepNumbers numbers;
    private final BiFunction<String, Map<String, String>, @Nullable Coder<?>> others;

    /**
     * Takes over {@code state}, and closes it.
     *
     * @param others coders that are not Beam's, by a checkpoint's words for them and what they have said of the records that they write;
     *     null for what it does not know either
     */
    public SavedJob(SavedState state, BiFunction<String, Map<String, String>, @Nullable Coder<?>> others) {
        this.state = state;
        this.numbers = new StepNumbers(state.store());
        this.others = others;
    }

    /** The newest committed epoch. */
    public long epoch() {
        return state.store().epoch();
    }

    /** The steps that have left something, by name. */
    public List<SavedStep> steps() {
        List<SavedStep> steps = new ArrayList<>();
        numbers.all().forEach((name, number) -> {
            SortedMap<String, SavedStep.Volume> volumes = new TreeMap<>();
            state.store().scan(prefix(number), prefix(number + 1), (key, value) -> {
                RowKind kind = RowKind.of(key[Integer.BYTES]);
                volumes.merge(
                        kind == null ? "unknown" : kind.name().toLowerCase(Locale.ROOT),
                        new SavedStep.Volume(1, key.length + value.length),
                        (all, one) -> all.plus((int) one.bytes()));
            });
            if (!volumes.isEmpty()) {
                steps.add(new SavedStep(name, numbers.formatOf(name), volumes));
            }
        });
        return steps;
    }

    private static byte[] prefix(int number) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
    }

    private CoderParser coders(SortedMap<String, String> form) {
        Map<String, String> layouts = new TreeMap<>();
        form.forEach((name, layout) -> {
            if (name.startsWith(StepFormat.LAYOUT)) {
                layouts.put(name.substring(StepFormat.LAYOUT.length()), layout);
            }
        });
        return new CoderParser(others, layouts);
    }

    private StepLedger ledger(String step) {
        return new TaskLedger(state.store(), numbers::of, 0, 1).step(step);
    }

    /** Hands over the cells of a step, key by key in the order of the store. Internal cells of groupings are among them. */
    public void cells(String step, Consumer<SavedCell> each) {
        Gathering gathering = new Gathering(step, numbers.formatOf(step), each);
        ledger(step).readAll(RowKind.CELL, (group, rest, value) -> gathering.row(rest, value));
        gathering.end();
    }

    /** Hands over the timers of a step that are pending. */
    public void timers(String step, Consumer<SavedTimer> each) {
        SortedMap<String, String> form = numbers.formatOf(step);
        CoderParser coders = coders(form);
        ledger(step).readAll(RowKind.TIMER, (group, rest, value) -> {
            KeyedLedger.Name name = KeyedLedger.Name.ofTimer(rest);
            each.accept(new SavedTimer(
                    step,
                    window(coders, form, name),
                    decoded(coders, form.get(StepFormat.KEY), name.key()),
                    shown(name),
                    KeyedLedger.domain(name.kind()).toString(),
                    ByteBuffer.wrap(value).getLong()));
        });
    }

    /** As the user calls it: Beam puts a prefix before the names of timers and of their families. */
    private static String shown(KeyedLedger.Name timer) {
        String name = withoutPrefix(timer.name());
        String family = withoutPrefix(timer.family());
        return family.isEmpty() || family.equals(name) ? name : family + " " + name;
    }

    private static String withoutPrefix(String name) {
        return name.startsWith("ts-") || name.startsWith("tfs-") ? name.substring(name.indexOf('-') + 1) : name;
    }

    private static String window(CoderParser coders, SortedMap<String, String> form, KeyedLedger.Name name) {
        byte[] bytes = name.window();
        return bytes == null ? "" : String.valueOf(decoded(coders, form.get(StepFormat.WINDOW), bytes));
    }

    private static @Nullable Object decoded(CoderParser coders, @Nullable String words, byte[] bytes) {
        Coder<?> coder = words == null ? null : coders.coder(words);
        return decoded(coder, bytes);
    }

    private static @Nullable Object decoded(@Nullable Coder<?> coder, byte[] bytes) {
        if (coder == null) {
            return digits(bytes);
        }
        Object value = CellRows.decode(coder, bytes);
        return value instanceof byte[] raw ? digits(raw) : value;
    }

    private static String digits(byte[] bytes) {
        return "0x" + HexFormat.of().formatHex(bytes);
    }

    /** Puts the rows of each cell together. They come one after the other. */
    private final class Gathering {
        private final String step;
        private final SortedMap<String, String> form;
        private final CoderParser coders;
        private final Consumer<SavedCell> each;
        private final List<CellRows.Row> rows = new ArrayList<>();
        private KeyedLedger.@Nullable Name name;
        private long bytes;

        Gathering(String step, SortedMap<String, String> form, Consumer<SavedCell> each) {
            this.step = step;
            this.form = form;
            this.coders = coders(form);
            this.each = each;
        }

        void row(byte[] rest, byte[] value) {
            KeyedLedger.Name next = KeyedLedger.Name.ofCell(rest);
            if (name != null && !isSameCell(name, next)) {
                end();
            }
            name = next;
            rows.add(new CellRows.Row(next.row(), value));
            bytes += rest.length + value.length;
        }

        private static boolean isSameCell(KeyedLedger.Name one, KeyedLedger.Name other) {
            return Arrays.equals(one.window(), other.window())
                    && Arrays.equals(one.key(), other.key())
                    && one.kind() == other.kind()
                    && one.trigger() == other.trigger()
                    && one.name().equals(other.name());
        }

        void end() {
            KeyedLedger.Name of = name;
            if (of != null && of.kind() != Cells.PRESENCE && of.kind() != Cells.ANY) {
                Cell.Kind kind = Cell.Kind.of(of.kind());
                each.accept(new SavedCell(
                        step,
                        window(coders, form, of),
                        decoded(coders, form.get(StepFormat.KEY), of.key()),
                        of.name(),
                        kind.name(),
                        value(kind, form.get(StepFormat.STATE + of.name())),
                        rows.size(),
                        bytes));
            }
            rows.clear();
            bytes = 0;
            name = null;
        }

        /** The words for a state begin with its kind. */
        private @Nullable Object value(Cell.Kind kind, @Nullable String words) {
            if (kind == Cell.Kind.HOLD) {
                return Instant.ofEpochMilli(HoldCell.millis(rows.get(0).value()));
            }
            String prefix = kind.name() + " ";
            if (words == null || !words.startsWith(prefix)) {
                return undecoded();
            }
            List<String> parts = CoderParser.split(words.substring(prefix.length()), " to ");
            Coder<?> first = coders.coder(parts.get(0));
            Coder<?> second = parts.size() > 1 ? coders.coder(parts.get(1)) : null;
            return first == null || (parts.size() > 1 && second == null)
                    ? undecoded()
                    : value(kind, first, second == null ? first : second);
        }

        @SuppressWarnings({"unchecked", "rawtypes"}) // whatever the coders decode is shown
        private @Nullable Object value(Cell.Kind kind, Coder first, Coder second) {
            return switch (kind) {
                case VALUE, COMBINING -> decoded(first, rows.get(0).value());
                case BAG -> {
                    BagCell<Object> cell = new BagCell<>(first);
                    cell.restore(StoredRows.of(rows));
                    yield list(cell.read());
                }
                case SET -> {
                    SetCell<Object> cell = new SetCell<>(first, false);
                    cell.restore(StoredRows.of(rows));
                    yield list(cell.read());
                }
                case ORDERED_LIST -> {
                    OrderedListCell<Object> cell = new OrderedListCell<>(first, false);
                    cell.restore(StoredRows.of(rows));
                    List<Object> values = new ArrayList<>();
                    cell.read().forEach(timed -> values.add(timed.getTimestamp() + " " + timed.getValue()));
                    yield values;
                }
                case MAP -> {
                    MapCell<Object, Object> cell = new MapCell<>(first, second, false);
                    cell.restore(StoredRows.of(rows));
                    Map<Object, Object> values = new LinkedHashMap<>();
                    cell.entries().read().forEach(entry -> values.put(entry.getKey(), entry.getValue()));
                    yield values;
                }
                case MULTIMAP -> {
                    MultimapCell<Object, Object> cell = new MultimapCell<>(first, second, false);
                    cell.restore(StoredRows.of(rows));
                    Map<Object, List<Object>> values = new LinkedHashMap<>();
                    cell.entries()
                            .read()
                            .forEach(entry -> values.computeIfAbsent(entry.getKey(), key -> new ArrayList<>())
                                    .add(entry.getValue()));
                    yield values;
                }
                case HOLD -> throw new IllegalStateException("holds are no values");
            };
        }

        private List<Object> list(Iterable<Object> values) {
            List<Object> list = new ArrayList<>();
            values.forEach(list::add);
            return list;
        }

        private Object undecoded() {
            List<String> values = rows.stream()
                    .map(row -> (row.name().length == 0 ? "" : digits(row.name()) + " ") + digits(row.value()))
                    .toList();
            return values.size() == 1 ? values.get(0) : values;
        }
    }

    @Override
    public void close() {
        state.close();
    }
}
