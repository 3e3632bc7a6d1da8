package io.parley.broker.request;

import io.parley.broker.limit.Limits;
import io.parley.delivery.CommandLog;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.OpenGroup;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.Error;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.HistoryRequest;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.Request;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Turns a device's request into a command, whose answer comes from the engine, or reads the answer from storage. */
public final class Requests {
    private static final int MAX_PAGE = 200;

    private final CommandLog log;
    private final Reads reads;
    private final Limits limits;
    private final Outages outages = new Outages();

    /** Requests that append to {@code log} and read from {@code reads}, as far as the limits let them. */
    public Requests(CommandLog log, Reads reads, Limits limits) {
        this.log = log;
        this.reads = reads;
        this.limits = limits;
    }

    /** What users may do. */
    public Limits limits() {
        return limits;
    }

    /** Where failures of the log and the storage are reported. */
    public Outages outages() {
        return outages;
    }

    /** Where the outcome of one request goes; both may be called on any thread. */
    public interface Answer {
        /** The request is in safe hands (null), or could not be taken. Called once, before or after the reply. */
        void taken(@Nullable Exception failure);

        /** The answer, if it does not come from the engine. */
        void reply(Reply reply);
    }

    /** Whether a request only reads from storage: nothing is appended for it, and its answer may be large. */
    public static boolean reads(Request request) {
        return request.hasHistory() || request.hasListConversations();
    }

    /**
     * Handles a request.
     *
     * @param origin the asking connection
     * @param request its request id must be set: the engine answers only such
     */
    public void handle(Origin origin, Request request, Answer answer) {
        UserId user = UserId.parse(origin.getUser());
        if (request.hasCreateGroup() && !limits.group(user)) {
            limited(request, answer);
            return;
        }
        try {
            switch (request.getRequestCase()) {
                case CREATE_GROUP -> createGroup(user, origin, request, answer);
                case LIST_DEVICES ->
                    toUser(origin, request, answer, command -> command.setListDevices(request.getListDevices()));
                case REMOVE_DEVICE ->
                    toUser(origin, request, answer, command -> command.setRemoveDevice(request.getRemoveDevice()));
                case SET_PRIVACY ->
                    toUser(origin, request, answer, command -> command.setSetPrivacy(request.getSetPrivacy()));
                case BLOCK -> toUser(origin, request, answer, command -> command.setBlock(request.getBlock()));
                case UNBLOCK -> toUser(origin, request, answer, command -> command.setUnblock(request.getUnblock()));
                case HISTORY -> history(user, request, answer);
                case LIST_CONVERSATIONS -> read(request, reads.conversations(user), answer);
                default -> change(origin, request, answer);
            }
        } catch (IllegalArgumentException e) {
            // Only the typed ids throw it, and they quote nothing.
            refuse(request, String.valueOf(e.getMessage()), answer);
        }
    }

    /**
     * Refuses what is no request.
     *
     * @param request what could be read of it: its request id
     * @param reason one line that may be shown to the device
     */
    public static void refuse(Request request, String reason, Answer answer) {
        answer.taken(null);
        answer.reply(error(request, ErrorCode.BAD_REQUEST, reason));
    }

    private void createGroup(UserId user, Origin origin, Request request, Answer answer) {
        request.getCreateGroup().getMembersList().forEach(UserId::parse);
        ConversationId conversation = Ids.group();
        UserCommand command = UserCommand.newBuilder()
                .setOrigin(origin)
                .setRequestId(request.getRequestId())
                .setOpenGroup(OpenGroup.newBuilder()
                        .setConversation(conversation.value())
                        .setGroup(request.getCreateGroup()))
                .build();
        log.append(user, command, taken(answer));
    }

    private void toUser(Origin origin, Request request, Answer answer, Consumer<UserCommand.Builder> setting) {
        UserCommand.Builder command = UserCommand.newBuilder().setOrigin(origin).setRequestId(request.getRequestId());
        setting.accept(command);
        log.append(UserId.parse(origin.getUser()), command.build(), taken(answer));
    }

    private void change(Origin origin, Request request, Answer answer) {
        ConversationCommand.Builder command =
                ConversationCommand.newBuilder().setOrigin(origin).setRequestId(request.getRequestId());
        String conversation;
        switch (request.getRequestCase()) {
            case ADD_MEMBERS -> {
                request.getAddMembers().getUsersList().forEach(UserId::parse);
                conversation = command.setAddMembers(request.getAddMembers())
                        .getAddMembers()
                        .getConversation();
            }
            case REMOVE_MEMBERS -> {
                request.getRemoveMembers().getUsersList().forEach(UserId::parse);
                conversation = command.setRemoveMembers(request.getRemoveMembers())
                        .getRemoveMembers()
                        .getConversation();
            }
            case LEAVE ->
                conversation = command.setLeave(request.getLeave()).getLeave().getConversation();
            case RENAME ->
                conversation =
                        command.setRename(request.getRename()).getRename().getConversation();
            case SET_ROLE -> {
                var unused = UserId.parse(request.getSetRole().getUser());
                conversation =
                        command.setSetRole(request.getSetRole()).getSetRole().getConversation();
            }
            case DESCRIBE ->
                conversation =
                        command.setDescribe(request.getDescribe()).getDescribe().getConversation();
            case SET_AVATAR ->
                conversation = command.setSetAvatar(request.getSetAvatar())
                        .getSetAvatar()
                        .getConversation();
            case SET_ANNOUNCEMENT ->
                conversation = command.setSetAnnouncement(request.getSetAnnouncement())
                        .getSetAnnouncement()
                        .getConversation();
            case SET_ADD_RIGHT ->
                conversation = command.setSetAddRight(request.getSetAddRight())
                        .getSetAddRight()
                        .getConversation();
            case SET_READ_RECEIPTS ->
                conversation = command.setSetReadReceipts(request.getSetReadReceipts())
                        .getSetReadReceipts()
                        .getConversation();
            case SET_RETENTION ->
                conversation = command.setSetRetention(request.getSetRetention())
                        .getSetRetention()
                        .getConversation();
            case REQUEST_NOT_SET -> {
                refuse(request, "the request names nothing to do", answer);
                return;
            }
            default -> {
                refuse(request, "not offered yet", answer);
                return;
            }
        }
        log.append(ConversationId.parse(conversation), command.build(), taken(answer));
    }

    private void history(UserId user, Request request, Answer answer) {
        HistoryRequest history = request.getHistory();
        if (history.hasAfter() && history.hasBefore()) {
            refuse(request, "at most one of after and before", answer);
            return;
        }
        if (Integer.compareUnsigned(history.getLimit(), MAX_PAGE) > 0) {
            refuse(request, "limit is 200 at most", answer);
            return;
        }
        read(request, reads.history(user, ConversationId.parse(history.getConversation()), history), answer);
    }

    private void read(Request request, CompletionStage<Reply> reading, Answer answer) {
        answer.taken(null);
        reading.whenComplete((reply, failure) -> {
            if (failure == null) {
                answer.reply(
                        reply.toBuilder().setRequestId(request.getRequestId()).build());
            } else {
                outages.report("storage", failure);
                answer.reply(error(request, ErrorCode.UNAVAILABLE, "try again later"));
            }
        });
    }

    private static Consumer<@Nullable Exception> taken(Answer answer) {
        return answer::taken;
    }

    /** Refuses a request that is one too many. */
    public static void limited(Request request, Answer answer) {
        answer.taken(null);
        answer.reply(error(request, ErrorCode.RATE_LIMITED, "too many requests, slow down"));
    }

    private static Reply error(Request request, ErrorCode code, String message) {
        return Reply.newBuilder()
                .setRequestId(request.getRequestId())
                .setError(Error.newBuilder().setCode(code).setMessage(message))
                .build();
    }
}
