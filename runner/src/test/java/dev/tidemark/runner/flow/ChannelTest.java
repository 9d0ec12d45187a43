package dev.tidemark.runner.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ChannelTest {
    private final AtomicInteger consumerWoken = new AtomicInteger();
    private final AtomicInteger producerWoken = new AtomicInteger();
    private final Channel channel = new Channel(consumerWoken::incrementAndGet, producerWoken::incrementAndGet);

    @Test
    void signalsComeOutInTheOrderTheyWentIn() {
        for (int round = 0; round < 3 * Channel.CAPACITY; round++) {
            assertThat(channel.offer(new Signal.Watermark(2L * round))).isTrue();
            assertThat(channel.offer(new Signal.Watermark(2L * round + 1))).isTrue();
            assertThat(channel.poll()).isEqualTo(new Signal.Watermark(2L * round));
            assertThat(channel.poll()).isEqualTo(new Signal.Watermark(2L * round + 1));
        }
        assertThat(channel.poll()).isNull();
    }

    @Test
    void aFullRingRefusesAndWakesTheProducerWhenThereIsRoom() {
        for (int i = 0; i < Channel.CAPACITY; i++) {
            assertThat(channel.offer(new Signal.Watermark(i))).isTrue();
        }
        assertThat(channel.offer(new Signal.Watermark(99))).isFalse();
        assertThat(producerWoken).hasValue(0);

        assertThat(channel.poll()).isEqualTo(new Signal.Watermark(0));

        assertThat(producerWoken).hasValue(1);
        assertThat(channel.offer(new Signal.Watermark(99))).isTrue();
    }

    @Test
    void everySignalWakesTheConsumer() {
        assertThat(channel.offer(new Signal.EndOfInput())).isTrue();

        assertThat(consumerWoken).hasValue(1);
        assertThat(channel.isReadable()).isTrue();
    }

    @Test
    void twoThreadsLoseNothingAndSeeOneOrder() throws InterruptedException {
        int count = 200_000;
        Thread producer = new Thread(() -> {
            for (int i = 0; i < count; i++) {
                while (!channel.offer(new Signal.Watermark(i))) {
                    Thread.onSpinWait();
                }
            }
        });
        producer.start();
        for (int expected = 0; expected < count; expected++) {
            Signal signal = channel.poll();
            while (signal == null) {
                Thread.onSpinWait();
                signal = channel.poll();
            }
            assertThat(((Signal.Watermark) signal).millis()).isEqualTo(expected);
        }
        producer.join();
        assertThat(channel.poll()).isNull();
    }
}
