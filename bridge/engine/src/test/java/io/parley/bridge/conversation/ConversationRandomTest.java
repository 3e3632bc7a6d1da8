package io.parley.bridge.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.audit.Seeds;
import io.parley.bridge.Effect;
import io.parley.bridge.MapRows;
import io.parley.bridge.conversation.admission.AdmissionRules;
import io.parley.bridge.conversation.machine.ConversationRules;
import io.parley.bridge.conversation.machine.ConversationStore;
import io.parley.bridge.conversation.retention.RetentionRules;
import io.parley.bridge.conversation.summary.SummaryRulesTest;
import io.parley.bridge.state.Pointers;
import io.parley.bridge.state.Position;
import io.parley.bridge.state.Route;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Attached;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Summary;
import io.parley.protocol.log.SweepConversation;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Presence;
import io.parley.protocol.wire.Receipt;
import io.parley.protocol.wire.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Random commands with duplicates, retries and restarts. */
class ConversationRandomTest {
    private static final int SEEDS = 1000;
    private static final int COMMANDS = 150;
    private static final int ACTIVE_DAYS = ConversationLimits.defaults().deviceActiveDays();
    private static final ConversationCommand SWEEP = ConversationCommand.newBuilder()
            .setSweepConversation(SweepConversation.getDefaultInstance())
            .build();

    private static final long ID_WINDOW_SECONDS = Duration.ofDays(7).toSeconds();

    @Test
    void any_commands_give_one_gapless_sequence_and_a_state_that_replays() {
        Seeds.play(SEEDS, seed -> new Run(seed).play());
    }

    /** One conversation's life. */
    private static final class Run {
        private final Random random;
        private final ConversationId id;
        private final MapRows rows = new MapRows();
        private final List<Change> changes = new ArrayList<>();
        private final List<ChatEvent> events = new ArrayList<>();
        private final Map<String, Long> takenAtSeconds = new HashMap<>();
        private final Map<String, Receipt> stored = new HashMap<>();
        private final Map<String, Presence> present = new HashMap<>();
        private final Set<String> discreet = new HashSet<>();
        private final ConversationModel model;
        private final DevicesModel devices;
        private final WakesModel wakes;
        private final ListeningNodes nodes;
        private final RandomCommands commands;
        private final RandomAnswers answers;
        private final AskingModel asking;
        private final ConversationRules rules;
        private final Duration dormancy;
        /** Rows whose window is over are dropped, and how long messages are kept never changes: what expired stays expired. */
        private final boolean sweeps;

        private ConversationStore store;
        private long nowMillis = 1_700_000_000_000L;
        private int storedPurged;

        Run(long seed) {
            random = new Random(seed);
            id = random.nextInt(4) == 0 ? ConversationId.parse("ann~ben") : ConversationId.parse("g0123456789abc");
            sweeps = random.nextBoolean();
            dormancy = Duration.ofHours(1 + random.nextInt(400));
            ConversationLimits limits = ConversationLimits.defaults();
            rules = new ConversationRules(new ConversationLimits(
                    limits.edit(),
                    limits.delete(),
                    limits.retentionDefaultDays(),
                    limits.retentionMaximumDays(),
                    limits.deviceActiveDays(),
                    limits.presenceMembers(),
                    limits.presenceBlocks(),
                    limits.sizes(),
                    dormancy));
            store = new ConversationStore(id, rows);
            model = new ConversationModel(id);
            devices = new DevicesModel(model, () -> store);
            wakes = new WakesModel(model, new CountsModel(model, () -> store), id.value());
            nodes = new ListeningNodes(model);
            commands = new RandomCommands(random, id, model::lastRemoval);
            answers = new RandomAnswers(random);
            asking = new AskingModel(id);
        }

        void play() {
            if (!id.isDirect()) {
                step(RandomCommands.create());
            }
            for (int i = 0; i < COMMANDS; i++) {
                nowMillis += random.nextInt(2000) - 200;
                if (random.nextInt(50) == 0) {
                    nowMillis += Duration.ofDays(random.nextInt(20)).toMillis();
                }
                ConversationCommand next = answers.isAnAnswer() ? answers.next() : commands.next(events.size());
                if (!sweeps || !next.hasSetRetention()) {
                    step(next);
                }
                if (sweeps && random.nextInt(3) == 0) {
                    sweep();
                }
                if (random.nextInt(40) == 0) {
                    store = new ConversationStore(id, rows);
                }
            }
            if (AdmissionRules.isBefore(store)) {
                step(RandomAnswers.over());
                assertThat(rows.keys(""))
                        .as("nothing was said, nothing is left")
                        .isEmpty();
            }
            everythingIsSweptInTheEnd();
            sequenceIsGapless();
            replayedStateEqualsLiveState();
            aGroupWithMembersHasAnOwner();
            model.matches(store);
            devices.matches();
            presenceAndPrivacyAreThoseOfMembers();
            storageKnowsEveryPointer();
            everybodyIsToldWhatIsUnreadAndPinned();
            nothingIsLeftOfWhoIsNoMember();
        }

        /** What is due by now is done. */
        private void sweep() {
            if (DueRows.due(rows, nowMillis, 9).stream().noneMatch(DueRows.Due::sweep)) {
                return;
            }
            boolean dormant = store.head().getAtMillis() + dormancy.toMillis() <= nowMillis;
            int days =
                    new RetentionRules(ConversationLimits.defaults()).of(store).getDays();
            do {
                step(SWEEP);
            } while (!store.head().getSwept().isEmpty());
            model.swept(store, nowMillis / 1000 - Duration.ofDays(days).toSeconds(), dormant);
            for (String user : RandomCommands.USERS) {
                if (!model.isMember(user)) {
                    assertThat(store.pointers(UserId.parse(user)))
                            .as("pointers of an ex-member")
                            .isEqualTo(Pointers.getDefaultInstance());
                    stored.remove(user);
                }
            }
        }

        private void everythingIsSweptInTheEnd() {
            if (!sweeps || AdmissionRules.isBefore(store)) {
                return;
            }
            // Longer than messages and ids are kept.
            for (int i = 0; i < 3; i++) {
                nowMillis += dormancy.plusDays(40).toMillis();
                sweep();
            }
            assertThat(store.head().getSweepDueMillis())
                    .as("nothing is left that could end")
                    .isZero();
            assertThat(rows.keys("d|" + id + "|")).as("no message comes again").isEmpty();
        }

        private void step(ConversationCommand command) {
            Decision decision = rules.decide(store, command, nowMillis);
            List<Route> routes = store.routes();
            int purgedBefore = store.head().getPurged();
            boolean watchedBefore = store.isWatched();
            decision.changes().forEach(change -> {
                purgesWhatAllHave(change);
                aCursorIsOfTheNewestSession(command, change);
                neverMovesBack(change);
                if (change instanceof Change.PinsExpired expired) {
                    model.pinsExpired(expired.through(), keptSinceSeconds());
                }
                store.apply(change);
            });
            changes.addAll(decision.changes());
            note(command, watchedBefore);
            decision.effects().forEach(this::take);
            membersTellWhoIsThereWhileANodeWatches(command, decision.effects(), watchedBefore);
            devices.take(command, decision.effects());
            answers.take(decision.effects());
            asking.take(command, decision, nowMillis);
            asking.matches(store);
            wakes.take(command, decision.effects(), nowMillis);
            wakes.matches(store);
            nodes.take(decision.effects(), routes);
            nodes.keep(store.routes());
            everyPublicationIsAnsweredOrTakenOnce(command, decision);
            if (!decision.changes().isEmpty()) {
                assertThat(store.head().getPurged()).isBetween(purgedBefore, events.size());
                assertThat(storedPurged).isEqualTo(store.head().getPurged());
            }
        }

        /** What members say of themselves, and by whom two are blocked. */
        private void note(ConversationCommand command, boolean watched) {
            model.declining(command.hasRemoveDeclined());
            noteBlock(command);
            if (AdmissionRules.isBefore(store)) {
                assertThat(rows.keys(""))
                        .as("nothing was said: only whether it may begin")
                        .allMatch(key -> key.startsWith("a|"));
                return;
            }
            if (command.hasPresenceChanged()) {
                Presence presence = command.getPresenceChanged().getPresence();
                if (watched && model.isMember(presence.getUser())) {
                    present.put(presence.getUser(), presence);
                }
            }
            if (command.hasPrivacyChanged()
                    && model.isMember(command.getPrivacyChanged().getUser())) {
                String user = command.getPrivacyChanged().getUser();
                boolean unused =
                        command.getPrivacyChanged().getWithoutReads() ? discreet.add(user) : discreet.remove(user);
            }
        }

        private void membersTellWhoIsThereWhileANodeWatches(
                ConversationCommand command, List<Effect> effects, boolean watchedBefore) {
            boolean watched = store.isWatched();
            assertThat(watched).isEqualTo(store.routes().stream().anyMatch(Route::getPresence));
            List<String> members =
                    RandomCommands.USERS.stream().filter(model::isMember).toList();
            List<String> said = effects.stream()
                    .filter(effect -> effect instanceof Effect.TellUser tell
                            && tell.command().hasWatchPresence())
                    .map(effect -> ((Effect.TellUser) effect).user() + " "
                            + ((Effect.TellUser) effect)
                                    .command()
                                    .getWatchPresence()
                                    .getOn())
                    .toList();
            if (watched != watchedBefore) {
                assertThat(said)
                        .containsExactlyInAnyOrderElementsOf(members.stream()
                                .map(user -> user + " " + watched)
                                .toList());
            } else if (command.hasPresenceChanged() && !watched) {
                String user = command.getPresenceChanged().getPresence().getUser();
                assertThat(said).isEqualTo(members.contains(user) ? List.of(user + " false") : List.of());
            } else {
                assertThat(said).isEmpty();
            }
            if (!watched) {
                present.clear();
            }
        }

        /** Where nothing was said a block is not remembered. */
        private void noteBlock(ConversationCommand command) {
            if (id.isDirect() && command.hasBlockChanged()) {
                boolean blocked = command.getBlockChanged().getBlocked();
                if (!events.isEmpty() || !blocked) {
                    model.block(command.getBlockChanged().getBy(), blocked);
                }
            }
        }

        private void take(Effect effect) {
            if (effect instanceof Effect.Publish publish) {
                published(publish.event());
            } else if (effect instanceof Effect.Deliver deliver
                    && deliver.delivery().hasAttached()) {
                attached(deliver.delivery().getAttached());
            } else if (effect instanceof Effect.StorePointers told) {
                told.pointers().getPointersList().forEach(receipt -> stored.put(receipt.getUser(), receipt));
                storedPurged = Math.max(storedPurged, told.pointers().getPurged());
            }
        }

        private void published(ChatEvent event) {
            events.add(event);
            model.take(event);
            devices.take(event);
            if (event.hasUserErased()) {
                String erased = event.getUserErased().getUser();
                takenAtSeconds.keySet().removeIf(key -> key.startsWith(erased + "/"));
                stored.remove(erased);
                present.remove(erased);
                discreet.remove(erased);
            }
            model.removedWith(event.getSeq()).forEach(user -> {
                present.remove(user);
                discreet.remove(user);
            });
        }

        private void attached(Attached answer) {
            assertThat(answer.getMember()).isEqualTo(model.isMember(answer.getUser()) && !answer.hasRefused());
            if (answer.getMember()) {
                assertThat(answer.getHead()).isEqualTo(events.size());
                assertThat(answer.getCursor())
                        .as("nothing that is gone")
                        .isBetween(store.head().getPurged(), events.size());
            }
        }

        private void everyPublicationIsAnsweredOrTakenOnce(ConversationCommand command, Decision decision) {
            if (command.hasSendMessage()) {
                aPublicationIsAnsweredOrTakenOnce(command, decision);
            }
            for (Change change : decision.changes()) {
                if (change instanceof Change.IdTaken taken) {
                    takenAtSeconds.put(taken.sender() + "/" + taken.messageId(), taken.atSeconds());
                }
            }
        }

        private void aPublicationIsAnsweredOrTakenOnce(ConversationCommand command, Decision decision) {
            String key = command.getOrigin().getUser() + "/"
                    + command.getSendMessage().getPublication().getId();
            Long at = takenAtSeconds.get(key);
            if (at != null && nowMillis / 1000 - at <= ID_WINDOW_SECONDS && isKnown()) {
                assertThat(decision.changes()).as("taken once").isEmpty();
                assertThat(decision.effects())
                        .as("and not refused the next time")
                        .isEmpty();
            } else {
                assertThat(decision.changes().size() + decision.effects().size())
                        .as("taken or refused")
                        .isPositive();
            }
        }

        /** Whether the conversation still is one: of a group that all left nothing is known. */
        private boolean isKnown() {
            return id.isDirect() || !store.members().isEmpty();
        }

        private void purgesWhatAllHave(Change change) {
            if (!(change instanceof Change.Purged purged)) {
                return;
            }
            assertThat(store.head().getRetention().hasUntilDelivered()).isTrue();
            int today = (int) Duration.ofMillis(nowMillis).toDays();
            for (UserId user : store.members()) {
                for (Position device : store.positions(user)) {
                    assertThat(today - device.getDay() > ACTIVE_DAYS || device.getSeq() >= purged.through())
                            .as("each active device of " + user + " has what goes")
                            .isTrue();
                }
                assertThat(!store.positions(user).isEmpty()
                                || store.pointers(user).getDelivered() >= purged.through()
                                || joined(user) > purged.through())
                        .as("what goes is not kept for the first device of " + user)
                        .isTrue();
            }
        }

        private void aCursorIsOfTheNewestSession(ConversationCommand command, Change change) {
            if (change instanceof Change.DeviceForgotten forgotten && command.hasForgetDevice()) {
                Position was = store.position(forgotten.user(), forgotten.device());
                long session = command.getForgetDevice().getSession();
                assertThat(was).isNotNull();
                assertThat(session == 0 || was == null || was.getSession() <= session)
                        .as("a later session keeps its cursor")
                        .isTrue();
            }
            if (!(change instanceof Change.CursorMoved moved)) {
                return;
            }
            Position was = store.position(moved.user(), moved.device());
            Position now = moved.position();
            assertThat(command.getAttach().getTransient() || command.getAttach().getRightsOnly())
                    .as("what keeps no cursor moves none")
                    .isFalse();
            assertThat(now.getSeq()).isLessThanOrEqualTo(events.size());
            assertThat(now.getSent()).isLessThanOrEqualTo(events.size());
            if (was == null) {
                assertThat(command.hasReportCursors()).as("a report makes none").isFalse();
                assertThat(now.getSent()).isZero();
                return;
            }
            assertThat(now.getSession()).isGreaterThanOrEqualTo(was.getSession());
            boolean sameSession = was.getSession() == 0 || was.getSession() == now.getSession();
            if (sameSession) {
                assertThat(now.getSent()).isGreaterThanOrEqualTo(was.getSent());
                assertThat(now.getSeq()).isGreaterThanOrEqualTo(was.getSeq());
            } else {
                assertThat(command.hasReportCursors())
                        .as("only coming moves it to another session")
                        .isFalse();
                assertThat(now.getSent()).as("nothing was sent yet").isZero();
            }
        }

        private int joined(UserId user) {
            var member = store.member(user);
            return member == null ? 0 : member.getJoined();
        }

        private void presenceAndPrivacyAreThoseOfMembers() {
            for (String user : RandomCommands.USERS) {
                assertThat(store.presence(UserId.parse(user))).isEqualTo(present.get(user));
            }
            assertThat(store.discreet().getUsersList()).containsExactlyInAnyOrderElementsOf(discreet);
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

        private void neverMovesBack(Change change) {
            if (change instanceof Change.PointersMoved moved) {
                Pointers was = store.pointers(moved.user());
                Pointers now = moved.pointers();
                assertThat(now.getDelivered())
                        .as("what was received exists")
                        .isBetween(was.getDelivered(), events.size());
                assertThat(now.getRead()).as("what was read was received").isBetween(was.getRead(), now.getDelivered());
            }
        }

        private void storageKnowsEveryPointer() {
            step(RandomCommands.tell());
            assertThat(rows.keys("u|")).isEmpty();
            if (isKnown()) {
                for (String user : RandomCommands.USERS) {
                    Pointers now = store.pointers(UserId.parse(user));
                    Receipt known = stored.getOrDefault(user, Receipt.getDefaultInstance());
                    assertThat(known.getDelivered()).isEqualTo(now.getDelivered());
                    assertThat(known.getRead()).isEqualTo(now.getRead());
                }
            }
        }

        private long keptSinceSeconds() {
            int days =
                    new RetentionRules(ConversationLimits.defaults()).of(store).getDays();
            return days == 0 ? 0 : nowMillis / 1000 - Duration.ofDays(days).toSeconds();
        }

        private void everybodyIsToldWhatIsUnreadAndPinned() {
            long sinceSeconds = keptSinceSeconds();
            for (String user : RandomCommands.USERS) {
                Summary told =
                        SummaryRulesTest.summary(rules.decide(store, SummaryRulesTest.summarize(user), nowMillis));
                assertThat(told.hasSummary()).isEqualTo(model.isMember(user));
                Unread unread = model.unread(
                        user,
                        store.pointers(UserId.parse(user)).getRead(),
                        store.head().getPurged(),
                        sinceSeconds);
                assertThat(new Unread(
                                told.getSummary().getUnread(), told.getSummary().getMentions()))
                        .as("what " + user + " has not read")
                        .isEqualTo(unread);
                assertThat(told.getSummary().getPinnedList())
                        .as("what " + user + " sees pinned")
                        .isEqualTo(model.pinned(user, store.head().getPurged(), sinceSeconds));
            }
        }

        private void nothingIsLeftOfWhoIsNoMember() {
            for (String user : RandomCommands.USERS) {
                if (!model.isMember(user)) {
                    for (String family : List.of("m|", "s|", "b|", "q|", "n|", "f|")) {
                        assertThat(rows.keys(family + id + "|" + user)).isEmpty();
                    }
                    assertThat(rows.keys("b|")).as("whom others block").noneMatch(key -> key.endsWith("|" + user));
                }
            }
            if (!isKnown()) {
                assertThat(rows.keys(""))
                        .as(
                                "only the head, where it is delivered and to which nodes, what is due, and what is owed to devices")
                        .allMatch(key -> "hrCycE".indexOf(key.charAt(0)) >= 0);
            }
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
            }
        }
    }
}
