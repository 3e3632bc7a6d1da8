package io.parley.push.fcm;

import com.google.firebase.messaging.AndroidConfig;
import com.google.firebase.messaging.AndroidNotification;
import com.google.firebase.messaging.Message;
import io.parley.protocol.push.Notification;
import io.parley.protocol.push.PushToken;
import io.parley.push.content.CollapseId;
import io.parley.push.content.DigestText;
import io.parley.push.message.AppData;
import io.parley.push.message.ShownText;
import io.parley.push.message.TimeToLive;

/**
 * A notification as FCM takes it. An alert or a digest is shown by Android itself, under the tag of its conversation; a withdrawal is data alone, which wakes the
 * app. The id under which FCM keeps the newest for a device that is away is the same as the tag; FCM keeps
 * <a href="https://firebase.google.com/docs/cloud-messaging/customize-messages/collapsible-message-types">four of them for each device</a>.
 */
final class FcmMessages {
    /** A message has <a href="https://firebase.google.com/docs/cloud-messaging/customize-messages/set-message-type">at most 4,096 bytes</a>, data included. */
    private static final int TITLE_BYTES = 512;

    private static final int BODY_BYTES = 2_048;
    private static final int HIGHEST_COUNT = 99_999;

    private final DigestText digest;

    FcmMessages(DigestText digest) {
        this.digest = digest;
    }

    /** The message to one token. The SDK prefers installation ids, but what apps are given and register is still a token. */
    @SuppressWarnings("deprecation")
    Message of(PushToken token, Notification notification, long nowMillis) {
        Message.Builder message = Message.builder()
                .setToken(token.getToken())
                .putAllData(AppData.of(notification))
                .setAndroidConfig(android(notification, nowMillis));
        if (ShownText.isIn(notification)) {
            ShownText text = ShownText.of(notification, digest).within(TITLE_BYTES, BODY_BYTES);
            message.setNotification(com.google.firebase.messaging.Notification.builder()
                    .setTitle(text.title())
                    .setBody(text.body())
                    .build());
        }
        return message.build();
    }

    private static AndroidConfig android(Notification notification, long nowMillis) {
        String collapseId = CollapseId.of(notification);
        AndroidConfig.Builder android = AndroidConfig.builder()
                .setTtl(TimeToLive.of(notification, nowMillis).toMillis())
                .setPriority(notification.hasAlert() ? AndroidConfig.Priority.HIGH : AndroidConfig.Priority.NORMAL);
        if (!notification.hasBadgeChanged()) {
            // FCM keeps four keys for a device that is away: those are for what is shown.
            android.setCollapseKey(collapseId);
        }
        if (ShownText.isIn(notification)) {
            android.setNotification(AndroidNotification.builder()
                    .setTag(collapseId)
                    .setNotificationCount(
                            (int) Math.min(Integer.toUnsignedLong(notification.getBadge()), HIGHEST_COUNT))
                    .build());
        }
        return android.build();
    }
}
