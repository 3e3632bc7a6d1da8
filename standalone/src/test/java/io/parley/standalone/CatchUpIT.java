package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ChatEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A device that was away for long. */
@WithPlatform
@Tag("quiet")
class CatchUpIT extends ConversationChecks {
    private static final int MESSAGES = 50_000;
    private static final int IN_FLIGHT = 100;
    private static final long LIMIT_MIB = 100;
    private static final Duration LONG_LIMIT = Duration.ofMinutes(2);
    private static final ConversationId CONVERSATION =
            ConversationId.direct(UserId.parse("catchup-alice"), UserId.parse("catchup-bob"));

    private final Platform platform;

    CatchUpIT(Platform platform) {
        super(platform);
        this.platform = platform;
    }

    @Test
    void a_device_that_was_away_when_a_conversation_began_gets_all_of_it() throws Exception {
        UserId carol = UserId.parse("catchup-carol");
        try (HiveDevice tablet = HiveDevice.connect(platform, carol + "/tablet")) {
            tablet.subscribeToAll();
        }
        ConversationId group;
        try (HiveDevice phone = HiveDevice.connect(platform, carol + "/phone");
                HiveDevice dave = HiveDevice.connect(platform, "catchup-dave/phone")) {
            phone.subscribeToAll();
            group = dave.createGroup("new", carol);
            dave.send(group, "m1", "one");
            dave.send(group, "m2", "two");
            awaitEvents(phone, 3);
            ConversationId began = group;
            await().atMost(LIMIT)
                    .until(() -> history(carol).conversations().getConversationsList().stream()
                            .anyMatch(each -> each.getId().equals(began.value()) && each.getDelivered() == 3));
        }
        try (HiveDevice tablet = HiveDevice.connect(platform, carol + "/tablet")) {
            tablet.subscribeToAll();
            awaitEvents(tablet, 3);
            assertThat(tablet.events()).extracting(ChatEvent::getSeq).containsExactly(1, 2, 3);
        }
    }

    @Test
    @Timeout(value = 4, unit = TimeUnit.MINUTES)
    void a_device_catches_up_with_fifty_thousand_messages_in_order_and_in_flat_memory() throws Exception {
        long start = System.nanoTime();
        try (HiveDevice bob = HiveDevice.connect(platform, "catchup-bob/phone")) {
            bob.subscribe(CONVERSATION);
        }
        try (HiveDevice alice = HiveDevice.connect(platform, "catchup-alice/phone")) {
            publishAll(alice);
        }
        long published = System.nanoTime();

        long pid = platform.pid(RoleName.BROKER);
        long before = ResidentMemory.mib(pid);
        long peak;
        List<ChatEvent> events;
        try (HiveDevice bob = HiveDevice.connect(platform, "catchup-bob/phone")) {
            bob.subscribe(CONVERSATION);
            peak = peakUntil(bob, MESSAGES, pid);
            // What follows the last message proves that nothing comes twice after it.
            bob.send(CONVERSATION, "end", String.valueOf(MESSAGES + 1));
            peak = Math.max(peak, peakUntil(bob, MESSAGES + 1, pid));
            events = bob.events();
        }
        long caughtUp = System.nanoTime();

        System.out.printf(
                "catch-up: %d published in %.1f s, %d received in %.1f s, broker %d MiB before, %d MiB at its peak%n",
                MESSAGES, seconds(published - start), events.size(), seconds(caughtUp - published), before, peak);
        List<Integer> all = IntStream.rangeClosed(1, MESSAGES + 1).boxed().toList();
        assertThat(events.stream().map(ChatEvent::getSeq).toList()).isEqualTo(all);
        assertThat(events.stream()
                        .map(event -> Integer.valueOf(event.getText()))
                        .toList())
                .isEqualTo(all);
        assertThat(peak - before).as("MiB that the broker grew by").isLessThanOrEqualTo(LIMIT_MIB);
    }

    private static void publishAll(HiveDevice alice) throws InterruptedException {
        Semaphore free = new Semaphore(IN_FLIGHT);
        AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
        for (int i = 1; i <= MESSAGES; i++) {
            free.acquire();
            var unused = alice.publish(CONVERSATION, "m" + i, String.valueOf(i)).whenComplete((result, failure) -> {
                if (failure != null) {
                    failed.compareAndSet(null, failure);
                }
                free.release();
            });
        }
        free.acquire(IN_FLIGHT);
        assertThat(failed.get()).isNull();
    }

    private static long peakUntil(HiveDevice device, int count, long pid) {
        long[] peak = {0};
        await().atMost(LONG_LIMIT).pollInterval(Duration.ofMillis(100)).until(() -> {
            peak[0] = Math.max(peak[0], ResidentMemory.mib(pid));
            return device.count() >= count;
        });
        return peak[0];
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }
}
