package io.parley.bridge.user;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.Effect;
import io.parley.bridge.user.admission.Spending;
import io.parley.protocol.ConversationId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.JoinedConversation;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.ErrorCode;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which conversations ann's machine admits, told by the commands alone. */
final class AdmissionModel {
    private final UserLimits limits;
    private final Set<ConversationId> conversations;
    private final Set<String> blocked;
    private final InvitationModel invitations;
    private boolean known;
    private boolean mayFound;
    private long conversationsUntil;
    private long groupsUntil;
    private long settingsUntil;

    /**
     * @param conversations those that ann is in at the moment
     * @param blocked whom ann blocks at the moment
     */
    AdmissionModel(UserLimits limits, Set<ConversationId> conversations, Set<String> blocked) {
        this.limits = limits;
        this.conversations = conversations;
        this.blocked = blocked;
        this.invitations = new InvitationModel(limits.consent());
    }

    /** Fails unless the machine answered as it should. */
    void take(UserCommand command, List<Effect> effects, long nowMillis) {
        if (command.hasJoinedConversation()) {
            JoinedConversation joined = command.getJoinedConversation();
            invitations.joined(joined, effects, declines(joined), asksFor(joined) && !blocks(joined), nowMillis);
        } else {
            invitations.take(command, effects, isFull(), nowMillis);
        }
        switch (command.getCommandCase()) {
            case DEVICE_CONNECTED, KNOW_USER -> known = true;
            case ERASE_USER -> {
                known = false;
                conversationsUntil = 0;
                groupsUntil = 0;
                settingsUntil = 0;
            }
            case ASK_ADMISSION -> {
                ErrorCode refused = asked(command.getAskAdmission().getConversation(), nowMillis);
                assertThat(refused(effects)).isEqualTo(refused);
                assertThat(effects.stream()
                                .anyMatch(effect -> effect instanceof Effect.TellUser tell
                                        && tell.command().hasAdmit()))
                        .as("the other is asked")
                        .isEqualTo(refused == null);
            }
            case ADMIT -> {
                ErrorCode refused = refusal(command.getAdmit().getBy());
                assertThat(refused(effects)).isEqualTo(refused);
                assertThat(effects.stream()
                                .anyMatch(effect -> effect instanceof Effect.TellConversation tell
                                        && tell.command().hasAdmitted()))
                        .isEqualTo(refused == null);
            }
            case TELL_BLOCKS -> {
                List<String> told = effects.stream()
                        .flatMap(effect ->
                                ((Effect.TellConversation) effect).command().getBlockChanged().getUsersList().stream())
                        .toList();
                boolean isIn = conversations.contains(
                        ConversationId.parse(command.getTellBlocks().getConversation()));
                assertThat(command.getTellBlocks().getUsersList())
                        .filteredOn(user -> isIn && blocked.contains(user))
                        .isEqualTo(told);
            }
            case OPEN_GROUP -> founds(effects, nowMillis);
            case JOINED_CONVERSATION ->
                assertThat(effects.stream()
                                .anyMatch(effect -> effect instanceof Effect.TellConversation tell
                                        && tell.command().hasMemberDeclined()))
                        .as("declined")
                        .isEqualTo(declines(command.getJoinedConversation()));
            default -> {}
        }
    }

    private @Nullable ErrorCode asked(String conversation, long nowMillis) {
        if (blocked.contains(conversation.substring("ann~".length())) || isFull()) {
            return ErrorCode.NOT_ALLOWED;
        }
        long until = Spending.take(conversationsUntil, limits.conversationsAnHour(), nowMillis);
        if (until < 0) {
            return ErrorCode.RATE_LIMITED;
        }
        conversationsUntil = until;
        return null;
    }

    private @Nullable ErrorCode refusal(String by) {
        if (isUnknown()) {
            return ErrorCode.NOT_FOUND;
        }
        return blocked.contains(by) || isFull() ? ErrorCode.NOT_ALLOWED : null;
    }

    private static @Nullable ErrorCode refused(List<Effect> effects) {
        return effects.stream()
                .filter(Effect.TellConversation.class::isInstance)
                .map(effect -> ((Effect.TellConversation) effect).command())
                .filter(ConversationCommand::hasAdmissionRefused)
                .map(command -> command.getAdmissionRefused().getError().getCode())
                .findFirst()
                .orElse(null);
    }

    /** A request that came before is about its group, whatever the limits are by now. */
    private void founds(List<Effect> effects, long nowMillis) {
        long until = Spending.take(groupsUntil, limits.groupsAnHour(), nowMillis);
        mayFound = effects.stream().anyMatch(Effect.TellConversation.class::isInstance);
        if (isFull() || until < 0) {
            return;
        }
        assertThat(mayFound).as("a group that may be founded is").isTrue();
    }

    boolean mayFound() {
        return mayFound;
    }

    /** Whether ann does not become a member. */
    boolean declines(JoinedConversation joined) {
        ConversationId group = ConversationId.parse(joined.getConversation());
        boolean asked = group.isDirect()
                || conversations.contains(group)
                || joined.getBy().equals("ann");
        return !asked && (isUnknown() || isFull() || asksFor(joined));
    }

    /** Whether ann's consent is what is missing. */
    private boolean asksFor(JoinedConversation joined) {
        return limits.consent().ofStrangers()
                && !isUnknown()
                && !isFull()
                && !joined.getAccepted()
                && !joined.getBy().equals("ann")
                && (blocks(joined) || !conversations.contains(ConversationId.parse("ann~" + joined.getBy())));
    }

    private boolean blocks(JoinedConversation joined) {
        return blocked.contains(joined.getBy());
    }

    /** Ann blocks one more user. */
    void blocked(String user) {
        invitations.blocked(user);
    }

    boolean mayBlock() {
        return blocked.size() < limits.blocked();
    }

    boolean spendsSetting(long nowMillis) {
        long until = Spending.take(settingsUntil, limits.settingsAnHour(), nowMillis);
        settingsUntil = until < 0 ? settingsUntil : until;
        return until >= 0;
    }

    private boolean isFull() {
        return conversations.size() >= limits.conversations();
    }

    private boolean isUnknown() {
        return limits.unknownRefused() && !known;
    }

    void matches(UserState state) {
        invitations.matches(state);
        assertThat(state.isKnown()).isEqualTo(known);
        assertThat(state.conversationCount()).isEqualTo(conversations.size());
        groupsUntil = state.spent().getGroupsUntilMillis();
        assertThat(state.spent().getConversationsUntilMillis()).isEqualTo(conversationsUntil);
        assertThat(state.spent().getSettingsUntilMillis()).isEqualTo(settingsUntil);
    }
}
