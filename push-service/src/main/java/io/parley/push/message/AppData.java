package io.parley.push.message;

import io.parley.protocol.push.Notification;
import io.parley.push.content.CollapseId;
import io.parley.push.content.DataField;
import java.util.LinkedHashMap;
import java.util.Map;

/** The data fields that an app reads, as texts: {@link DataField} names most of them. */
public final class AppData {
    /** The user's unread messages in all conversations. */
    public static final String BADGE = "badge";

    /** Under which tag the notification is shown: a newer one with the same tag replaces it, and a withdrawal names it. */
    public static final String TAG = "tag";

    private AppData() {}

    /** The fields of one notification. */
    public static Map<String, String> of(Notification notification) {
        Map<String, String> fields = new LinkedHashMap<>();
        if (!notification.hasDigest() && !notification.hasBadgeChanged()) {
            fields.put(DataField.CONVERSATION, notification.getConversation());
            fields.put(DataField.SEQ, Integer.toUnsignedString(notification.getSeq()));
        }
        fields.put(BADGE, Integer.toUnsignedString(notification.getBadge()));
        if (!notification.hasBadgeChanged()) {
            fields.put(TAG, CollapseId.of(notification));
        }
        if (notification.hasWithdrawal()) {
            fields.put(DataField.WITHDRAW, "true");
        }
        if (notification.getAlert().getMention()) {
            fields.put(DataField.MENTION, "true");
        }
        return fields;
    }
}
