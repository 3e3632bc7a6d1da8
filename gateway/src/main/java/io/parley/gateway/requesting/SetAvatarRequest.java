package io.parley.gateway.requesting;

import io.parley.gateway.CommandLog;
import io.parley.gateway.publishing.AttachmentCheck;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Origin;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Request;
import io.parley.protocol.wire.SetAvatar;
import java.util.List;

/**
 * A group gets another avatar: an attachment that the asking user may see.
 *
 * @param log where the command goes
 * @param attachments asked first
 * @param outages told when it cannot tell
 */
record SetAvatarRequest(CommandLog log, AttachmentCheck attachments, Outages outages) implements RequestHandler {
    @Override
    public void handle(Origin origin, Request request, Answer answer) {
        SetAvatar avatar = request.getSetAvatar();
        ConversationId conversation = ConversationId.parse(avatar.getConversation());
        if (!avatar.hasAttachment()) {
            append(origin, request, conversation, avatar, answer);
            return;
        }
        var unused = attachments
                .check(UserId.parse(origin.getUser()), List.of(avatar.getAttachment()))
                .whenComplete((checked, failure) -> {
                    if (failure != null) {
                        outages.report("storage", failure);
                        answer.refuse(request, ErrorCode.UNAVAILABLE, "try again later");
                    } else if (!checked.refusal().isEmpty()) {
                        answer.refuse(request, ErrorCode.NOT_ALLOWED, checked.refusal());
                    } else {
                        SetAvatar filled = avatar.toBuilder()
                                .setAttachment(checked.attachments().get(0))
                                .build();
                        append(origin, request, conversation, filled, answer);
                    }
                });
    }

    private void append(Origin origin, Request request, ConversationId conversation, SetAvatar avatar, Answer answer) {
        ConversationCommand command = ConversationCommand.newBuilder()
                .setOrigin(origin)
                .setRequestId(request.getRequestId())
                .setSetAvatar(avatar)
                .build();
        log.append(conversation, command, answer::taken);
    }
}
