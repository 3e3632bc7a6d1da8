package io.parley.push.apns;

import com.eatthepath.pushy.apns.util.ApnsPayloadBuilder;
import com.eatthepath.pushy.apns.util.SimpleApnsPayloadBuilder;
import io.parley.protocol.push.Alert;
import io.parley.protocol.push.Notification;
import io.parley.push.content.CollapseId;
import io.parley.push.content.DataField;
import io.parley.push.content.DigestText;
import io.parley.push.content.Shortening;

/** The JSON that a phone gets, at most {@value #MAX_BYTES} bytes: Apple takes no more. */
final class ApnsPayload {
    static final int MAX_BYTES = 4096;

    private static final int MAX_TITLE = 200;
    private static final String SOUND = "default";

    private final DigestText digestText;

    ApnsPayload(DigestText digestText) {
        this.digestText = digestText;
    }

    /** The payload of a notification; of a body that is too long the beginning. */
    String of(Notification notification) {
        if (notification.hasWithdrawal()) {
            return withdrawal(notification);
        }
        if (notification.hasBadgeChanged()) {
            return base(notification).build();
        }
        if (notification.hasDigest()) {
            return base(notification)
                    .setAlertTitle(digestText.title())
                    .setAlertBody(digestText.bodyOf(notification.getDigest()))
                    .build();
        }
        return Shortening.toFit(notification.getAlert().getBody(), MAX_BYTES, body -> alert(notification, body));
    }

    private static String alert(Notification notification, String body) {
        Alert alert = notification.getAlert();
        ApnsPayloadBuilder payload = base(notification)
                .setSound(SOUND)
                .setThreadId(CollapseId.of(notification))
                .setAlertTitle(Shortening.toLength(alert.getTitle(), MAX_TITLE))
                .setAlertBody(body);
        if (alert.getGroup() && !alert.getSender().isEmpty()) {
            payload.setAlertSubtitle(Shortening.toLength(alert.getSender(), MAX_TITLE));
        }
        if (alert.getMention()) {
            payload.addCustomProperty(DataField.MENTION, true);
        }
        return payload.build();
    }

    private static String withdrawal(Notification notification) {
        return base(notification)
                .setContentAvailable(true)
                .addCustomProperty(DataField.WITHDRAW, true)
                .build();
    }

    private static ApnsPayloadBuilder base(Notification notification) {
        ApnsPayloadBuilder payload = new SimpleApnsPayloadBuilder().setBadgeNumber(notification.getBadge());
        if (!notification.getConversation().isEmpty()) {
            payload.addCustomProperty(DataField.CONVERSATION, notification.getConversation())
                    .addCustomProperty(DataField.SEQ, Integer.toUnsignedLong(notification.getSeq()));
        }
        return payload;
    }
}
