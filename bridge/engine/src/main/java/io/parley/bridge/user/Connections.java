package io.parley.bridge.user;

import io.parley.bridge.Effect;
import io.parley.bridge.state.Device;
import io.parley.bridge.state.Newcomer;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.CloseConnection;
import io.parley.protocol.log.CloseConnection.Reason;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.ExpectDevice;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.ReplyDelivery;
import io.parley.protocol.wire.Reply;

/** Where a user's devices are connected, and how they are reached there. */
public final class Connections {
    private Connections() {}

    /** The connection wants what the attach says of that conversation. */
    public static Effect attach(ConversationId conversation, Origin origin, Attach attach) {
        return new Effect.TellConversation(
                conversation,
                ConversationCommand.newBuilder()
                        .setOrigin(origin)
                        .setAttach(attach)
                        .build());
    }

    /** The device is away, and wants the conversation from the start when it comes back. */
    public static Effect expect(ConversationId conversation, UserId user, String name, Device device) {
        return new Effect.TellConversation(
                conversation,
                ConversationCommand.newBuilder()
                        .setExpectDevice(ExpectDevice.newBuilder()
                                .setUser(user.value())
                                .setDevice(name)
                                .setSession(device.getSession()))
                        .build());
    }

    /** News for one device. */
    public static Effect tell(UserId user, String name, Device device, Reply.Builder reply) {
        return deliver(
                user,
                device,
                Delivery.newBuilder()
                        .setReply(ReplyDelivery.newBuilder()
                                .setUser(user.value())
                                .setDevice(name)
                                .setConnection(device.getConnection())
                                .setReply(reply)));
    }

    /** The connection is to end. */
    public static Effect close(UserId user, String name, Device device, Reason reason) {
        return deliver(
                user,
                device,
                Delivery.newBuilder()
                        .setClose(CloseConnection.newBuilder()
                                .setUser(user.value())
                                .setDevice(name)
                                .setConnection(device.getConnection())
                                .setReason(reason)));
    }

    /** Something for the node at which the device is connected. */
    public static Effect deliver(UserId user, Device device, Delivery.Builder delivery) {
        return new Effect.Deliver(
                device.getSlot(),
                user.value(),
                delivery.setEpoch(device.getEpoch()).build());
    }

    /** Whether the device is connected by that very connection. */
    public static boolean isSame(Device device, Origin origin) {
        return device.getSlot() == origin.getNode().getSlot()
                && device.getEpoch() == origin.getNode().getEpoch()
                && device.getConnection() == origin.getConnection();
    }

    /** Whether both are connected by the same connection. */
    public static boolean isSame(Device one, Device other) {
        return one.getSlot() == other.getSlot()
                && one.getEpoch() == other.getEpoch()
                && one.getConnection() == other.getConnection();
    }

    /** Whether it is connected anywhere. */
    public static boolean isConnected(Device device) {
        return device.getConnection() != 0;
    }

    /** Whether the device's connection was of that life of the node, or of one before. */
    public static boolean isLost(Device device, Node node) {
        return isConnected(device) && device.getSlot() == node.getSlot() && device.getEpoch() <= node.getEpoch();
    }

    /** The device as it is connected by that connection. */
    public static Device device(Origin origin, long nowMillis) {
        return Device.newBuilder()
                .setSeenMillis(nowMillis)
                .setSlot(origin.getNode().getSlot())
                .setEpoch(origin.getNode().getEpoch())
                .setConnection(origin.getConnection())
                .build();
    }

    /** The device as it is connected by who asks for its session. */
    public static Device device(Newcomer newcomer) {
        return Device.newBuilder()
                .setSlot(newcomer.getSlot())
                .setEpoch(newcomer.getEpoch())
                .setConnection(newcomer.getConnection())
                .build();
    }

    /** What a command of that connection would carry. */
    public static Origin origin(UserId user, String name, Device device) {
        return Origin.newBuilder()
                .setUser(user.value())
                .setDevice(name)
                .setConnection(device.getConnection())
                .setSession(device.getSession())
                .setNode(Node.newBuilder().setSlot(device.getSlot()).setEpoch(device.getEpoch()))
                .build();
    }
}
