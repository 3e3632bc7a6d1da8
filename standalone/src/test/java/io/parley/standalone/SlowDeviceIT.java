package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ChatEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A device that stops acknowledging, in a group with others. Its story is played once; each test looks at one side of it. */
@WithPlatform
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class SlowDeviceIT {
    /** With the event that made the group; more than any window. */
    private static final int HEAD = 301;

    private static final int ACKNOWLEDGED = 11;
    private static final int WINDOW = 100;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** How long it leaves a message unacknowledged: longer than a node waits for anything. */
    private static final Duration PATIENCE = Duration.ofSeconds(32);

    private final Platform platform;

    private boolean ended;
    private Duration others;
    private List<ChatEvent> bySlow;
    private List<ChatEvent> byTablet;
    private List<ChatEvent> byCarol;
    private List<ChatEvent> afterReconnect;

    SlowDeviceIT(Platform platform) {
        this.platform = platform;
    }

    @BeforeAll
    void play() throws Exception {
        AtomicLong firstLeft = new AtomicLong();
        try (HiveDevice alice = HiveDevice.connect(platform, "slow-alice/phone");
                HiveDevice carol = HiveDevice.connect(platform, "slow-carol/phone");
                HiveDevice tablet = HiveDevice.connect(platform, "slow-bob/tablet");
                HiveDevice slow = HiveDevice.connect(platform, "slow-bob/phone", event -> {
                    boolean acknowledges = event.getSeq() <= ACKNOWLEDGED;
                    if (!acknowledges) {
                        firstLeft.compareAndSet(0, System.nanoTime());
                    }
                    return acknowledges;
                })) {
            ConversationId group = alice.createGroup("slow", UserId.parse("slow-bob"), UserId.parse("slow-carol"));
            for (HiveDevice member : List.of(carol, tablet, slow)) {
                member.subscribe(group);
            }
            for (int i = 2; i <= HEAD; i++) {
                alice.send(group, "m" + i, "message " + i);
            }
            long sent = System.nanoTime();
            await().atMost(LIMIT).until(() -> carol.count() >= HEAD && tablet.count() >= HEAD);
            others = since(sent, System.nanoTime());
            await().atMost(LIMIT)
                    .until(() -> since(firstLeft.get(), System.nanoTime()).compareTo(PATIENCE) > 0);
            // Answered by a connection that still lives.
            slow.subscribe(group);
            ended = slow.ended().isDone();
            bySlow = slow.events();
            byCarol = carol.events();
            byTablet = tablet.events();
            afterReconnect = reconnect(group, alice);
        }
    }

    private List<ChatEvent> reconnect(ConversationId group, HiveDevice alice) throws Exception {
        try (HiveDevice again = HiveDevice.connect(platform, "slow-bob/phone")) {
            again.subscribe(group);
            alice.send(group, "last", "last");
            await().atMost(LIMIT).until(() -> seqs(again.events()).contains(HEAD + 1));
            return again.events();
        }
    }

    @Test
    void a_device_that_does_not_acknowledge_stays_connected() {
        assertThat(ended).isFalse();
    }

    @Test
    void it_is_sent_no_more_than_its_window_beyond_what_it_acknowledged() {
        assertThat(seqs(bySlow)).isEqualTo(from(1, ACKNOWLEDGED + WINDOW));
    }

    @Test
    void the_other_devices_of_the_group_get_everything_within_five_seconds() {
        assertThat(others).isLessThan(Duration.ofSeconds(5));
        assertThat(seqs(byCarol)).isEqualTo(from(1, HEAD));
        assertThat(seqs(byTablet)).isEqualTo(from(1, HEAD));
    }

    @Test
    void after_its_reconnect_it_gets_everything_from_its_cursor() {
        assertThat(seqs(afterReconnect)).isEqualTo(from(ACKNOWLEDGED + 1, HEAD + 1));
    }

    private static List<Integer> seqs(List<ChatEvent> events) {
        return events.stream().map(ChatEvent::getSeq).toList();
    }

    private static List<Integer> from(int first, int last) {
        return IntStream.rangeClosed(first, last).boxed().toList();
    }

    private static Duration since(long startNanos, long endNanos) {
        return Duration.ofNanos(endNanos - startNanos);
    }
}
