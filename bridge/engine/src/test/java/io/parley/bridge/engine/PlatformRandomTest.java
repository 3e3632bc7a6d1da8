package io.parley.bridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.audit.Seeds;
import io.parley.bridge.state.Moved;
import io.parley.bridge.user.UserState;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.ErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Random runs of whole platforms: through lost connections, take-overs, removals, slow acknowledgements, dead nodes, restarted engines and outages of the
 * log and of the store every device gets everything that it may have, once and in order, and what was accepted is there once.
 */
final class PlatformRandomTest {
    private static final int RUNS = 500;
    private static final int LARGE_RUNS = 1;

    @Test
    void small_platforms() {
        Seeds.play(RUNS, seed -> {
            Random random = new Random(seed);
            play(random, 2 + random.nextInt(4), 1 + random.nextInt(2), 1 + random.nextInt(2), 300);
        });
    }

    @Test
    void a_thousand_devices() {
        Seeds.play(LARGE_RUNS, seed -> play(new Random(seed), 500, 2, 10, 4_000));
    }

    private static void play(Random random, int users, int devices, int groups, int steps) {
        SimulatedPlatform platform = new SimulatedPlatform(random, users, devices, groups);
        for (int i = 0; i < steps; i++) {
            platform.step();
        }
        platform.heal();
        platform.speakLast();
        platform.heal();
        Audit audit = new Audit(platform.log);
        platform.devices.forEach(audit::check);
        platform.unreadTotals().forEach(audit::unread);
        assertThat(platform.log.keysWith(SimulatedPlatform.STRANGER))
                .as("nothing is kept of who never connected")
                .isEmpty();
        assertThat(platform.log.keys())
                .as("no conversation is to begin any more")
                .noneMatch(key -> key.startsWith("a|"));
        assertThat(platform.traceOfVisitors()).isEmpty();
        if (users < 20 && random.nextInt(4) == 0) {
            playPushes(platform);
        }
    }

    /** Everybody has gone: each hears of the last word by push, and of no more when it is read. */
    private static void playPushes(SimulatedPlatform platform) {
        platform.allLeave();
        platform.speakLast();
        platform.allLeave();
        Audit audit = new Audit(platform.log);
        PushAudit pushes = new PushAudit(platform.log);
        audit.stays.forEach((conversation, stays) -> {
            Set<String> speakers = Set.of("owner", conversation.value().split("~", 2)[0]);
            stays.stream()
                    .filter(stay -> !stay.over() && !speakers.contains(stay.user()))
                    .forEach(stay -> pushes.checkNotified(stay.user(), conversation));
            pushes.checkRights(
                    conversation,
                    (user, seq) -> stays.stream()
                            .anyMatch(stay -> stay.user().equals(user) && stay.from() <= seq && seq <= stay.to()));
        });
        platform.allRead();
        new PushAudit(platform.log).checkNothingIsShown();
    }

    /** What happened, by the log, against what devices got. */
    private static final class Audit {
        private record Stay(String user, int from, int to, boolean over) {}

        private final SimulatedLog log;
        private final Map<ConversationId, List<ChatEvent>> events;
        private final Map<ConversationId, List<Stay>> stays = new HashMap<>();
        private final Map<String, ConversationId> messages = new HashMap<>();

        Audit(SimulatedLog log) {
            this.log = log;
            this.events = log.events();
            events.forEach(this::read);
        }

        private void read(ConversationId conversation, List<ChatEvent> log) {
            Map<String, Integer> members = new HashMap<>();
            if (conversation.isDirect()) {
                for (String user : conversation.value().split("~", -1)) {
                    members.put(user, 1);
                }
            }
            List<Stay> over = stays.computeIfAbsent(conversation, key -> new ArrayList<>());
            for (ChatEvent event : log) {
                int seq = event.getSeq();
                event.getGroupCreated().getMembersList().forEach(user -> members.put(user, seq));
                event.getMembersAdded().getUsersList().forEach(user -> members.put(user, seq));
                event.getMembersRemoved().getUsersList().forEach(user -> over.add(leave(user, members, seq)));
                if (event.hasText()) {
                    assertThat(messages.put(event.getId(), conversation))
                            .as("%s is there twice", event.getId())
                            .isNull();
                }
            }
            members.forEach((user, from) -> over.add(new Stay(user, from, log.size(), false)));
        }

        private static Stay leave(String user, Map<String, Integer> members, int seq) {
            Integer from = members.remove(user);
            assertThat(from).as("%s is a member until %s", user, seq).isNotNull();
            return new Stay(user, from == null ? seq : from, seq, true);
        }

        void check(SimulatedDevice device) {
            assertThat(device.isConnected()).as("%s is connected", device.id).isTrue();
            assertThat(device.open).as("%s: everything was answered", device.id).isEmpty();
            stays.forEach((conversation, all) -> {
                if (!device.wants(conversation)) {
                    assertThat(device.got).doesNotContainKey(conversation);
                } else if (device.isVisitor()) {
                    checkVisit(device, conversation, all);
                } else {
                    checkConversation(device, conversation, all);
                }
            });
            Set<ConversationId> strange = new HashSet<>(device.got.keySet());
            strange.removeAll(events.keySet());
            assertThat(strange).isEmpty();
            device.accepted.forEach(message -> {
                ErrorCode refused = log.refused(message.id());
                assertThat(message.conversation().value())
                        .as("%s is for who never connected", message)
                        .doesNotContain(SimulatedPlatform.STRANGER);
                if (message.conversation().isDirect() && refused != null) {
                    assertThat(refused).as("%s waited too long", message).isEqualTo(ErrorCode.UNAVAILABLE);
                } else if (!messages.containsKey(message.id())) {
                    assertThat(stays.getOrDefault(message.conversation(), List.of()))
                            .as("%s is lost", message)
                            .noneMatch(stay -> isAlways(device, stay));
                }
            });
            device.refused.stream()
                    .filter(message -> message.conversation().isDirectMember(device.id.user()))
                    .forEach(message -> assertThat(message.conversation().value())
                            .as("%s may begin its conversation", message)
                            .contains(SimulatedPlatform.STRANGER));
        }

        /** The user machine knows what it was told, and what it was told is so where nothing moved. */
        void unread(UserId user, int total) {
            UserState known = log.user(user);
            int all = 0;
            for (ConversationId conversation : known.conversations()) {
                int read = log.conversation(conversation).pointers(user).getRead();
                int unread = stays.getOrDefault(conversation, List.of()).stream()
                        .filter(stay -> stay.user().equals(user.value()) && !stay.over())
                        .mapToInt(stay -> unread(conversation, stay, read))
                        .sum();
                int told = known.unread(conversation).getUnread();
                assertThat(told)
                        .as("what %s was told by %s", user, conversation)
                        .isEqualTo(log.conversation(conversation).told(user).messages());
                Moved moved = known.moved(conversation);
                if (moved == null || moved.getCounted()) {
                    assertThat(told)
                            .as("unread by %s in %s, where nothing came", user, conversation)
                            .isEqualTo(unread);
                }
                all += unread;
            }
            assertThat(total).as("what %s has not read", user).isEqualTo(all);
        }

        private int unread(ConversationId conversation, Stay stay, int read) {
            List<ChatEvent> all = log.events(conversation);
            return (int) all.subList(Math.min(all.size(), Math.max(read, stay.from() - 1)), all.size()).stream()
                    .filter(event -> event.hasText() && !event.getFrom().equals(stay.user()))
                    .count();
        }

        private boolean isAlways(SimulatedDevice device, Stay stay) {
            return stay.user().equals(device.id.user().value()) && stay.from() == 1 && !stay.over();
        }

        /** From some event on everything, up to the last one; and nothing of a time when the user was no member. */
        private static void checkVisit(SimulatedDevice device, ConversationId conversation, List<Stay> all) {
            List<Stay> own = all.stream()
                    .filter(stay -> stay.user().equals(device.id.user().value()))
                    .toList();
            List<Integer> got = device.got.getOrDefault(conversation, List.of());
            assertThat(got).allMatch(seq -> own.stream().anyMatch(stay -> stay.from() <= seq && seq <= stay.to()));
            own.stream().filter(stay -> !stay.over()).forEach(stay -> {
                List<Integer> now =
                        got.stream().filter(seq -> seq >= stay.from()).toList();
                assertThat(now)
                        .as("%s in %s, in %s", device.id, conversation, stay)
                        .isNotEmpty()
                        .isEqualTo(IntStream.rangeClosed(now.isEmpty() ? stay.to() : now.get(0), stay.to())
                                .boxed()
                                .toList());
            });
        }

        private void checkConversation(SimulatedDevice device, ConversationId conversation, List<Stay> all) {
            List<Integer> got = device.got.getOrDefault(conversation, List.of());
            List<Integer> expected = new ArrayList<>();
            for (Stay stay : all) {
                if (stay.user().equals(device.id.user().value()) && isOwed(device, conversation, stay, got)) {
                    for (int seq = stay.from(); seq <= stay.to(); seq++) {
                        expected.add(seq);
                    }
                }
            }
            assertThat(got)
                    .as("%s in %s, with the stays %s", device.id, conversation, all)
                    .isEqualTo(expected);
        }

        /** Who was removed before the conversation heard of the device gets nothing, or everything. */
        private boolean isOwed(SimulatedDevice device, ConversationId conversation, Stay stay, List<Integer> got) {
            return !stay.over()
                    || got.contains(stay.from())
                    || log.places(conversation, device.id.toString()).stream()
                            .anyMatch(place -> place >= stay.from() && place < stay.to());
        }
    }
}
