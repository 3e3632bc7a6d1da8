package io.parley.client;

import com.google.protobuf.Message;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.parley.protocol.ConversationId;
import io.parley.protocol.MalformedPayload;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Presences;
import io.parley.protocol.wire.Receipts;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.Typing;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** What comes, handed to the client's thread. */
final class Receiving {
    /** So much that is worth nothing later waits for the application at most. */
    private static final int MOST_SIGNALS = 1_000;

    private final ChatHandler handler;
    private final ClientThread thread;
    private final Deliveries deliveries;
    private final Consumer<Reply> replied;
    private final AtomicInteger signals = new AtomicInteger();

    Receiving(ChatHandler handler, ClientThread thread, Deliveries deliveries, Consumer<Reply> replied) {
        this.handler = handler;
        this.thread = thread;
        this.deliveries = deliveries;
        this.replied = replied;
    }

    void received(Mqtt5Publish publish) {
        if (publish.getQos() != MqttQos.AT_MOST_ONCE) {
            thread.execute(() -> take(publish, publish::acknowledge));
        } else if (signals.get() < MOST_SIGNALS) {
            signals.incrementAndGet();
            thread.execute(() -> {
                signals.decrementAndGet();
                take(publish, () -> {});
            });
        }
    }

    private void take(Mqtt5Publish publish, Runnable acknowledge) {
        String[] levels = publish.getTopic().toString().split("/", -1);
        try {
            if (levels[0].equals("user")) {
                acknowledge.run();
                replied.accept(decoded(publish, Reply.newBuilder()).build());
            } else if (levels.length == 3 && levels[2].equals("msg")) {
                deliveries.take(
                        ConversationId.parse(levels[1]),
                        decoded(publish, ChatEvent.newBuilder()).build(),
                        acknowledge);
            } else {
                acknowledge.run();
                signal(ConversationId.parse(levels[1]), levels[levels.length - 1], publish);
            }
        } catch (MalformedPayload | IllegalArgumentException e) {
            acknowledge.run();
            thread.log("something unreadable came on " + publish.getTopic(), e);
        }
    }

    private void signal(ConversationId conversation, String feed, Mqtt5Publish publish) throws MalformedPayload {
        switch (feed) {
            case "receipt" ->
                handler.receipts(
                        conversation, decoded(publish, Receipts.newBuilder()).build());
            case "presence" ->
                handler.presences(
                        conversation, decoded(publish, Presences.newBuilder()).build());
            case "typing" ->
                handler.typing(
                        conversation, decoded(publish, Typing.newBuilder()).build());
            default -> {}
        }
    }

    private static <B extends Message.Builder> B decoded(Mqtt5Publish publish, B into) throws MalformedPayload {
        return Wire.decode(publish.getPayloadAsBytes(), into);
    }
}
