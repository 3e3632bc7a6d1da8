package io.parley.broker.netty;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.hivemq.mqtt.message.QoS;
import com.hivemq.mqtt.message.publish.PUBLISH;
import com.hivemq.mqtt.message.reason.Mqtt5DisconnectReasonCode;
import io.parley.broker.request.Ids;
import io.parley.broker.request.Requests;
import io.parley.delivery.CommandLog;
import io.parley.delivery.DeviceSession;
import io.parley.delivery.Permission;
import io.parley.protocol.ConversationId;
import io.parley.protocol.Feed;
import io.parley.protocol.LegibleText;
import io.parley.protocol.MalformedPayload;
import io.parley.protocol.Publications;
import io.parley.protocol.PublishTopic;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.SendMessage;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.ReadReceipt;
import io.parley.protocol.wire.Typing;

/** Takes what a device publishes: validates, authorises, appends to the log, and acknowledges when the log has it. On the event loop. */
final class Intake {
    private static final FieldDescriptor MESSAGE_ID =
            Publication.getDescriptor().findFieldByNumber(Publication.ID_FIELD_NUMBER);
    /** The longest refused id that a refusal repeats: it has to fit into a packet itself. */
    static final int MAX_ECHOED_LENGTH = 1_024;

    private static final byte[] EMPTY = {};

    private final MqttLink link;
    private final DeviceSession session;
    private final CommandLog log;
    private final Requests requests;
    private final RequestIntake requestIntake;
    private final Acknowledgements acknowledgements;
    private final Rights rights;

    Intake(MqttLink link, DeviceSession session, Backend backend) {
        this.link = link;
        this.session = session;
        this.log = backend.node().log();
        this.requests = backend.requests();
        this.requestIntake = new RequestIntake(link, session, requests);
        this.acknowledgements = new Acknowledgements(link, backend.metrics());
        this.rights = new Rights(session.subscriptions()::mayPublish);
    }

    /** Takes a PUBLISH when it is its turn. */
    void take(PUBLISH publish) {
        acknowledgements.inTurn(() -> takeNow(publish));
    }

    /** Runs something when all that came before it has been taken. */
    void afterwards(Runnable task) {
        acknowledgements.inTurn(task);
    }

    /** The connection has ended. */
    void end() {
        acknowledgements.end();
        link.replies().end();
    }

    private void takeNow(PUBLISH publish) {
        if (publish.getQoS() == QoS.EXACTLY_ONCE) {
            link.disconnect(Mqtt5DisconnectReasonCode.QOS_NOT_SUPPORTED, "QoS 2 is not offered");
            return;
        }
        if (publish.isRetain()) {
            link.disconnect(Mqtt5DisconnectReasonCode.RETAIN_NOT_SUPPORTED, "retained messages are not offered");
            return;
        }
        int packetId = publish.getQoS() == QoS.AT_MOST_ONCE ? 0 : publish.getPacketIdentifier();
        Taken taken = acknowledgements.expect(packetId);
        byte[] payload = publish.getPayload() == null ? EMPTY : publish.getPayload();
        try {
            dispatch(publish, payload, taken);
        } catch (MalformedPayload e) {
            taken.refuse(e.isTooLarge() ? Outcome.TOO_LARGE : Outcome.MALFORMED, e.getMessage());
        }
    }

    private void dispatch(PUBLISH publish, byte[] payload, Taken taken) throws MalformedPayload {
        PublishTopic topic =
                PublishTopic.parse(publish.getTopic(), link.device().user());
        if (topic instanceof PublishTopic.Chat chat) {
            taken.isTo(chat.conversation());
        }
        if (topic instanceof PublishTopic.Chat chat && chat.feed() == Feed.MSG) {
            Publication publication = publication(payload, taken);
            if (isWithinLimits(payload, taken)) {
                message(chat.conversation(), publication, taken);
            }
        } else if (topic instanceof PublishTopic.Chat chat && chat.feed() == Feed.RECEIPT) {
            int read = read(payload);
            if (isWithinLimits(payload, taken)) {
                signal(chat.conversation(), taken, () -> session.read(chat.conversation(), read));
            }
        } else if (topic instanceof PublishTopic.Chat chat && chat.feed() == Feed.TYPING) {
            Typing.Builder typing = Typing.newBuilder();
            link.format().decode(payload, typing);
            if (requests.limits().message(link.device().user(), payload.length)) {
                signal(chat.conversation(), taken, () -> session.typing(chat.conversation(), typing.getTyping()));
            } else {
                // Nobody misses one, and later it is worth nothing.
                taken.accept();
            }
        } else if (topic instanceof PublishTopic.Request request
                && request.user().equals(link.device().user())) {
            requestIntake.take(payload, publish.getCorrelationData(), taken);
        } else {
            taken.refuse(Outcome.NOT_ALLOWED, "nothing may be published there");
        }
    }

    private boolean isWithinLimits(byte[] payload, Taken taken) {
        if (requests.limits().message(link.device().user(), payload.length)) {
            return true;
        }
        taken.refuse(Outcome.RATE_LIMITED, "too many messages, slow down");
        return false;
    }

    private Publication publication(byte[] payload, Taken taken) throws MalformedPayload {
        try {
            Publication publication = Publications.read(payload, link.format());
            taken.isMessage(publication.getId());
            return publication;
        } catch (MalformedPayload e) {
            LegibleText.find(payload, link.format(), MESSAGE_ID)
                    .filter(id -> id.length() <= MAX_ECHOED_LENGTH)
                    .ifPresent(taken::isMessage);
            throw e;
        }
    }

    private int read(byte[] payload) throws MalformedPayload {
        ReadReceipt.Builder receipt = ReadReceipt.newBuilder();
        link.format().decode(payload, receipt);
        if (receipt.getRead() <= 0) {
            throw new MalformedPayload("read is the seq of a message");
        }
        return receipt.getRead();
    }

    /** What is no message is acknowledged when the node has it. */
    private void signal(ConversationId conversation, Taken taken, Runnable accepted) {
        rights.ask(conversation, permission -> {
            if (permission == Permission.GRANTED) {
                accepted.run();
                taken.accept();
            } else {
                refuse(taken, permission);
            }
        });
    }

    private void message(ConversationId conversation, Publication publication, Taken taken) {
        Publication named = publication.getId().isEmpty()
                ? publication.toBuilder().setId(Ids.message()).build()
                : publication;
        ConversationCommand command = ConversationCommand.newBuilder()
                .setOrigin(session.origin())
                .setSendMessage(SendMessage.newBuilder().setPublication(named))
                .build();
        rights.ask(conversation, permission -> {
            if (link.isClosing()) {
                return;
            }
            if (permission == Permission.GRANTED) {
                log.append(
                        conversation,
                        command,
                        failure -> link.onShard(() -> taken.settle(failure, requests.outages())));
            } else {
                refuse(taken, permission);
            }
        });
    }

    private static void refuse(Taken taken, Permission permission) {
        if (permission == Permission.DENIED) {
            taken.refuse(Outcome.NOT_A_MEMBER, "not a member");
        } else {
            taken.unreachable();
        }
    }
}
