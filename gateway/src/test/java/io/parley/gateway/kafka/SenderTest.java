package io.parley.gateway.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SenderTest {
    private final Sender sender = new Sender(10_000);
    private final CountDownLatch kafkaIsBack = new CountDownLatch(1);
    private final List<Integer> sent = new CopyOnWriteArrayList<>();

    @AfterEach
    void end() {
        sender.close();
    }

    @Test
    void what_waits_is_bounded_in_bytes_and_keeps_its_order() throws Exception {
        sender.execute(1000, this::block);
        sender.execute(4000, () -> sent.add(1));
        sender.execute(3000, () -> sent.add(2));
        assertThatThrownBy(() -> sender.execute(4000, () -> sent.add(3)))
                .isInstanceOf(RejectedExecutionException.class);
        CountDownLatch done = new CountDownLatch(1);
        sender.execute(500, done::countDown);

        kafkaIsBack.countDown();
        done.await();
        sender.execute(5000, () -> sent.add(4));
        sender.close();

        assertThat(sent).containsExactly(1, 2, 4);
    }

    private void block() {
        try {
            kafkaIsBack.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
