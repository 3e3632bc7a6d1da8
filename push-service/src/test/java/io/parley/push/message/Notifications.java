package io.parley.push.message;

import io.parley.protocol.push.Alert;
import io.parley.protocol.push.BadgeChanged;
import io.parley.protocol.push.Digest;
import io.parley.protocol.push.Notification;
import io.parley.protocol.push.Withdrawal;
import io.parley.push.content.DigestText;

/** Notifications for tests. */
public final class Notifications {
    public static final DigestText DIGEST = new DigestText("New messages", "{messages} in {conversations}");

    private Notifications() {}

    public static Notification alert(String title, String body) {
        return about().setAlert(Alert.newBuilder().setTitle(title).setBody(body))
                .build();
    }

    public static Notification inGroup(String title, String sender, String body) {
        Alert.Builder alert = Alert.newBuilder()
                .setTitle(title)
                .setSender(sender)
                .setBody(body)
                .setGroup(true)
                .setMention(true);
        return about().setAlert(alert).build();
    }

    public static Notification withdrawal() {
        return about().setWithdrawal(Withdrawal.getDefaultInstance()).build();
    }

    public static Notification badge(int unread) {
        return Notification.newBuilder()
                .setUser("ben")
                .setBadge(unread)
                .setBadgeChanged(BadgeChanged.getDefaultInstance())
                .build();
    }

    public static Notification digest(int messages, int conversations) {
        return Notification.newBuilder()
                .setUser("ben")
                .setBadge(messages)
                .setDigest(Digest.newBuilder().setMessages(messages).setConversations(conversations))
                .build();
    }

    private static Notification.Builder about() {
        return Notification.newBuilder()
                .setUser("ben")
                .setConversation("c-1")
                .setSeq(42)
                .setBadge(3);
    }
}
