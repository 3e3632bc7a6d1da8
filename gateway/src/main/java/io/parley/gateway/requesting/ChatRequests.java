package io.parley.gateway.requesting;

import io.parley.gateway.CommandLog;
import io.parley.gateway.delivering.DeliveryNode;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.Request;
import io.parley.protocol.wire.Request.RequestCase;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Every kind of request that the chat has, each with its handler. */
public final class ChatRequests {
    private final DeliveryNode node;
    private final CommandLog log;
    private final Map<RequestCase, RequestHandler> handlers = new EnumMap<>(RequestCase.class);

    private ChatRequests(DeliveryNode node) {
        this.node = node;
        this.log = node.log();
    }

    /**
     * The handlers.
     *
     * @param node where commands go, and what gathers answers that come in parts
     * @param reads what is read from storage
     * @param media what is done with attachments
     * @param outages told when storage is out
     */
    public static Requests of(DeliveryNode node, Reads reads, MediaPort media, Outages outages) {
        ChatRequests requests = new ChatRequests(node);
        requests.handlers.put(RequestCase.SET_AVATAR, new SetAvatarRequest(requests.log, media, outages));
        MediaRequests.handlers(media, outages).forEach(requests.handlers::put);
        requests.addReading(reads, outages);
        requests.addUsers();
        requests.addMembership();
        requests.addSettings();
        PushRequests.handlers(requests.log).forEach(requests.handlers::put);
        return new Requests(requests.handlers);
    }

    private void addReading(Reads reads, Outages outages) {
        handlers.put(RequestCase.HISTORY, new HistoryPageRequest(reads, outages));
        handlers.put(RequestCase.LIST_CONVERSATIONS, new ConversationListRequest(node));
    }

    private void addUsers() {
        handlers.put(RequestCase.CREATE_GROUP, new CreateGroupRequest(log));
        user(RequestCase.LIST_DEVICES, (command, request) -> command.setListDevices(request.getListDevices()));
        user(RequestCase.REMOVE_DEVICE, (command, request) -> command.setRemoveDevice(request.getRemoveDevice()));
        user(RequestCase.SET_PRIVACY, (command, request) -> command.setSetPrivacy(request.getSetPrivacy()));
        user(RequestCase.BLOCK, (command, request) -> command.setBlock(request.getBlock()));
        user(RequestCase.ACCEPT_INVITATION, (command, request) -> {
            requireConversation(request.getAcceptInvitation().getConversation());
            command.setAcceptInvitation(request.getAcceptInvitation());
        });
        user(RequestCase.DECLINE_INVITATION, (command, request) -> {
            requireConversation(request.getDeclineInvitation().getConversation());
            command.setDeclineInvitation(request.getDeclineInvitation());
        });
        user(
                RequestCase.LIST_INVITATIONS,
                (command, request) -> command.setListInvitations(request.getListInvitations()));
        user(RequestCase.UNBLOCK, (command, request) -> command.setUnblock(request.getUnblock()));
    }

    private void addMembership() {
        conversation(
                RequestCase.ADD_MEMBERS, request -> request.getAddMembers().getConversation(), (command, request) -> {
                    requireUsers(request.getAddMembers().getUsersList());
                    command.setAddMembers(request.getAddMembers());
                });
        conversation(
                RequestCase.REMOVE_MEMBERS,
                request -> request.getRemoveMembers().getConversation(),
                (command, request) -> {
                    requireUsers(request.getRemoveMembers().getUsersList());
                    command.setRemoveMembers(request.getRemoveMembers());
                });
        conversation(RequestCase.SET_ROLE, request -> request.getSetRole().getConversation(), (command, request) -> {
            requireUsers(List.of(request.getSetRole().getUser()));
            command.setSetRole(request.getSetRole());
        });
        conversation(
                RequestCase.LEAVE,
                request -> request.getLeave().getConversation(),
                (command, request) -> command.setLeave(request.getLeave()));
    }

    private void addSettings() {
        conversation(
                RequestCase.RENAME,
                request -> request.getRename().getConversation(),
                (command, request) -> command.setRename(request.getRename()));
        conversation(
                RequestCase.DESCRIBE,
                request -> request.getDescribe().getConversation(),
                (command, request) -> command.setDescribe(request.getDescribe()));
        conversation(
                RequestCase.SET_ANNOUNCEMENT,
                request -> request.getSetAnnouncement().getConversation(),
                (command, request) -> command.setSetAnnouncement(request.getSetAnnouncement()));
        conversation(
                RequestCase.SET_ADD_RIGHT,
                request -> request.getSetAddRight().getConversation(),
                (command, request) -> command.setSetAddRight(request.getSetAddRight()));
        conversation(
                RequestCase.SET_READ_RECEIPTS,
                request -> request.getSetReadReceipts().getConversation(),
                (command, request) -> command.setSetReadReceipts(request.getSetReadReceipts()));
        conversation(
                RequestCase.PIN_MESSAGE,
                request -> request.getPinMessage().getConversation(),
                (command, request) -> command.setPinMessage(request.getPinMessage()));
        conversation(
                RequestCase.UNPIN_MESSAGE,
                request -> request.getUnpinMessage().getConversation(),
                (command, request) -> command.setUnpinMessage(request.getUnpinMessage()));
        conversation(
                RequestCase.SET_RETENTION,
                request -> request.getSetRetention().getConversation(),
                (command, request) -> command.setSetRetention(request.getSetRetention()));
    }

    private void user(RequestCase kind, BiConsumer<UserCommand.Builder, Request> setting) {
        handlers.put(kind, new UserRequest(log, setting));
    }

    private void conversation(
            RequestCase kind,
            Function<Request, String> conversation,
            BiConsumer<ConversationCommand.Builder, Request> setting) {
        handlers.put(kind, new ConversationRequest(log, conversation, setting));
    }

    private static void requireConversation(String id) {
        ConversationId.parse(id);
    }

    private static void requireUsers(List<String> names) {
        names.forEach(UserId::parse);
    }
}
