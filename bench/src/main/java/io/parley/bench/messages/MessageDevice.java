package io.parley.bench.messages;

import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import java.util.concurrent.CompletableFuture;

/** One device of the load, in one conversation. It connects again by itself and sends again what was not answered. */
interface MessageDevice {
    /**
     * Where a device sits.
     *
     * @param number of the device in the load
     * @param conversation number of the conversation in the load
     * @param name the conversation
     */
    record Seat(int number, DeviceId id, int conversation, ConversationId name) {
        String topic() {
            return "chat/" + name + "/msg";
        }

        String receiptTopic() {
            return "chat/" + name + "/receipt";
        }

        /** Whether the device says what it has read; of the others it is only known by what they acknowledged. */
        boolean reads() {
            return number % 2 == 0;
        }
    }

    /** Connects and subscribes; done when both are answered. */
    CompletableFuture<Void> open();

    /** Sends message {@code k}; never waits. */
    void send(int k, String text);

    /** Says that everything that has come was read, if the device is one that says it; never waits. */
    void readEverything();

    CompletableFuture<Void> close();
}
