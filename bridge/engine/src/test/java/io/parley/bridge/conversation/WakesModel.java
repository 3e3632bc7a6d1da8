package io.parley.bridge.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.bridge.Effect;
import io.parley.bridge.state.Waking;
import io.parley.protocol.UserId;
import io.parley.protocol.log.AskForWake;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Cursor;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.log.Wake;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Receipt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Who is to be woken by what, told by who asked and by what came since: each once for each time of asking. */
final class WakesModel {
    private static final ByteString SMALL = ByteString.copyFromUtf8("an event");

    private final ConversationModel model;
    private final CountsModel counts;
    private final String conversation;
    /** Who asked, and whether a signal is to wake, too. */
    private final Map<String, Boolean> asked = new TreeMap<>();

    private final List<String> expected = new ArrayList<>();
    private int head;
    private boolean untilDelivered;

    /**
     * @param model knows the members
     * @param counts knows what is unread
     */
    WakesModel(ConversationModel model, CountsModel counts, String conversation) {
        this.model = model;
        this.counts = counts;
        this.conversation = conversation;
    }

    /** Takes a command and what it brought about, and fails if somebody was woken who should not be, or was not. */
    void take(ConversationCommand command, List<Effect> effects, long nowMillis) {
        expected.clear();
        counts.next(nowMillis);
        int before = head;
        List<String> woken = new ArrayList<>();
        List<UserId> gone = new ArrayList<>();
        List<UserId> came = new ArrayList<>();
        for (Effect effect : effects) {
            if (effect instanceof Effect.Publish publish) {
                event(publish.event(), head == before);
            } else if (effect instanceof Effect.StorePointers told && command.hasTellSignals()) {
                signal(told.pointers().getPointersList().stream()
                        .map(Receipt::getUser)
                        .filter(model::isMember)
                        .toList());
            } else if (effect instanceof Effect.TellUser tell) {
                UserCommand said = tell.command();
                if (said.hasWake()) {
                    Wake wake = withoutNotice(tell.user(), withoutBytes(said.getWake()));
                    woken.add(named(
                            tell.user().value(),
                            model.isMember(tell.user().value()) || wake.getRemoved()
                                    ? wake
                                    : wake.toBuilder()
                                            .clearUnread()
                                            .clearMentions()
                                            .build()));
                    assertThat(gone).as("woken before the removal is told").doesNotContain(tell.user());
                    assertThat(came).as("woken before the coming is told").isEmpty();
                    assertThat(said.getWake().getSeq())
                            .as("of an event that is sequenced by then")
                            .isLessThanOrEqualTo(head);
                } else if (said.hasLeftConversation()) {
                    gone.add(tell.user());
                } else if (said.hasJoinedConversation()) {
                    came.add(tell.user());
                }
            }
        }
        switch (command.getCommandCase()) {
            case REPORT_CURSORS -> command.getReportCursors().getCursorsList().forEach(this::settled);
            case ASK_FOR_WAKE -> asked(command.getAskForWake());
            case TYPING_NOW -> {
                String user = command.getOrigin().getUser();
                if (command.getTypingNow().getTyping() && model.isMember(user) && !model.isBlocked()) {
                    signal(List.of(user));
                }
            }
            default -> {}
        }
        assertThat(woken).as("woken").containsExactlyInAnyOrderElementsOf(expected);
        counts.take(asked.keySet(), effects);
    }

    private void event(ChatEvent event, boolean first) {
        if (first) {
            String erased = event.getUserErased().getUser();
            asked.keySet().stream().filter(user -> !user.equals(erased)).forEach(user -> {
                boolean removed = model.removedWith(event.getSeq()).contains(user);
                Wake.Builder wake = wake(head, event.getSeq()).setEvent(SMALL).setRemoved(removed);
                // Whom a second event removes is told so after that.
                expect(user, model.isMember(user) ? counts.with(user, wake, event) : wake);
            });
            asked.clear();
        }
        head = event.getSeq();
        if (event.hasRetentionChanged()) {
            untilDelivered = event.getRetentionChanged().getRetention().hasUntilDelivered();
        }
    }

    private void settled(Cursor cursor) {
        String user = cursor.getUser();
        // Where nothing was said nothing is remembered.
        if (head == 0 || !model.isMember(user) || !cursor.hasSettled()) {
            return;
        }
        if (cursor.getSettled() < head) {
            expect(user, counts.with(user, wake(cursor.getSettled(), head)));
        } else {
            counts.anew(user);
            asked.merge(user, cursor.getSignals(), Boolean::logicalOr);
        }
    }

    private void asked(AskForWake ask) {
        if (head == 0 || !model.isMember(ask.getUser())) {
            return;
        }
        if (ask.getSignals()) {
            if (asked.containsKey(ask.getUser())) {
                counts.anew(ask.getUser());
                asked.put(ask.getUser(), true);
            }
        } else if (ask.getTold() < head) {
            expect(ask.getUser(), counts.with(ask.getUser(), wake(ask.getTold(), head)));
        } else {
            counts.anew(ask.getUser());
            asked.putIfAbsent(ask.getUser(), false);
        }
    }

    private void signal(List<String> by) {
        asked.replaceAll((user, signals) -> {
            if (signals && by.stream().anyMatch(other -> !other.equals(user))) {
                expect(user, wake(head, head).setSignal(true));
                return false;
            }
            return signals;
        });
    }

    private Wake.Builder wake(int since, int seq) {
        return Wake.newBuilder()
                .setConversation(conversation)
                .setSince(since)
                .setSeq(seq)
                .setUntilDelivered(untilDelivered);
    }

    private void expect(String user, Wake.Builder wake) {
        expected.add(named(user, wake.build()));
    }

    /** The event goes with its wake. */
    private static Wake withoutBytes(Wake wake) {
        if (wake.getEvent().isEmpty()) {
            return wake;
        }
        try {
            assertThat(ChatEvent.parseFrom(wake.getEvent()).getSeq()).isEqualTo(wake.getSeq());
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
        return wake.toBuilder().setEvent(SMALL).build();
    }

    /** With a message of another goes what can be shown of it. */
    private static Wake withoutNotice(UserId user, Wake wake) {
        if (wake.hasNotice()) {
            assertThat(wake.getNotice().getSeq()).isEqualTo(wake.getSeq());
            assertThat(wake.getNotice().getSender()).isNotEqualTo(user.value());
        }
        return wake.toBuilder().clearNotice().build();
    }

    private static String named(String user, Wake wake) {
        return user + " " + wake;
    }

    /** Fails unless the state knows just those who asked since they were woken, none of whom left. */
    void matches(ConversationState state) {
        Map<String, Boolean> waking = new TreeMap<>();
        state.waking().forEach((user, how) -> waking.put(user.value(), how.getSignals()));
        assertThat(waking).as("who is to be woken").isEqualTo(asked);
        for (String user : RandomCommands.USERS) {
            Waking one = state.waking(UserId.parse(user));
            assertThat(one == null ? null : one.getSignals()).isEqualTo(asked.get(user));
        }
        assertThat(asked.keySet()).allMatch(model::isMember);
        counts.matches();
    }
}
