package io.parley.bridge.user;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.Effect;
import io.parley.protocol.ConversationId;
import io.parley.protocol.log.AskForWake;
import io.parley.protocol.log.CloseConnection;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.log.WatchPresence;
import io.parley.protocol.wire.Presence;
import io.parley.protocol.wire.SetPrivacy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A user told by the commands alone: the sessions of the devices, and what conversations were told of the user. */
final class UserModel {
    private final long graceMillis;
    private final Set<ConversationId> conversations = new HashSet<>();
    private final Set<ConversationId> departed = new HashSet<>();
    private final SessionModel sessions = new SessionModel(conversations, departed);
    /** Who wants to know when the user comes and goes. */
    private final Set<ConversationId> watching = new HashSet<>();

    private final Map<ConversationId, Boolean> toldOnline = new HashMap<>();
    private final Map<ConversationId, Set<String>> toldBlocked = new HashMap<>();
    private final Set<String> blocked = new HashSet<>();
    private final AdmissionModel admission;
    private boolean hidden;
    private boolean discreet;
    private boolean online;
    private long goneMillis;

    UserModel(long graceMillis, UserLimits limits) {
        this.graceMillis = graceMillis;
        this.admission = new AdmissionModel(limits, conversations, blocked);
    }

    /** Whether a group could be founded with the last command. */
    boolean mayFound() {
        return admission.mayFound();
    }

    /** Takes a command and what it brought about, and fails if that should not be. */
    void take(UserCommand command, List<Effect> effects, long nowMillis) {
        List<String> attached = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        List<String> closed = new ArrayList<>();
        List<String> opened = new ArrayList<>();
        List<String> asked = new ArrayList<>();
        List<String> announced = new ArrayList<>();
        boolean before = sessions.isConnected();
        sessions.next();
        admission.take(command, effects, nowMillis);
        follow(command, nowMillis);
        for (Effect effect : effects) {
            if (effect instanceof Effect.TellConversation tell) {
                heard(tell.conversation(), tell.command(), attached, expected);
                if (tell.command().hasAskForWake()) {
                    AskForWake ask = tell.command().getAskForWake();
                    assertThat(ask.getUser()).isEqualTo("ann");
                    if (!ask.getSignals()) {
                        asked.add(SessionModel.asked(tell.conversation(), ask.getTold()));
                    }
                }
            } else if (effect instanceof Effect.Deliver deliver) {
                CloseConnection close = deliver.delivery().getClose();
                if (deliver.delivery().hasClose()) {
                    closed.add(deliver.slot() + " " + close.getDevice() + " " + close.getConnection());
                } else if (deliver.delivery().hasAttachingAll()) {
                    announced.addAll(deliver.delivery().getAttachingAll().getConversationsList());
                } else if (deliver.delivery().hasSessionOpened()) {
                    opened.add(SessionModel.opened(deliver.delivery().getSessionOpened()));
                }
            }
        }
        if (before && !sessions.isConnected()) {
            goneMillis = nowMillis;
        }
        // That the grace is over is seen when it is asked for.
        online = sessions.isConnected()
                || (online && !(command.hasGraceOver() && nowMillis >= goneMillis + graceMillis));
        online = online && !command.hasEraseUser();
        assertThat(attached).as("attached").containsExactlyInAnyOrderElementsOf(sessions.attached);
        assertThat(expected).as("expected").containsExactlyInAnyOrderElementsOf(sessions.expected);
        assertThat(closed).as("closed").containsExactlyInAnyOrderElementsOf(sessions.closed);
        assertThat(opened).as("answered").containsExactlyInAnyOrderElementsOf(sessions.opened);
        assertThat(asked).as("asked for wakes").containsExactlyInAnyOrderElementsOf(sessions.asked);
        assertThat(announced).as("announced").containsExactlyInAnyOrderElementsOf(sessions.announced);
    }

    private void follow(UserCommand command, long nowMillis) {
        Origin origin = command.getOrigin();
        switch (command.getCommandCase()) {
            case DEVICE_CONNECTED -> sessions.connected(origin, command.getDeviceConnected(), nowMillis);
            case DEVICE_DISCONNECTED -> sessions.disconnected(origin, command.getDeviceDisconnected(), nowMillis);
            case SUBSCRIBE -> sessions.subscribe(origin, command.getSubscribe());
            case UNSUBSCRIBE ->
                sessions.unsubscribe(origin, command.getUnsubscribe().getFiltersList());
            case SESSIONS_OVER -> sessions.timeIsOver(nowMillis);
            case NODE_GONE -> sessions.nodeGone(command.getNodeGone().getNode(), nowMillis);
            case JOINED_CONVERSATION -> {
                ConversationId joined =
                        ConversationId.parse(command.getJoinedConversation().getConversation());
                if (admission.declines(command.getJoinedConversation())) {
                    return;
                }
                conversations.add(joined);
                watching.add(joined);
                departed.remove(joined);
                sessions.joined(joined, command.getJoinedConversation().getSeq(), nowMillis);
            }
            case LEFT_CONVERSATION -> {
                ConversationId left =
                        ConversationId.parse(command.getLeftConversation().getConversation());
                conversations.remove(left);
                sessions.gone(left);
                if (command.getLeftConversation().getOwed()) {
                    departed.add(left);
                } else if (!departed.contains(left)) {
                    sessions.left(left);
                }
                toldOnline.remove(left);
                watching.remove(left);
                toldBlocked.remove(left);
            }
            case DRAINED_CONVERSATION -> {
                ConversationId drained =
                        ConversationId.parse(command.getDrainedConversation().getConversation());
                departed.remove(drained);
                if (!conversations.contains(drained)) {
                    sessions.left(drained);
                }
            }
            case GRACE_OVER -> {
                if (online && !sessions.isConnected() && nowMillis >= goneMillis + graceMillis) {
                    sessions.offline();
                }
            }
            case WATCH_PRESENCE -> watch(command.getWatchPresence());
            case WAKE -> sessions.wake(command.getWake(), nowMillis);
            case COUNTED -> sessions.counted(command.getCounted());
            case SETTLED -> sessions.settled(origin, command.getSettled());
            case REMOVE_DEVICE -> sessions.removed(command.getRemoveDevice().getDevice(), nowMillis);
            case REVOKE_TOKENS -> sessions.revoked();
            case ERASE_USER -> erase();
            case SET_PRIVACY -> {
                SetPrivacy wish = command.getSetPrivacy();
                boolean hides = wish.hasPresence() ? !wish.getPresence() : hidden;
                boolean silent = wish.hasReadReceipts() ? !wish.getReadReceipts() : discreet;
                if ((hides != hidden || silent != discreet) && admission.spendsSetting(nowMillis)) {
                    hidden = hides;
                    discreet = silent;
                }
            }
            case BLOCK -> {
                String user = command.getBlock().getUser();
                if (!blocked.contains(user) && admission.mayBlock() && admission.spendsSetting(nowMillis)) {
                    blocked.add(user);
                    admission.blocked(user);
                }
            }
            case UNBLOCK -> {
                String user = command.getUnblock().getUser();
                if (blocked.contains(user) && admission.spendsSetting(nowMillis)) {
                    blocked.remove(user);
                }
            }
            default -> {}
        }
    }

    private void watch(WatchPresence watch) {
        ConversationId conversation = ConversationId.parse(watch.getConversation());
        if (watch.getOn() && conversations.contains(conversation)) {
            watching.add(conversation);
        } else if (!watch.getOn()) {
            watching.remove(conversation);
            toldOnline.remove(conversation);
        }
    }

    /** Of two it stays a conversation of the user's name, and hears no more that they are there. */
    private void erase() {
        sessions.erased();
        List.copyOf(conversations).stream()
                .filter(conversation -> !conversation.isDirect())
                .forEach(group -> {
                    conversations.remove(group);
                    if (!departed.contains(group)) {
                        sessions.left(group);
                    }
                });
        toldOnline.clear();
        watching.clear();
        toldBlocked.keySet().removeIf(conversation -> !conversation.isDirect());
        blocked.clear();
        hidden = false;
        discreet = false;
    }

    private void heard(
            ConversationId conversation, ConversationCommand command, List<String> attached, List<String> expected) {
        if (command.hasAttach()) {
            Origin origin = command.getOrigin();
            attached.add(SessionModel.attach(
                    conversation, SessionModel.name(origin), origin.getSession(), command.getAttach()));
        } else if (command.hasExpectDevice()) {
            expected.add(conversation + " " + command.getExpectDevice());
        } else if (command.hasForgetDevice()) {
            sessions.forgotten(
                    conversation,
                    command.getForgetDevice().getDevice(),
                    command.getForgetDevice().getSession());
        } else if (command.hasPresenceChanged()) {
            Presence presence = command.getPresenceChanged().getPresence();
            assertThat(watching).as("only who wants to know is told").contains(conversation);
            toldOnline.put(conversation, presence.getOnline());
        } else if (command.hasBlockChanged() && (conversation.isDirect() || conversations.contains(conversation))) {
            Set<String> users = toldBlocked.computeIfAbsent(conversation, key -> new HashSet<>());
            List<String> named = command.getBlockChanged().getUsersList();
            boolean unused = command.getBlockChanged().getBlocked() ? users.addAll(named) : users.removeAll(named);
        }
    }

    /** An older engine had the user, and left no rows of what moved. */
    void nothingIsKnownOfWhatMoved() {
        sessions.nothingIsKnownOfWhatMoved();
    }

    void everySessionThatEndedIsForgotten() {
        sessions.everySessionThatEndedIsForgotten();
    }

    /** Fails unless the state holds what was said, and each conversation was told it. */
    void matches(UserState state) {
        sessions.matches(state);
        admission.matches(state);
        assertThat(state.conversations()).containsExactlyInAnyOrderElementsOf(conversations);
        assertThat(state.departed()).containsExactlyInAnyOrderElementsOf(departed);
        assertThat(state.watching()).containsExactlyInAnyOrderElementsOf(watching);
        for (ConversationId conversation : watching) {
            assertThat(toldOnline.getOrDefault(conversation, false))
                    .as("what " + conversation + " was told of the user's presence")
                    .isEqualTo(online && !hidden);
        }
        assertThat(state.blocked().getUsersList()).containsExactlyInAnyOrderElementsOf(blocked);
        for (ConversationId conversation : conversations) {
            if (!conversation.isDirect()) {
                assertThat(toldBlocked.getOrDefault(conversation, Set.of())).isEqualTo(blocked);
            }
        }
        toldBlocked.forEach((conversation, users) -> {
            if (conversation.isDirect()) {
                assertThat(users).allMatch(blocked::contains).hasSizeLessThanOrEqualTo(1);
            }
        });
        blocked.forEach(user -> assertThat(
                        toldBlocked.get(ConversationId.direct(state.id(), io.parley.protocol.UserId.parse(user))))
                .as("the conversation of the two knows the block")
                .contains(user));
    }
}
