package io.parley.bridge.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.Effect;
import io.parley.bridge.MapRows;
import io.parley.bridge.state.Pointers;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.BlockChanged;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Cursor;
import io.parley.protocol.log.Detach;
import io.parley.protocol.log.ForgetDevice;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.ReportCursors;
import io.parley.protocol.log.SendMessage;
import io.parley.protocol.log.TellSignals;
import io.parley.protocol.wire.AddMembers;
import io.parley.protocol.wire.Attachment;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.CreateGroup;
import io.parley.protocol.wire.Delete;
import io.parley.protocol.wire.Describe;
import io.parley.protocol.wire.Edit;
import io.parley.protocol.wire.Leave;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.React;
import io.parley.protocol.wire.Receipt;
import io.parley.protocol.wire.RemoveMembers;
import io.parley.protocol.wire.Rename;
import io.parley.protocol.wire.Role;
import io.parley.protocol.wire.SetAddRight;
import io.parley.protocol.wire.SetAnnouncement;
import io.parley.protocol.wire.SetAvatar;
import io.parley.protocol.wire.SetReadReceipts;
import io.parley.protocol.wire.SetRetention;
import io.parley.protocol.wire.SetRole;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Random commands with duplicates, retries and restarts; {@code -Dseed=N} repeats one run. */
class ConversationRandomTest {
    static final List<String> USERS = List.of("ann", "ben", "cid", "dora", "eve");
    private static final int SEEDS = 2000;
    private static final int COMMANDS = 150;
    private static final ConversationCommand TELL = ConversationCommand.newBuilder()
            .setOrigin(Origin.newBuilder().setUser("ann"))
            .setTellSignals(TellSignals.getDefaultInstance())
            .build();

    @Test
    void any_commands_give_one_gapless_sequence_and_a_state_that_replays() {
        Long only = Long.getLong("seed");
        long first = only == null ? 1 : only;
        long last = only == null ? SEEDS : only;
        for (long seed = first; seed <= last; seed++) {
            try {
                new Run(seed).play();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("repeat with -Dseed=" + seed, e);
            }
        }
    }

    /** One conversation's life. */
    private static final class Run {
        private final Random random;
        private final ConversationId id;
        private final MapRows rows = new MapRows();
        private final List<Change> changes = new ArrayList<>();
        private final List<ChatEvent> events = new ArrayList<>();
        private final Map<String, Integer> seqOfId = new HashMap<>();
        private final Map<String, Receipt> stored = new HashMap<>();
        private final Set<String> takenIds = new HashSet<>();
        private final ConversationModel model;
        private final ConversationRules rules = new ConversationRules(ConversationLimits.defaults());
        private ConversationStore store;
        private long nowMillis = 1_700_000_000_000L;
        private int nextId;

        Run(long seed) {
            random = new Random(seed);
            id = random.nextInt(4) == 0 ? ConversationId.parse("ann~ben") : ConversationId.parse("g0123456789abc");
            store = new ConversationStore(id, rows);
            model = new ConversationModel(id);
        }

        void play() {
            if (!id.isDirect()) {
                step(command("ann")
                        .setCreateGroup(CreateGroup.newBuilder()
                                .addMembers("ben")
                                .addMembers("cid")
                                .build())
                        .build());
            }
            for (int i = 0; i < COMMANDS; i++) {
                nowMillis += random.nextInt(2000) - 200;
                step(next());
                if (random.nextInt(40) == 0) {
                    store = new ConversationStore(id, rows);
                }
            }
            sequenceIsGapless();
            replayedStateEqualsLiveState();
            aGroupWithMembersHasAnOwner();
            model.matches(store);
            storageKnowsEveryPointer();
        }

        private void step(ConversationCommand command) {
            boolean member = store.member(UserId.parse(command.getOrigin().getUser())) != null;
            Decision decision = rules.decide(store, command, nowMillis);
            int routes = store.routes().size();
            Map<String, Pointers> before = pointers();
            decision.changes().forEach(store::apply);
            pointersNeverMoveBack(before);
            changes.addAll(decision.changes());
            int delivered = 0;
            for (Effect effect : decision.effects()) {
                if (effect instanceof Effect.Publish publish) {
                    events.add(publish.event());
                    model.take(publish.event());
                    if (!publish.event().getId().isEmpty()) {
                        assertThat(member).as("only members send").isTrue();
                        assertThat(seqOfId.put(
                                        publish.event().getFrom() + "/"
                                                + publish.event().getId(),
                                        publish.event().getSeq()))
                                .as("one seq per message id")
                                .isNull();
                    }
                } else if (effect instanceof Effect.Deliver deliver
                        && deliver.delivery().hasEvent()) {
                    delivered++;
                } else if (effect instanceof Effect.StorePointers told) {
                    told.pointers().getPointersList().forEach(receipt -> stored.put(receipt.getUser(), receipt));
                }
            }
            everyPublicationIsAnsweredOrTakenOnce(command, decision);
            long published = decision.effects().stream()
                    .filter(Effect.Publish.class::isInstance)
                    .count();
            assertThat(delivered).as("each event goes once to each node").isEqualTo((int) published * routes);
        }

        private void everyPublicationIsAnsweredOrTakenOnce(ConversationCommand command, Decision decision) {
            if (!command.hasSendMessage()) {
                return;
            }
            String key = command.getOrigin().getUser() + "/"
                    + command.getSendMessage().getPublication().getId();
            if (takenIds.contains(key)) {
                assertThat(decision.changes()).as("taken once").isEmpty();
            } else {
                assertThat(decision.changes().size() + decision.effects().size())
                        .as("taken or refused")
                        .isPositive();
            }
            if (!decision.changes().isEmpty()) {
                takenIds.add(key);
            }
        }

        private ConversationCommand next() {
            String user = USERS.get(random.nextInt(USERS.size()));
            String other = USERS.get(random.nextInt(USERS.size()));
            Node node = Node.newBuilder()
                    .setSlot(random.nextInt(3))
                    .setEpoch(1 + random.nextInt(3))
                    .build();
            ConversationCommand.Builder command = command(user);
            return switch (random.nextInt(13)) {
                case 0 ->
                    command.setAddMembers(AddMembers.newBuilder().addUsers(other))
                            .build();
                case 1 ->
                    command.setRemoveMembers(RemoveMembers.newBuilder().addUsers(other))
                            .build();
                case 2 -> command.setLeave(Leave.getDefaultInstance()).build();
                case 3 ->
                    command.setOrigin(command.getOrigin().toBuilder().setNode(node))
                            .setAttach(Attach.newBuilder().setCleanStart(random.nextBoolean()))
                            .build();
                case 4 ->
                    command.setDetach(Detach.newBuilder().setNode(node).setOrdinal(random.nextInt(4)))
                            .build();
                case 5 ->
                    command.setReportCursors(ReportCursors.newBuilder()
                                    .addCursors(Cursor.newBuilder()
                                            .setUser(user)
                                            .setDevice("d")
                                            .setSeq(random.nextInt(200))
                                            .setRead(random.nextInt(100))))
                            .build();
                case 6 ->
                    random.nextBoolean()
                            ? random.nextBoolean() ? TELL : blocking(command, user, other)
                            : command.setForgetDevice(ForgetDevice.newBuilder()
                                            .setUser(user)
                                            .setDevice("d"))
                                    .build();
                case 7 -> setting(command, other).build();
                default -> {
                    int number = nextId > 0 && random.nextInt(3) == 0 ? random.nextInt(nextId) : nextId++;
                    yield command.setSendMessage(SendMessage.newBuilder()
                                    .setPublication(publication().setId("m" + number)))
                            .build();
                }
            };
        }

        /** Where only two are, it would end the conversation. */
        private ConversationCommand blocking(ConversationCommand.Builder command, String user, String other) {
            return id.isDirect()
                    ? TELL
                    : command.setBlockChanged(BlockChanged.newBuilder()
                                    .setBy(user)
                                    .setBlocked(random.nextBoolean())
                                    .addUsers(other))
                            .build();
        }

        private Publication.Builder publication() {
            // Mostly something that is there, or was.
            int target = random.nextInt(events.size() + 3);
            Publication.Builder publication = Publication.newBuilder();
            return switch (random.nextInt(8)) {
                case 0, 1 ->
                    publication.setEdit(Edit.newBuilder().setSeq(target).setText("edited"));
                case 2 -> publication.setDelete(Delete.newBuilder().setSeq(target));
                case 3, 4 ->
                    publication.setReact(React.newBuilder()
                            .setSeq(target)
                            .setEmoji(random.nextBoolean() ? "👍" : "❤️")
                            .setRemove(random.nextInt(3) == 0));
                case 5 -> publication.setText("t").setReplyTo(target);
                default -> publication.setText("t");
            };
        }

        private ConversationCommand.Builder setting(ConversationCommand.Builder command, String other) {
            Role role = Role.forNumber(random.nextInt(4));
            return switch (random.nextInt(10)) {
                case 0 -> command.setRename(Rename.newBuilder().setName("n" + random.nextInt(3)));
                case 1 -> command.setDescribe(Describe.newBuilder().setDescription("d" + random.nextInt(3)));
                case 2 ->
                    command.setSetAvatar(SetAvatar.newBuilder()
                            .setAttachment(Attachment.newBuilder().setId("a" + random.nextInt(3))));
                case 3 ->
                    command.setSetAnnouncement(SetAnnouncement.newBuilder().setOn(random.nextInt(4) == 0));
                case 4 -> command.setSetAddRight(SetAddRight.newBuilder().setRole(role));
                case 5 -> command.setSetRetention(SetRetention.newBuilder().setDays(random.nextInt(3)));
                case 6 ->
                    command.setSetReadReceipts(SetReadReceipts.newBuilder().setOn(random.nextBoolean()));
                default ->
                    command.setSetRole(SetRole.newBuilder().setUser(other).setRole(role));
            };
        }

        private static ConversationCommand.Builder command(String user) {
            return ConversationCommand.newBuilder()
                    .setOrigin(Origin.newBuilder().setUser(user).setDevice("d"));
        }

        private void sequenceIsGapless() {
            for (int i = 0; i < events.size(); i++) {
                assertThat(events.get(i).getSeq()).isEqualTo(i + 1);
                if (i > 0) {
                    assertThat(events.get(i).getAt().getSeconds())
                            .isGreaterThanOrEqualTo(events.get(i - 1).getAt().getSeconds());
                }
            }
            assertThat(store.head().getSeq()).isEqualTo(events.size());
        }

        private Map<String, Pointers> pointers() {
            Map<String, Pointers> pointers = new HashMap<>();
            USERS.forEach(user -> pointers.put(user, store.pointers(UserId.parse(user))));
            return pointers;
        }

        private void pointersNeverMoveBack(Map<String, Pointers> before) {
            pointers().forEach((user, now) -> {
                Pointers was = before.getOrDefault(user, Pointers.getDefaultInstance());
                assertThat(now.getDelivered()).isGreaterThanOrEqualTo(was.getDelivered());
                assertThat(now.getRead()).isGreaterThanOrEqualTo(was.getRead());
                assertThat(now.getRead()).as("what was read was received").isLessThanOrEqualTo(now.getDelivered());
                assertThat(now.getDelivered())
                        .as("what was received exists")
                        .isLessThanOrEqualTo(store.head().getSeq());
            });
        }

        private void storageKnowsEveryPointer() {
            step(TELL);
            assertThat(rows.keys("u|")).isEmpty();
            pointers().forEach((user, now) -> {
                Receipt known = stored.getOrDefault(user, Receipt.getDefaultInstance());
                assertThat(known.getDelivered()).isEqualTo(now.getDelivered());
                assertThat(known.getRead()).isEqualTo(now.getRead());
            });
        }

        private void replayedStateEqualsLiveState() {
            MapRows replayed = new MapRows();
            ConversationStore copy = new ConversationStore(id, replayed);
            changes.forEach(copy::apply);
            assertThat(replayed.content()).isEqualTo(rows.content());
        }

        private void aGroupWithMembersHasAnOwner() {
            if (!id.isDirect() && !store.members().isEmpty()) {
                assertThat(store.members()).anyMatch(user -> {
                    var member = store.member(user);
                    return member != null && member.getRole() == Role.OWNER;
                });
                assertThat(store.head().getMemberCount())
                        .isEqualTo(store.members().size());
            }
        }
    }
}
