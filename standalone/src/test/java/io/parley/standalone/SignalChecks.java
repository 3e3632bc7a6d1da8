package io.parley.standalone;

import static org.awaitility.Awaitility.await;

import com.google.protobuf.Message;
import io.parley.protocol.ConversationId;
import io.parley.protocol.MalformedPayload;
import io.parley.protocol.UserId;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.ConversationSummary;
import io.parley.protocol.wire.Presence;
import io.parley.protocol.wire.Presences;
import io.parley.protocol.wire.Receipt;
import io.parley.protocol.wire.Receipts;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.Typing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What tests of receipts, presence and typing need: clients, requests, and what each was told. */
abstract class SignalChecks {
    static final Duration LIMIT = Duration.ofSeconds(30);
    /** Longer than the platform gathers what moved. */
    static final Duration SOON = Duration.ofSeconds(10);

    private final Platform platform;

    SignalChecks(Platform platform) {
        this.platform = platform;
    }

    Platform platform() {
        return platform;
    }

    HiveMqClient client(String user, String device) {
        return new HiveMqClient(Login.of(platform, UserId.parse(user), device));
    }

    static ConversationId direct(String one, String other) {
        return ConversationId.direct(UserId.parse(one), UserId.parse(other));
    }

    Reply request(HiveMqClient client, String user, String request) throws Exception {
        client.subscribe("user/" + user + "/reply");
        String id = request.split("\"", -1)[3];
        client.publish("user/" + user + "/request", request);
        return await().atMost(LIMIT)
                .until(
                        () -> client.received().stream()
                                .filter(message -> message.topic().startsWith("user/"))
                                .map(message -> (Reply) decoded(message, Reply.newBuilder()))
                                .filter(reply -> reply.getRequestId().equals(id))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    ConversationSummary summary(String user, ConversationId chat) throws Exception {
        try (HiveMqClient asking = client(user, "asking")) {
            return request(asking, user, "{\"requestId\":\"s\",\"listConversations\":{}}")
                    .getConversationsList()
                    .stream()
                    .filter(summary -> summary.getId().equals(chat.value()))
                    .findFirst()
                    .orElse(ConversationSummary.getDefaultInstance());
        }
    }

    /** The pointers of a user, as the client was last told. */
    static Receipt pointer(HiveMqClient client, ConversationId chat, String user) {
        return all(client, chat, "receipt", Receipts.newBuilder()).stream()
                .flatMap(message -> ((Receipts) message).getReceiptsList().stream())
                .filter(receipt -> receipt.getUser().equals(user))
                .reduce(Receipt.getDefaultInstance(), (before, after) -> after);
    }

    static Presence presence(HiveMqClient client, ConversationId chat, String user) {
        return all(client, chat, "presence", Presences.newBuilder()).stream()
                .flatMap(message -> ((Presences) message).getPresenceList().stream())
                .filter(presence -> presence.getUser().equals(user))
                .reduce(Presence.getDefaultInstance(), (before, after) -> after);
    }

    static List<Message> typing(HiveMqClient client, ConversationId chat) {
        return all(client, chat, "typing", Typing.newBuilder());
    }

    static List<Message> all(HiveMqClient client, ConversationId chat, String feed, Message.Builder into) {
        return client.received().stream()
                .filter(message -> message.topic().equals("chat/" + chat + "/" + feed))
                .map(message -> decoded(message, into))
                .toList();
    }

    static Message decoded(ChatClient.Received message, Message.Builder into) {
        Message.Builder fresh = into.clone();
        try {
            WireFormat.JSON.decode(message.payload().getBytes(StandardCharsets.UTF_8), fresh);
        } catch (MalformedPayload e) {
            throw new IllegalStateException(message.payload(), e);
        }
        return fresh.build();
    }
}
