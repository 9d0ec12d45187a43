package dev.tidemark.runner.operator;

import dev.tidemark.runner.state.BagCell;
import dev.tidemark.runner.state.Cell;
import dev.tidemark.runner.state.Cells;
import dev.tidemark.runner.state.CombiningCell;
import dev.tidemark.runner.state.HoldCell;
import dev.tidemark.runner.state.Holds;
import dev.tidemark.runner.state.MapCell;
import dev.tidemark.runner.state.MultimapCell;
import dev.tidemark.runner.state.OrderedListCell;
import dev.tidemark.runner.state.SetCell;
import dev.tidemark.runner.state.StateTable;
import dev.tidemark.runner.state.ValueCell;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.runners.core.StateInternals;
import org.apache.beam.runners.core.StateNamespace;
import org.apache.beam.runners.core.StateNamespaces.WindowAndTriggerNamespace;
import org.apache.beam.runners.core.StateTag;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.CombiningState;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.MultimapState;
import org.apache.beam.sdk.state.OrderedListState;
import org.apache.beam.sdk.state.SetState;
import org.apache.beam.sdk.state.State;
import org.apache.beam.sdk.state.StateBinder;
import org.apache.beam.sdk.state.StateContext;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.state.WatermarkHoldState;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.transforms.CombineWithContext.CombineFnWithContext;
import org.apache.beam.sdk.transforms.windowing.TimestampCombiner;
import org.apache.beam.sdk.util.CombineFnUtil;
import org.jspecify.annotations.Nullable;

/** The state table as Beam's runtime sees it: the cells of one current key. Owned by one task. */
final class KeyedState implements StateInternals {
    private final StateTable table;
    private final Holds holds;
    /** Windows that the current key touched before the current one: few elements touch more than one. */
    private final List<Touched> touched = new ArrayList<>();

    private @Nullable Object key;
    private @Nullable Object structuralKey;
    // The cells of the window that was asked for last: an element usually stays in one.
    private @Nullable Object currentWindow;
    private @Nullable Cells currentCells;

    private record Touched(Object window, Cells cells) {}

    KeyedState(StateTable table, Holds holds) {
        this.table = table;
        this.holds = holds;
    }

    /** Makes {@code key} the current one. */
    void setKey(@Nullable Object key, @Nullable Object structuralKey) {
        this.key = key;
        this.structuralKey = structuralKey;
        currentWindow = null;
        currentCells = null;
        touched.clear();
    }

    /** Forgets what the current key left vacant in the windows it touched. */
    void sweep() {
        Object window = currentWindow;
        Cells cells = currentCells;
        if (window != null && cells != null) {
            sweep(window, cells);
            for (int i = 0; i < touched.size(); i++) {
                sweep(touched.get(i).window(), touched.get(i).cells());
            }
            touched.clear();
            currentWindow = null;
            currentCells = null;
        }
    }

    private void sweep(Object window, Cells cells) {
        if (cells.isVacant()) {
            table.remove(window, structuralKey);
        }
    }

    @Nullable
    Object structuralKey() {
        return structuralKey;
    }

    @Override
    @SuppressWarnings("NullAway") // Beam does not mark it, but a key may be null
    public @Nullable Object getKey() {
        return key;
    }

    /** The cells of the current key in a window. */
    private Cells cells(Object window) {
        Cells cells = currentCells;
        if (cells != null && window.equals(currentWindow)) {
            return cells;
        }
        Object before = currentWindow;
        if (before != null && cells != null) {
            touched.add(new Touched(before, cells));
        }
        cells = table.cells(window, structuralKey, key);
        currentWindow = window;
        currentCells = cells;
        return cells;
    }

    @Override
    @SuppressWarnings("unchecked") // a cell of this name was made by this very tag
    public <T extends State> T state(StateNamespace namespace, StateTag<T> address, StateContext<?> context) {
        int trigger = namespace instanceof WindowAndTriggerNamespace<?> inTrigger
                ? inTrigger.getTriggerIndex()
                : Cells.NO_TRIGGER;
        return (T) cell(namespace.getCacheKey(), trigger, address, context);
    }

    /** The current key's cell in a window, made on first use. */
    <T extends State> State cell(Object window, int trigger, StateTag<T> address, StateContext<?> context) {
        Cells cells = cells(window);
        String name = address.getId();
        Cell cell = cells.find(name, trigger);
        if (cell == null) {
            StateSpec<T> spec = address.getSpec();
            cell = (Cell) spec.bind(name, new NewCell(context));
            cells.add(name, trigger, cell);
        }
        return (State) cell;
    }

    /** Makes the cell that a spec asks for. */
    private final class NewCell implements StateBinder {
        private final StateContext<?> context;

        NewCell(StateContext<?> context) {
            this.context = context;
        }

        @Override
        public <T> ValueState<T> bindValue(String id, StateSpec<ValueState<T>> spec, Coder<T> coder) {
            return new ValueCell<>(coder);
        }

        @Override
        public <T> BagState<T> bindBag(String id, StateSpec<BagState<T>> spec, Coder<T> elemCoder) {
            return new BagCell<>(elemCoder);
        }

        @Override
        public <T> SetState<T> bindSet(String id, StateSpec<SetState<T>> spec, Coder<T> elemCoder) {
            return new SetCell<>(elemCoder, table.isKept());
        }

        @Override
        public <K, V> MapState<K, V> bindMap(
                String id, StateSpec<MapState<K, V>> spec, Coder<K> keyCoder, Coder<V> valueCoder) {
            return new MapCell<>(keyCoder, valueCoder, table.isKept());
        }

        @Override
        public <T> OrderedListState<T> bindOrderedList(
                String id, StateSpec<OrderedListState<T>> spec, Coder<T> elemCoder) {
            return new OrderedListCell<>(elemCoder, table.isKept());
        }

        @Override
        public <K, V> MultimapState<K, V> bindMultimap(
                String id, StateSpec<MultimapState<K, V>> spec, Coder<K> keyCoder, Coder<V> valueCoder) {
            return new MultimapCell<>(keyCoder, valueCoder, table.isKept());
        }

        @Override
        public <I, A, O> CombiningState<I, A, O> bindCombining(
                String id, StateSpec<CombiningState<I, A, O>> spec, Coder<A> accumCoder, CombineFn<I, A, O> combine) {
            return new CombiningCell<>(combine, accumCoder);
        }

        @Override
        public <I, A, O> CombiningState<I, A, O> bindCombiningWithContext(
                String id,
                StateSpec<CombiningState<I, A, O>> spec,
                Coder<A> accumCoder,
                CombineFnWithContext<I, A, O> combine) {
            return new CombiningCell<>(CombineFnUtil.bindContext(combine, context), accumCoder);
        }

        @Override
        public WatermarkHoldState bindWatermark(
                String id, StateSpec<WatermarkHoldState> spec, TimestampCombiner combiner) {
            return new HoldCell(combiner, holds);
        }
    }
}
