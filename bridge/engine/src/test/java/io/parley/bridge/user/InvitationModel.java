package io.parley.bridge.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Timestamps;
import io.parley.bridge.Effect;
import io.parley.bridge.state.Invitation;
import io.parley.protocol.ConversationId;
import io.parley.protocol.log.JoinedConversation;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.Invited;
import io.parley.protocol.wire.Reply;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The groups into which ann is invited, told by the commands alone. */
final class InvitationModel {
    private final ConsentLimits limits;
    private final Map<String, Invitation> open = new TreeMap<>();

    InvitationModel(ConsentLimits limits) {
        this.limits = limits;
    }

    /**
     * Somebody added ann to a conversation.
     *
     * @param declined whether ann is no member with this
     * @param asked whether ann would be invited if declined
     */
    void joined(JoinedConversation joined, List<Effect> effects, boolean declined, boolean asked, long nowMillis) {
        List<Invited> told = replies(effects)
                .filter(Reply::hasInvited)
                .map(Reply::getInvited)
                .toList();
        if (!declined) {
            open.remove(joined.getConversation());
            assertThat(told).isEmpty();
            return;
        }
        if (!asked) {
            assertThat(told).isEmpty();
            return;
        }
        open.remove(joined.getConversation());
        while (open.size() >= limits.invitations()) {
            open.remove(open.entrySet().stream()
                    .min(Comparator.comparingLong(entry -> entry.getValue().getUntilMillis()))
                    .orElseThrow()
                    .getKey());
        }
        Invitation invitation = Invitation.newBuilder()
                .setBy(joined.getBy())
                .setUntilMillis(nowMillis + limits.kept().toMillis())
                .build();
        open.put(joined.getConversation(), invitation);
        assertThat(told).allMatch(invited -> invited.equals(shown(joined.getConversation(), invitation)));
    }

    void take(UserCommand command, List<Effect> effects, boolean full, long nowMillis) {
        switch (command.getCommandCase()) {
            case ERASE_USER -> {
                if (!command.getEraseUser().getMore()) {
                    open.clear();
                }
            }
            case INVITATIONS_OVER -> open.values().removeIf(invitation -> invitation.getUntilMillis() <= nowMillis);
            case ACCEPT_INVITATION -> {
                String group = command.getAcceptInvitation().getConversation();
                List<String> added = effects.stream()
                        .filter(effect -> effect instanceof Effect.TellConversation tell
                                && tell.command().hasAddInvited())
                        .map(effect -> ((Effect.TellConversation) effect).conversation() + " by "
                                + ((Effect.TellConversation) effect)
                                        .command()
                                        .getAddInvited()
                                        .getBy())
                        .toList();
                Invitation invitation = open.get(group);
                assertThat(added)
                        .isEqualTo(
                                invitation != null && isOpen(group, nowMillis) && !full
                                        ? List.of(group + " by " + invitation.getBy())
                                        : List.of());
            }
            case DECLINE_INVITATION -> {
                String group = command.getDeclineInvitation().getConversation();
                boolean was = isOpen(group, nowMillis);
                assertThat(replies(effects).anyMatch(Reply::hasOk)).isEqualTo(was);
                if (was) {
                    open.remove(group);
                }
            }
            case LIST_INVITATIONS ->
                assertThat(replies(effects).flatMap(reply -> reply.getInvitationsList().stream()))
                        .containsExactlyElementsOf(open.entrySet().stream()
                                .filter(entry -> isOpen(entry.getKey(), nowMillis))
                                .map(entry -> shown(entry.getKey(), entry.getValue()))
                                .toList());
            default -> {}
        }
    }

    /** Ann blocks one more user. */
    void blocked(String user) {
        open.values().removeIf(invitation -> invitation.getBy().equals(user));
    }

    private boolean isOpen(String group, long nowMillis) {
        Invitation invitation = open.get(group);
        return invitation != null && invitation.getUntilMillis() > nowMillis;
    }

    private static Invited shown(String group, Invitation invitation) {
        return Invited.newBuilder()
                .setConversation(group)
                .setBy(invitation.getBy())
                .setExpiresAt(Timestamps.fromMillis(invitation.getUntilMillis()))
                .build();
    }

    private static Stream<Reply> replies(List<Effect> effects) {
        return effects.stream()
                .filter(effect -> effect instanceof Effect.Deliver deliver
                        && deliver.delivery().hasReply())
                .map(effect -> ((Effect.Deliver) effect).delivery().getReply().getReply());
    }

    void matches(UserState state) {
        Map<String, Invitation> kept = new TreeMap<>();
        state.invitations()
                .forEach((ConversationId group, Invitation invitation) -> kept.put(group.value(), invitation));
        assertThat(kept).isEqualTo(open);
    }
}
