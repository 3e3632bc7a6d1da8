package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A process that is told to stop while it has much to do. */
@WithPlatform
class OrderlyStopIT {
    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final ConversationId CONVERSATION =
            ConversationId.direct(UserId.parse("stop-amy"), UserId.parse("stop-ben"));

    private final Platform platform;

    OrderlyStopIT(Platform platform) {
        this.platform = platform;
    }

    @Test
    void a_broker_node_stops_under_load_without_an_error_and_loses_nothing() throws Exception {
        RoleLog log = RoleLog.fromNowOn(platform, RoleName.BROKER);
        try (LoadProcess load =
                LoadProcess.start(platform, "--devices=40", "--rate=100", "--warmup=3", "--seconds=25")) {
            load.awaitMeasuring();

            platform.restart(RoleName.BROKER);

            assertThat(load.finish()).contains("no anomalies");
            assertThat(load.exitCode()).isZero();
        }
        assertNoError(log);
    }

    @Test
    void a_broker_node_stops_without_an_error_while_kafka_hangs() throws Exception {
        RoleLog log = RoleLog.fromNowOn(platform, RoleName.BROKER);
        long pid = platform.pid(RoleName.BROKER);
        CompletableFuture<Void> restarted;
        try (HiveDevice device = HiveDevice.connect(platform, "stop-amy/phone")) {
            device.send(CONVERSATION, "m0", "the way is open");
            try (HeldProcess kafka = HeldProcess.hold(platform.pid(RoleName.KAFKA))) {
                List<CompletableFuture<?>> open = IntStream.rangeClosed(1, 20)
                        .<CompletableFuture<?>>mapToObj(i -> device.publish(CONVERSATION, "m" + i, "text"))
                        .toList();

                restarted = CompletableFuture.runAsync(this::restartBroker);

                await().atMost(LIMIT).until(() -> ProcessHandle.of(pid).isEmpty());
                assertThat(kafka.isStopped()).isTrue();
                assertThat(open).noneMatch(publish -> publish.isDone() && !publish.isCompletedExceptionally());
            }
        }
        restarted.join();
        assertNoError(log);
    }

    private void restartBroker() {
        try {
            platform.restart(RoleName.BROKER);
        } catch (PlatformException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertNoError(RoleLog log) throws IOException {
        assertThat(log.text())
                .contains("devices may connect")
                .doesNotContain("RejectedExecutionException", " ERROR ", "\tat ", "did not stop in time");
    }
}
