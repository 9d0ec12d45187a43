package dev.tidemark.runner.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.runner.time.Watermarks;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.junit.jupiter.api.Test;

class StateTableTest {
    private final StateTable table = StateTable.expiringAt(window -> Long.parseLong((String) window));

    @Test
    void aKeyHasItsOwnCellsInEachWindow() {
        Cells first = table.cells("10", "k", "k");
        Cells second = table.cells("20", "k", "k");

        assertThat(first).isNotSameAs(second);
        assertThat(table.cells("10", "k", "k")).isSameAs(first);
    }

    @Test
    void windowsExpireInTheOrderOfTheirEnds() {
        table.cells("20", "k", "k");
        table.cells("10", "k", "k");
        assertThat(table.nextExpiry()).isEqualTo(10);

        table.nextToExpire().forEach(table::remove);

        assertThat(table.nextExpiry()).isEqualTo(20);
        assertThat(table.nextToExpire().get(0).window()).isEqualTo("20");
    }

    @Test
    void withoutWindowsNothingExpires() {
        assertThat(table.nextExpiry()).isGreaterThan(Watermarks.MAX);
        assertThat(table.nextToExpire()).isEmpty();
    }

    @Test
    void aRemovedKeyStartsAnew() {
        ValueCell<String> cell = new ValueCell<>(StringUtf8Coder.of());
        table.cells("10", "k", "k").add("v", Cells.NO_TRIGGER, cell);
        table.remove("10", "k");

        assertThat(table.cells("10", "k", "k").find("v", Cells.NO_TRIGGER)).isNull();
    }

    @Test
    void aTriggersCellIsNotTheWindowsCellOfTheSameName() {
        Cells cells = table.cells("10", "k", "k");
        ValueCell<String> ofWindow = new ValueCell<>(StringUtf8Coder.of());
        cells.add("v", Cells.NO_TRIGGER, ofWindow);

        assertThat(cells.find("v", 0)).isNull();
        assertThat(cells.find("v", Cells.NO_TRIGGER)).isSameAs(ofWindow);
    }
}
