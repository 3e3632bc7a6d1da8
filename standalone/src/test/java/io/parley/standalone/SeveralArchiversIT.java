package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ChatEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Archivers come, are killed and leave while messages are written: history has all of them, in the order in which they were delivered. */
@WithPlatform
class SeveralArchiversIT extends ConversationChecks {
    private static final UserId ANN = UserId.parse("several-ann");
    private static final UserId BEN = UserId.parse("several-ben");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int GROUPS = 4;

    SeveralArchiversIT(Platform platform) {
        super(platform);
    }

    @Test
    void history_is_what_was_delivered_while_archivers_come_die_and_go() throws Exception {
        try (HiveDevice ann = HiveDevice.connect(platform(), ANN + "/phone")) {
            List<ConversationId> groups = new ArrayList<>();
            // A device for each group: what it gets is the group's.
            List<HiveDevice> listeners = new ArrayList<>();
            for (int i = 0; i < GROUPS; i++) {
                listeners.add(HiveDevice.connect(platform(), BEN + "/phone-" + i));
                groups.add(ann.createGroup("group " + i, BEN));
                listeners.get(i).subscribe(groups.get(i));
            }
            int messages = whileTalking(ann, groups, () -> {
                try (SecondArchiver second = SecondArchiver.start(platform())) {
                    await().atMost(PATIENCE).until(() -> second.rows() > 0);
                    second.kill();
                    second.startAgain();
                    await().atMost(PATIENCE).until(() -> second.rows() > 0);
                }
                return true;
            });

            for (int i = 0; i < GROUPS; i++) {
                HiveDevice listener = listeners.get(i);
                await().atMost(PATIENCE).until(() -> listener.count() >= messages);
                await().atMost(PATIENCE)
                        .ignoreExceptions()
                        .until(() -> history(BEN)
                                        .after(groups.get(listeners.indexOf(listener)), 0)
                                        .getHead()
                                == messages + 1);
                List<ChatEvent> stored = history(BEN).all(groups.get(i));
                assertThat(stored).hasSize(messages + 1);
                assertThat(stored.subList(1, stored.size())).isEqualTo(last(messages, listener.events()));
                listener.close();
            }
        }
    }

    /** Without how the group began, which a device may have or not. */
    private static List<ChatEvent> last(int count, List<ChatEvent> events) {
        return events.subList(events.size() - count, events.size());
    }

    private static int whileTalking(HiveDevice ann, List<ConversationId> groups, Callable<Boolean> work)
            throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Integer> rounds = CompletableFuture.supplyAsync(() -> talk(ann, groups, over));
        try {
            assertThat(work.call()).isTrue();
        } finally {
            over.set(true);
        }
        return rounds.get(30, TimeUnit.SECONDS);
    }

    /** One message after the other in each group. Returns how many in each. */
    private static int talk(HiveDevice ann, List<ConversationId> groups, AtomicBoolean over) {
        int round = 0;
        while (!over.get()) {
            round++;
            for (ConversationId group : groups) {
                try {
                    ann.send(group, "m" + round, "round " + round);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        }
        return round;
    }
}
