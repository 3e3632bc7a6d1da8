package io.parley.broker.netty;

import com.google.protobuf.ByteString;
import io.parley.gateway.CommandLog;
import io.parley.gateway.delivering.DeliveryNode;
import io.parley.gateway.delivering.EventStore;
import io.parley.protocol.ConversationId;
import io.parley.protocol.EventPage;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Attached;
import io.parley.protocol.log.AttachingAll;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Cursor;
import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.EventDelivery;
import io.parley.protocol.log.Listed;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.ReplyDelivery;
import io.parley.protocol.log.SessionOpened;
import io.parley.protocol.log.Summary;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.ConversationSummary;
import io.parley.protocol.wire.Error;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.Reply;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** A log and engine of a few lines in memory: everybody is in every group, a message gets the next seq and goes to the node. */
public final class MiniEngine implements CommandLog, EventStore {
    private static final Node NODE = Node.newBuilder().setSlot(0).setEpoch(1).build();

    final List<ConversationCommand> commands = new CopyOnWriteArrayList<>();
    final List<UserCommand> userCommands = new CopyOnWriteArrayList<>();
    private final DeliveryNode node = new DeliveryNode(NODE, this, this);
    private final Map<ConversationId, Integer> heads = new HashMap<>();
    private volatile @Nullable Exception failure;
    private volatile boolean holding;
    private final List<Runnable> held = new CopyOnWriteArrayList<>();
    /** It opens no session. */
    volatile boolean silent;
    /** Its answer to a device that connects. */
    volatile SessionOpened session = SessionOpened.newBuilder().setSession(1).build();

    /** The conversations that it lists, ascending, and what each says of itself. */
    private volatile List<String> listed = List.of();

    private volatile String description = "";
    private volatile @Nullable Error refused;

    private long ordinal;

    /** The node that it serves. */
    public DeliveryNode node() {
        return node;
    }

    /** From now on everybody is listed in these, ascending. */
    void conversations(List<String> ids, String eachDescription) {
        listed = ids;
        description = eachDescription;
    }

    /** The cursors that the node reported. */
    List<Integer> reported() {
        return commands.stream()
                .filter(ConversationCommand::hasReportCursors)
                .flatMap(command -> command.getReportCursors().getCursorsList().stream())
                .map(Cursor::getSeq)
                .toList();
    }

    /** From now on no conversation of two may begin. */
    void refuse(Error.Builder error) {
        refused = error.build();
    }

    /** From now on the log refuses everything. */
    void fail() {
        failure = new IllegalStateException("no broker");
    }

    /** From now on the log keeps its acknowledgements back, until {@link #release}. */
    void hold() {
        holding = true;
    }

    void release() {
        holding = false;
        held.forEach(Runnable::run);
        held.clear();
    }

    @Override
    public synchronized void append(
            ConversationId conversation, ConversationCommand command, Consumer<@Nullable Exception> done) {
        commands.add(command);
        settle(done);
        if (failure != null) {
            return;
        }
        switch (command.getCommandCase()) {
            case ATTACH ->
                deliver(conversation.value(), Delivery.newBuilder().setAttached(attached(conversation, command)));
            case SUMMARIZE ->
                deliver(conversation.value(), Delivery.newBuilder().setSummary(summary(conversation, command)));
            case SEND_MESSAGE ->
                deliver(conversation.value(), Delivery.newBuilder().setEvent(event(conversation, command)));
            default -> {}
        }
    }

    @Override
    public synchronized void append(UserId user, UserCommand command, Consumer<@Nullable Exception> done) {
        userCommands.add(command);
        settle(done);
        if (failure != null) {
            return;
        }
        Origin origin = command.getOrigin();
        if (command.hasDeviceConnected() && !silent) {
            deliver(
                    user.value(),
                    Delivery.newBuilder().setSessionOpened(session.toBuilder().setConnection(origin.getConnection())));
        }
        if (command.hasSubscribe() && command.getSubscribe().getAttachAll()) {
            deliver(
                    user.value(),
                    Delivery.newBuilder()
                            .setAttachingAll(AttachingAll.newBuilder().setConnection(origin.getConnection())));
        }
        if (command.hasListConversations()) {
            String after = command.getListConversations().getAfter();
            deliver(
                    user.value(),
                    Delivery.newBuilder()
                            .setListed(Listed.newBuilder()
                                    .setConnection(origin.getConnection())
                                    .setRequestId(command.getRequestId())
                                    .addAllConversations(listed.stream()
                                            .filter(id -> id.compareTo(after) > 0)
                                            .toList())));
        }
        if (command.hasOpenGroup()) {
            deliver(
                    user.value(),
                    Delivery.newBuilder()
                            .setReply(ReplyDelivery.newBuilder()
                                    .setUser(origin.getUser())
                                    .setDevice(origin.getDevice())
                                    .setConnection(origin.getConnection())
                                    .setReply(Reply.newBuilder()
                                            .setRequestId(command.getRequestId())
                                            .setConversation(
                                                    command.getOpenGroup().getConversation()))));
        }
    }

    @Override
    public void appendToAllUsers(UserCommand command, IntConsumer taken) {
        settle(failure -> taken.accept(0));
    }

    @Override
    public CompletionStage<EventPage> read(ConversationId conversation, int after, int limit) {
        return CompletableFuture.completedFuture(new EventPage(List.of(), after));
    }

    @Override
    public CompletionStage<Integer> head(ConversationId conversation) {
        return CompletableFuture.completedFuture(0);
    }

    private void settle(Consumer<@Nullable Exception> done) {
        if (holding) {
            held.add(() -> done.accept(null));
        } else {
            done.accept(failure);
        }
    }

    private Summary summary(ConversationId conversation, ConversationCommand command) {
        return Summary.newBuilder()
                .setConnection(command.getOrigin().getConnection())
                .setRequestId(command.getRequestId())
                .setSummary(ConversationSummary.newBuilder()
                        .setId(conversation.value())
                        .setDescription(description))
                .build();
    }

    private Attached attached(ConversationId conversation, ConversationCommand command) {
        int head = heads.getOrDefault(conversation, 0);
        Error error = refused;
        if (command.getAttach().getToWrite() && error != null) {
            return Attached.newBuilder()
                    .setConnection(command.getOrigin().getConnection())
                    .setRightsOnly(true)
                    .setToWrite(true)
                    .setRefused(error)
                    .build();
        }
        return Attached.newBuilder()
                .setUser(command.getOrigin().getUser())
                .setDevice(command.getOrigin().getDevice())
                .setConnection(command.getOrigin().getConnection())
                .setRightsOnly(command.getAttach().getRightsOnly())
                .setToWrite(command.getAttach().getToWrite())
                .setMember(true)
                .setHead(head)
                .setCursor(head)
                .setOrdinal(++ordinal)
                .build();
    }

    private EventDelivery event(ConversationId conversation, ConversationCommand command) {
        int seq = heads.merge(conversation, 1, Integer::sum);
        Publication publication = command.getSendMessage().getPublication();
        ByteString bytes = ChatEvent.newBuilder()
                .setSeq(seq)
                .setId(publication.getId())
                .setFrom(command.getOrigin().getUser())
                .setText(publication.getText())
                .build()
                .toByteString();
        return EventDelivery.newBuilder().setSeq(seq).setEvent(bytes).build();
    }

    private void deliver(String key, Delivery.Builder delivery) {
        var unused = node.deliver(List.of(new DeliveryNode.Addressed(key, delivery.build())));
    }
}
