package dev.tidemark.runner.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.Combine.BinaryCombineLongFn;
import org.apache.beam.sdk.transforms.Sum;
import org.apache.beam.sdk.transforms.windowing.TimestampCombiner;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

class CellsTest {
    @Test
    void whatABagGaveStaysAsItWasWhenTheBagGrowsOrIsCleared() {
        BagCell<String> bag = new BagCell<>(StringUtf8Coder.of());
        bag.add("a");
        Iterable<String> before = bag.read();
        bag.add("b");
        bag.clear();
        bag.add("c");

        assertThat(before).containsExactly("a");
        assertThat(bag.read()).containsExactly("c");
    }

    @Test
    void whetherACellIsEmptyIsReadWhenAskedNotWhenTheHandleWasMade() {
        BagCell<String> bag = new BagCell<>(StringUtf8Coder.of());
        var bagIsEmpty = bag.isEmpty();
        bag.add("a");
        SetCell<String> set = new SetCell<>(StringUtf8Coder.of(), false);
        var setIsEmpty = set.isEmpty();
        set.add("a");

        assertThat(bagIsEmpty.read()).isFalse();
        assertThat(setIsEmpty.read()).isFalse();
    }

    @Test
    void setsAndMapsCompareByteArraysByContent() {
        SetCell<byte[]> set = new SetCell<>(ByteArrayCoder.of(), false);
        set.add(new byte[] {1});
        MapCell<byte[], String> map = new MapCell<>(ByteArrayCoder.of(), StringUtf8Coder.of(), false);
        map.put(new byte[] {1}, "one");

        assertThat(set.addIfAbsent(new byte[] {1}).read()).isFalse();
        assertThat(set.contains(new byte[] {1}).read()).isTrue();
        assertThat(map.get(new byte[] {1}).read()).isEqualTo("one");
    }

    @Test
    void aMapHandleSeesWhatIsPutAfterItWasMade() {
        MapCell<String, Integer> map = new MapCell<>(StringUtf8Coder.of(), VarIntCoder.of(), false);
        var handle = map.get("a");
        map.put("a", 1);

        assertThat(handle.read()).isEqualTo(1);
        assertThat(map.computeIfAbsent("a", key -> 2).read()).isEqualTo(1);
        assertThat(map.get("a").read()).isEqualTo(1);
    }

    @Test
    void anOrderedListReadsARangeFromItsFirstInstantToBeforeItsLast() {
        OrderedListCell<String> list = new OrderedListCell<>(StringUtf8Coder.of(), false);
        for (int i : new int[] {3, 1, 2, 2}) {
            list.add(TimestampedValue.of("v" + i, Instant.ofEpochMilli(i)));
        }
        List<String> values = new ArrayList<>();
        list.readRange(Instant.ofEpochMilli(1), Instant.ofEpochMilli(3)).forEach(each -> values.add(each.getValue()));
        assertThat(values).containsExactly("v1", "v2", "v2");

        list.clearRange(Instant.ofEpochMilli(1), Instant.ofEpochMilli(3));
        assertThat(list.read()).hasSize(1);
    }

    @Test
    void aCombiningCellStartsAnewAfterAClear() {
        BinaryCombineLongFn sum = Sum.ofLongs();
        CombiningCell<Long, long[], Long> cell =
                new CombiningCell<>(sum, sum.getAccumulatorCoder(CoderRegistry.createDefault(), VarLongCoder.of()));
        cell.add(3L);
        cell.add(4L);
        assertThat(cell.read()).isEqualTo(7L);
        cell.clear();
        assertThat(cell.isVacant()).isTrue();
        assertThat(cell.read()).isZero();
    }

    @Test
    void aHoldCellKeepsOneHoldAtTheCombinedTime() {
        Holds holds = new Holds();
        HoldCell cell = new HoldCell(TimestampCombiner.EARLIEST, holds);
        cell.add(Instant.ofEpochMilli(20));
        cell.add(Instant.ofEpochMilli(10));
        assertThat(holds.minimum()).isEqualTo(10);
        cell.clear();
        holds.add(30);
        assertThat(holds.minimum()).isEqualTo(30);
    }

    @Test
    void aMultimapKeepsTheValuesOfAKeyInOrder() {
        MultimapCell<String, Integer> multimap = new MultimapCell<>(StringUtf8Coder.of(), VarIntCoder.of(), false);
        multimap.put("a", 2);
        multimap.put("a", 1);
        multimap.put("b", 3);

        assertThat(multimap.get("a").read()).containsExactly(2, 1);
        multimap.remove("a");
        assertThat(multimap.containsKey("a").read()).isFalse();
        assertThat(multimap.keys().read()).containsExactly("b");
    }
}
