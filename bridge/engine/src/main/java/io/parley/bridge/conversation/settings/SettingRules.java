package io.parley.bridge.conversation.settings;

import static io.parley.bridge.Replies.refusal;

import io.parley.bridge.Replies;
import io.parley.bridge.conversation.ConversationHandlers;
import io.parley.bridge.conversation.ConversationLimits;
import io.parley.bridge.conversation.ConversationState;
import io.parley.bridge.conversation.Decision;
import io.parley.bridge.conversation.blocking.BlockRules;
import io.parley.bridge.conversation.membership.MembershipRules;
import io.parley.bridge.conversation.sequence.Sequencer;
import io.parley.bridge.state.Member;
import io.parley.protocol.Attachments;
import io.parley.protocol.TextLimit;
import io.parley.protocol.UserId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.ConversationCommand.CommandCase;
import io.parley.protocol.wire.AddRightChanged;
import io.parley.protocol.wire.AnnouncementChanged;
import io.parley.protocol.wire.Attachment;
import io.parley.protocol.wire.AvatarChanged;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Described;
import io.parley.protocol.wire.Error;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.ReadReceiptsChanged;
import io.parley.protocol.wire.Renamed;
import io.parley.protocol.wire.Retention;
import io.parley.protocol.wire.RetentionChanged;
import io.parley.protocol.wire.Role;
import io.parley.protocol.wire.SetRetention;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A conversation's settings. Owners and admins change those of a group; of a conversation of two there are only the retention and the read
 * receipts, which either changes. Setting what is so already is no event.
 */
public final class SettingRules implements ConversationHandlers.Feature {
    private static final Set<CommandCase> SETTINGS = Set.of(
            CommandCase.RENAME,
            CommandCase.DESCRIBE,
            CommandCase.SET_AVATAR,
            CommandCase.SET_ANNOUNCEMENT,
            CommandCase.SET_ADD_RIGHT,
            CommandCase.SET_RETENTION,
            CommandCase.SET_READ_RECEIPTS);

    /** Ten years: what is longer is meant to be for ever. */
    static final int MAX_RETENTION_DAYS = 3_650;

    private final Sequencer sequencer;
    private final ConversationLimits limits;

    public SettingRules(Sequencer sequencer, ConversationLimits limits) {
        this.sequencer = sequencer;
        this.limits = limits;
    }

    @Override
    public void register(ConversationHandlers handlers) {
        for (CommandCase kind : SETTINGS) {
            handlers.on(kind, this::decide);
        }
    }

    public Decision decide(ConversationState state, ConversationCommand command, long nowMillis) {
        UserId by = UserId.parse(command.getOrigin().getUser());
        Error.Builder refused = refuse(state, command, by);
        if (refused != null) {
            return Decision.of(Replies.error(command.getOrigin(), command.getRequestId(), refused));
        }
        Decision decision = Decision.none();
        if (!isSo(state, command)) {
            sequencer.sequence(decision, state, by, event(command), nowMillis, List.of());
        }
        return decision.and(Replies.ok(command.getOrigin(), command.getRequestId()));
    }

    private Error.@Nullable Builder refuse(ConversationState state, ConversationCommand command, UserId by) {
        Member member = state.member(by);
        if (member == null) {
            return refusal(ErrorCode.NOT_A_MEMBER, "you are not a member of " + state.id());
        }
        if (BlockRules.isBlocked(state)) {
            return refusal(ErrorCode.NOT_ALLOWED, "you cannot write to this user");
        }
        if (state.id().isDirect() && !command.hasSetRetention() && !command.hasSetReadReceipts()) {
            return refusal(ErrorCode.NOT_ALLOWED, "a conversation of two has no such setting");
        }
        if (!state.id().isDirect() && member.getRole() == Role.MEMBER) {
            return refusal(ErrorCode.NOT_ALLOWED, "only an owner or admin of the group may do this");
        }
        return switch (command.getCommandCase()) {
            case RENAME -> refuseLong(command.getRename().getName(), TextLimit.GROUP_NAME);
            case DESCRIBE -> refuseLong(command.getDescribe().getDescription(), TextLimit.DESCRIPTION);
            case SET_AVATAR ->
                command.getSetAvatar().hasAttachment()
                        ? refuseAttachment(command.getSetAvatar().getAttachment())
                        : null;
            case SET_ADD_RIGHT -> refuseRole(command.getSetAddRight().getRole());
            case SET_RETENTION -> refuseRetention(command.getSetRetention());
            default -> null;
        };
    }

    private static Error.@Nullable Builder refuseLong(String text, TextLimit limit) {
        return limit.allows(text) ? null : refusal(ErrorCode.BAD_REQUEST, limit.exceeded());
    }

    private static Error.@Nullable Builder refuseAttachment(Attachment attachment) {
        return Attachments.refusal(attachment)
                .map(reason -> refusal(ErrorCode.BAD_REQUEST, reason))
                .orElse(null);
    }

    private static Error.@Nullable Builder refuseRole(Role role) {
        return role == Role.MEMBER || role == Role.ADMIN || role == Role.OWNER
                ? null
                : refusal(ErrorCode.BAD_REQUEST, "role must be OWNER, ADMIN or MEMBER");
    }

    private Error.@Nullable Builder refuseRetention(SetRetention request) {
        int maximum = limits.retentionMaximumDays();
        return switch (request.getKeepCase()) {
            case UNTIL_DELIVERED -> null;
            case DAYS -> {
                if (request.getDays() < 1 || request.getDays() > MAX_RETENTION_DAYS) {
                    yield refusal(ErrorCode.BAD_REQUEST, "days must be from 1 to " + MAX_RETENTION_DAYS);
                }
                yield maximum > 0 && request.getDays() > maximum ? tooLong(maximum) : null;
            }
            case FOREVER -> maximum > 0 ? tooLong(maximum) : null;
            case KEEP_NOT_SET ->
                refusal(ErrorCode.BAD_REQUEST, "setRetention must have one of untilDelivered, days and forever");
        };
    }

    private static Error.Builder tooLong(int maximumDays) {
        return refusal(ErrorCode.NOT_ALLOWED, "this server keeps messages for " + maximumDays + " days at most");
    }

    private static boolean isSo(ConversationState state, ConversationCommand command) {
        return switch (command.getCommandCase()) {
            case RENAME -> state.head().getName().equals(command.getRename().getName());
            case DESCRIBE ->
                state.profile().getDescription().equals(command.getDescribe().getDescription());
            case SET_AVATAR ->
                state.profile().getAvatar().equals(command.getSetAvatar().getAttachment());
            case SET_ANNOUNCEMENT ->
                state.head().getAnnouncement() == command.getSetAnnouncement().getOn();
            case SET_ADD_RIGHT ->
                MembershipRules.addRight(state) == command.getSetAddRight().getRole();
            case SET_READ_RECEIPTS ->
                state.head().getReadReceiptsOff()
                        != command.getSetReadReceipts().getOn();
            case SET_RETENTION -> state.head().getRetention().equals(retention(command.getSetRetention()));
            default -> throw new IllegalArgumentException("unknown setting " + command.getCommandCase());
        };
    }

    private static ChatEvent.Builder event(ConversationCommand command) {
        ChatEvent.Builder event = ChatEvent.newBuilder();
        return switch (command.getCommandCase()) {
            case RENAME ->
                event.setRenamed(
                        Renamed.newBuilder().setName(command.getRename().getName()));
            case DESCRIBE ->
                event.setDescribed(Described.newBuilder()
                        .setDescription(command.getDescribe().getDescription()));
            case SET_AVATAR -> {
                AvatarChanged.Builder avatar = AvatarChanged.newBuilder();
                if (command.getSetAvatar().hasAttachment()) {
                    avatar.setAttachment(command.getSetAvatar().getAttachment());
                }
                yield event.setAvatarChanged(avatar);
            }
            case SET_ANNOUNCEMENT ->
                event.setAnnouncementChanged(AnnouncementChanged.newBuilder()
                        .setOn(command.getSetAnnouncement().getOn()));
            case SET_ADD_RIGHT ->
                event.setAddRightChanged(AddRightChanged.newBuilder()
                        .setRole(command.getSetAddRight().getRole()));
            case SET_READ_RECEIPTS ->
                event.setReadReceiptsChanged(ReadReceiptsChanged.newBuilder()
                        .setOn(command.getSetReadReceipts().getOn()));
            case SET_RETENTION ->
                event.setRetentionChanged(
                        RetentionChanged.newBuilder().setRetention(retention(command.getSetRetention())));
            default -> throw new IllegalArgumentException("unknown setting " + command.getCommandCase());
        };
    }

    private static Retention retention(SetRetention request) {
        Retention.Builder retention = Retention.newBuilder();
        return switch (request.getKeepCase()) {
            case UNTIL_DELIVERED ->
                retention.setUntilDelivered(request.getUntilDelivered()).build();
            case DAYS -> retention.setDays(request.getDays()).build();
            case FOREVER -> retention.setForever(request.getForever()).build();
            case KEEP_NOT_SET -> retention.build();
        };
    }
}
