package dev.tidemark.runner.time;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WatermarksTest {
    @Test
    void theSlowestInputDecides() {
        Watermarks watermarks = new Watermarks(2);

        assertThat(watermarks.raise(0, 10)).isFalse();
        assertThat(watermarks.raise(1, 5)).isTrue();

        assertThat(watermarks.minimum()).isEqualTo(5);
    }

    @Test
    void anInputNeverGoesBack() {
        Watermarks watermarks = new Watermarks(1);
        watermarks.raise(0, 10);

        assertThat(watermarks.raise(0, 3)).isFalse();

        assertThat(watermarks.minimum()).isEqualTo(10);
    }

    @Test
    void withoutInputsNothingCanCome() {
        assertThat(new Watermarks(0).minimum()).isEqualTo(Watermarks.MAX);
    }

    @Test
    void anInputThatReachesTheEndNoLongerHoldsTheOthers() {
        Watermarks watermarks = new Watermarks(2);
        watermarks.raise(0, Watermarks.MAX);

        assertThat(watermarks.raise(1, 7)).isTrue();
        assertThat(watermarks.minimum()).isEqualTo(7);
    }
}
