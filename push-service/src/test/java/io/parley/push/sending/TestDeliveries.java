package io.parley.push.sending;

import io.parley.protocol.push.Alert;
import io.parley.protocol.push.Notification;
import io.parley.protocol.push.PushPlatform;
import io.parley.protocol.push.PushToken;

/** Deliveries as a lane gets them. */
final class TestDeliveries {
    private TestDeliveries() {}

    static Delivery of(String token, String conversation, int seq) {
        return until(token, conversation, seq, 0);
    }

    static Delivery until(String token, String conversation, int seq, long expiresAtMillis) {
        return new Delivery(
                PushToken.newBuilder()
                        .setPlatform(PushPlatform.APNS)
                        .setToken(token)
                        .build(),
                Notification.newBuilder()
                        .setUser("ann")
                        .setConversation(conversation)
                        .setSeq(seq)
                        .setExpiresAtMillis(expiresAtMillis)
                        .setAlert(Alert.newBuilder().setBody("hi"))
                        .build(),
                new LogPosition(0, seq, 0));
    }
}
