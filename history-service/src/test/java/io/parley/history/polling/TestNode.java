package io.parley.history.polling;

import io.parley.gateway.CommandLog;
import io.parley.gateway.delivering.DeliveryNode;
import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Attached;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Cursor;
import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.EventDelivery;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.SessionOpened;
import io.parley.protocol.log.Subscription;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.ChatEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** A process with devices that poll; the test plays the engine. */
final class TestNode implements CommandLog {
    static final PollSettings SETTINGS =
            new PollSettings(Duration.ofSeconds(60), 2, Duration.ofMinutes(5), Duration.ofSeconds(3));

    final TestLoop loop = new TestLoop();
    final List<UserCommand> toUsers = new ArrayList<>();
    final List<ConversationCommand> toConversations = new ArrayList<>();
    final DeliveryNode node =
            new DeliveryNode(Node.newBuilder().setSlot(7).setEpoch(1).build(), this, new NothingStored());
    final CursorSeal seal = new CursorSeal("the secret of all processes");
    final Polls polls = new Polls(node, seal, SETTINGS, user -> loop, user -> true);
    private long ordinal;

    /** What a call was told. */
    static final class Call implements Reader {
        final List<String> payloads = new ArrayList<>();
        final List<String> cursors = new ArrayList<>();
        final boolean stream;

        @Nullable
        Ending ended;

        Call(boolean stream) {
            this.stream = stream;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public boolean isStream() {
            return stream;
        }

        @Override
        public void take(List<Happening> happenings, String cursor) {
            happenings.forEach(one -> payloads.add(new String(one.payload(), StandardCharsets.UTF_8)));
            cursors.add(cursor);
        }

        @Override
        public void end(Ending reason) {
            ended = reason;
        }

        @Override
        public void idle(long nowNanos) {}
    }

    Call poll(DeviceId device, Map<ConversationId, Integer> has) {
        return call(device, has, new Call(false));
    }

    Call call(DeviceId device, Map<ConversationId, Integer> has, Call call) {
        polls.wait(device, 0, has, call);
        loop.run();
        return call;
    }

    /** The connection that asked last for a session gets it. */
    void open(boolean present) {
        SessionOpened.Builder opened = SessionOpened.newBuilder()
                .setConnection(asking().getConnection())
                .setPresent(present)
                .setSession(5);
        if (present) {
            opened.addSubscriptions(
                            Subscription.newBuilder().setFilter("chat/#").setQos(1))
                    .addSubscriptions(Subscription.newBuilder()
                            .setFilter("user/ann/reply")
                            .setQos(1));
        }
        deliver("ann", Delivery.newBuilder().setSessionOpened(opened));
    }

    Origin asking() {
        return toUsers.stream()
                .filter(UserCommand::hasDeviceConnected)
                .reduce((first, second) -> second)
                .orElseThrow()
                .getOrigin();
    }

    /** The device has everything up to the cursor, as the engine knows. */
    void attach(ConversationId conversation, int cursor, int head) {
        deliver(
                conversation.value(),
                Delivery.newBuilder()
                        .setAttached(Attached.newBuilder()
                                .setUser("ann")
                                .setConnection(asking().getConnection())
                                .setWildcard(true)
                                .setMember(true)
                                .setCursor(cursor)
                                .setHead(head)
                                .setOrdinal(++ordinal)));
    }

    void event(ConversationId conversation, int seq) {
        deliver(
                conversation.value(),
                Delivery.newBuilder()
                        .setEvent(EventDelivery.newBuilder()
                                .setSeq(seq)
                                .setEvent(ChatEvent.newBuilder()
                                        .setSeq(seq)
                                        .setText("m" + seq)
                                        .build()
                                        .toByteString())));
    }

    private void deliver(String key, Delivery.Builder delivery) {
        var unused = node.deliver(List.of(new DeliveryNode.Addressed(key, delivery.build())));
        loop.run();
    }

    /** The greatest seq that the log was told to be acknowledged. */
    int acknowledged() {
        return toConversations.stream()
                .flatMap(command -> command.getReportCursors().getCursorsList().stream())
                .mapToInt(Cursor::getSeq)
                .max()
                .orElse(0);
    }

    @Override
    public void append(ConversationId conversation, ConversationCommand command, Consumer<@Nullable Exception> done) {
        toConversations.add(command);
        done.accept(null);
    }

    @Override
    public void append(UserId user, UserCommand command, Consumer<@Nullable Exception> done) {
        toUsers.add(command);
        done.accept(null);
    }

    @Override
    public void appendToAllUsers(UserCommand command, IntConsumer taken) {}
}
