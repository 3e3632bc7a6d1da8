package io.parley.bridge.conversation.message;

import static io.parley.bridge.Replies.refusal;

import io.parley.bridge.Replies;
import io.parley.bridge.conversation.Change;
import io.parley.bridge.conversation.ConversationHandlers;
import io.parley.bridge.conversation.ConversationLimits;
import io.parley.bridge.conversation.ConversationState;
import io.parley.bridge.conversation.Decision;
import io.parley.bridge.conversation.Said;
import io.parley.bridge.conversation.blocking.BlockRules;
import io.parley.bridge.conversation.sequence.Sequencer;
import io.parley.bridge.state.Member;
import io.parley.protocol.UserId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.ConversationCommand.CommandCase;
import io.parley.protocol.log.Origin;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Deleted;
import io.parley.protocol.wire.Edited;
import io.parley.protocol.wire.Error;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Nothing;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.React;
import io.parley.protocol.wire.Reacted;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.Role;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is said, and what changes it: edit by the sender, delete by the sender or who leads the group, react by everybody. A change is
 * for a message that the conversation still remembers and that the acting member may see.
 */
public final class MessageRules implements ConversationHandlers.Feature {
    /** The most edits of one message: each may hold a text that a deletion has to find. */
    static final int MAX_EDITS = 100;
    /** The most emojis that one member sets on one message. */
    static final int MAX_REACTIONS = 16;

    private final Sequencer sequencer;
    private final ConversationLimits limits;

    public MessageRules(Sequencer sequencer, ConversationLimits limits) {
        this.sequencer = sequencer;
        this.limits = limits;
    }

    @Override
    public void register(ConversationHandlers handlers) {
        handlers.on(CommandCase.SEND_MESSAGE, this::publish);
    }

    /** A publication by a member. */
    private record Attempt(
            ConversationState state, UserId by, Member member, Publication publication, long nowMillis) {}

    /** A command with a request id is answered: {@code conversation} for a new message, {@code ok} for one that came before. */
    public Decision publish(ConversationState state, ConversationCommand command, long nowMillis) {
        Origin origin = command.getOrigin();
        Publication publication = command.getSendMessage().getPublication();
        UserId by = UserId.parse(origin.getUser());
        if (state.isTaken(by, publication.getId(), nowMillis)) {
            return answered(Decision.none(), command, Reply.newBuilder().setOk(Nothing.getDefaultInstance()));
        }
        Member member = state.member(by);
        Error.Builder error = refuse(state, origin, publication, nowMillis);
        if (error != null || member == null) {
            return refused(state, command, error == null ? noMember(state) : error);
        }
        Attempt attempt = new Attempt(state, by, member, publication, nowMillis);
        Decision decision = Decision.none();
        if (!publication.hasReact() || !isSo(attempt, publication.getReact())) {
            sequencer.sequence(decision, state, by, event(attempt), nowMillis, List.of());
        }
        long atMillis = Math.max(nowMillis, state.head().getAtMillis());
        decision.and(new Change.IdTaken(by, origin.getDevice(), publication.getId(), atMillis / 1000));
        return answered(
                decision, command, Reply.newBuilder().setConversation(state.id().value()));
    }

    private static Decision answered(Decision decision, ConversationCommand command, Reply.Builder reply) {
        return command.getRequestId().isEmpty()
                ? decision
                : decision.and(Replies.to(command.getOrigin(), reply.setRequestId(command.getRequestId())));
    }

    /** Why a publication that did not come before is refused; null: it is not. */
    private Error.@Nullable Builder refuse(
            ConversationState state, Origin origin, Publication publication, long nowMillis) {
        UserId by = UserId.parse(origin.getUser());
        Member member = state.member(by);
        if (member == null) {
            return noMember(state);
        }
        // Who is blocked is not told so, nor which of the two blocks.
        return BlockRules.isBlocked(state)
                ? refusal(ErrorCode.NOT_ALLOWED, "you cannot write to this user")
                : refuse(new Attempt(state, by, member, publication, nowMillis));
    }

    private static Error.Builder noMember(ConversationState state) {
        return refusal(ErrorCode.NOT_A_MEMBER, "you are not a member of " + state.id());
    }

    private Error.@Nullable Builder refuse(Attempt attempt) {
        Publication publication = attempt.publication();
        return switch (publication.getBodyCase()) {
            case EDIT -> refuseEdit(attempt, publication.getEdit().getSeq());
            case DELETE -> refuseDelete(attempt, publication.getDelete().getSeq());
            case REACT -> refuseReact(attempt, publication.getReact());
            default -> refuseMessage(attempt);
        };
    }

    private static Error.@Nullable Builder refuseMessage(Attempt attempt) {
        if (isSilenced(attempt)) {
            return refusal(ErrorCode.NOT_ALLOWED, "only owners and admins write here");
        }
        return attempt.publication().getReplyTo() > attempt.state().head().getSeq()
                ? refusal(ErrorCode.NOT_FOUND, "replyTo names no message: send the seq of one that exists")
                : null;
    }

    private Error.@Nullable Builder refuseEdit(Attempt attempt, int seq) {
        Said target = target(attempt, seq);
        if (target == null) {
            return notThere(seq);
        }
        if (!target.sender().equals(attempt.by()) || isSilenced(attempt)) {
            return refusal(ErrorCode.NOT_ALLOWED, "only the sender of a message, who may write here, edits it");
        }
        if (target.kind() == Said.Kind.DATA) {
            return refusal(ErrorCode.NOT_ALLOWED, "data has no text to edit");
        }
        if (attempt.state().edits(seq).size() >= MAX_EDITS) {
            return refusal(ErrorCode.NOT_ALLOWED, "a message is edited " + MAX_EDITS + " times at most");
        }
        return refuseLate(attempt, target, limits.edit());
    }

    private Error.@Nullable Builder refuseDelete(Attempt attempt, int seq) {
        Said target = target(attempt, seq);
        if (target == null) {
            return notThere(seq);
        }
        if (!target.sender().equals(attempt.by()) && !leads(attempt.member())) {
            return refusal(ErrorCode.NOT_ALLOWED, "only the sender of a message, an owner or an admin deletes it");
        }
        return refuseLate(attempt, target, limits.delete());
    }

    private static Error.@Nullable Builder refuseReact(Attempt attempt, React react) {
        if (target(attempt, react.getSeq()) == null) {
            return notThere(react.getSeq());
        }
        List<String> set = attempt.state().reactions(react.getSeq(), attempt.by());
        boolean oneMore = !react.getRemove() && !set.contains(react.getEmoji());
        if (oneMore && !Emoji.isOne(react.getEmoji())) {
            return refusal(ErrorCode.BAD_REQUEST, "emoji is not one emoji: send exactly one");
        }
        return oneMore && set.size() >= MAX_REACTIONS
                ? refusal(ErrorCode.NOT_ALLOWED, "a member sets at most " + MAX_REACTIONS + " emojis on a message")
                : null;
    }

    private static Error.@Nullable Builder refuseLate(Attempt attempt, Said target, Duration limit) {
        long ageSeconds = attempt.nowMillis() / 1000 - target.atSeconds();
        return !limit.isZero() && ageSeconds > limit.toSeconds()
                ? refusal(ErrorCode.NOT_ALLOWED, "this is too long ago: the limit is " + limit.toMinutes() + " minutes")
                : null;
    }

    private static @Nullable Said target(Attempt attempt, int seq) {
        return seq < attempt.member().getJoined() ? null : attempt.state().said(seq);
    }

    private static Error.Builder notThere(int seq) {
        return refusal(ErrorCode.NOT_FOUND, "there is no message " + seq + ", or it is deleted or too far back");
    }

    private static boolean isSilenced(Attempt attempt) {
        return attempt.state().head().getAnnouncement() && !leads(attempt.member());
    }

    private static boolean leads(Member member) {
        return member.getRole() == Role.OWNER || member.getRole() == Role.ADMIN;
    }

    private static boolean isSo(Attempt attempt, React react) {
        return attempt.state().reactions(react.getSeq(), attempt.by()).contains(react.getEmoji()) != react.getRemove();
    }

    private static ChatEvent.Builder event(Attempt attempt) {
        Publication publication = attempt.publication();
        ChatEvent.Builder event = described(publication);
        return switch (publication.getBodyCase()) {
            case EDIT ->
                event.setEdited(Edited.newBuilder()
                        .setSeq(publication.getEdit().getSeq())
                        .setText(publication.getEdit().getText()));
            case DELETE -> {
                int seq = publication.getDelete().getSeq();
                yield event.setDeleted(Deleted.newBuilder()
                        .setSeq(seq)
                        .addAllEdits(attempt.state().edits(seq)));
            }
            case REACT ->
                event.setReacted(Reacted.newBuilder()
                        .setSeq(publication.getReact().getSeq())
                        .setEmoji(publication.getReact().getEmoji())
                        .setRemove(publication.getReact().getRemove()));
            default -> message(publication);
        };
    }

    private static ChatEvent.Builder described(Publication publication) {
        return ChatEvent.newBuilder().setId(publication.getId()).addAllProperties(publication.getPropertiesList());
    }

    /** The event of a publication that is a message, and no change to one. */
    private static ChatEvent.Builder message(Publication publication) {
        ChatEvent.Builder event = described(publication)
                .setContentType(publication.getContentType())
                .addAllAttachments(publication.getAttachmentsList())
                .setReplyTo(publication.getReplyTo())
                .addAllMentions(publication.getMentionsList());
        return switch (publication.getBodyCase()) {
            case TEXT -> event.setText(publication.getText());
            case DATA -> event.setData(publication.getData());
            default -> event;
        };
    }

    public static Decision refused(ConversationState state, ConversationCommand command, Error.Builder error) {
        return Decision.of(Replies.error(
                command.getOrigin(),
                command.getRequestId(),
                error.setMessageId(command.getSendMessage().getPublication().getId())
                        .setConversation(state.id().value())));
    }
}
