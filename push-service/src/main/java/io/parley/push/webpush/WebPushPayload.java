package io.parley.push.webpush;

import com.google.gson.JsonObject;
import io.parley.protocol.push.Notification;
import io.parley.push.content.CollapseId;
import io.parley.push.content.DataField;
import io.parley.push.content.DigestText;
import io.parley.push.message.AppData;
import io.parley.push.message.ShownText;
import io.parley.push.message.Utf8;
import java.nio.charset.StandardCharsets;

/** What a service worker gets: JSON. Its body is cut until the whole fits into a message. */
final class WebPushPayload {
    /** An encrypted message has <a href="https://www.rfc-editor.org/rfc/rfc8291#section-4">at most 4,096 bytes</a>: 103 are of the encryption. */
    static final int MOST_BYTES = 3993;

    private static final int TITLE_BYTES = 512;
    private static final int BODY_BYTES = 3000;

    private WebPushPayload() {}

    /** The JSON of one notification. */
    static byte[] of(Notification notification, DigestText digest) {
        ShownText text = ShownText.of(notification, digest).within(TITLE_BYTES, BODY_BYTES);
        byte[] json = json(notification, text);
        // Characters that JSON escapes take more than their bytes.
        while (json.length > MOST_BYTES && !text.body().isEmpty()) {
            int over = json.length - MOST_BYTES;
            text = text.within(TITLE_BYTES, Math.max(0, Utf8.size(text.body()) - Math.max(1, over / 6)));
            json = json(notification, text);
        }
        return json;
    }

    private static byte[] json(Notification notification, ShownText text) {
        JsonObject json = new JsonObject();
        if (ShownText.isIn(notification)) {
            json.addProperty("title", text.title());
            json.addProperty("body", text.body());
        }
        if (!notification.hasDigest() && !notification.hasBadgeChanged()) {
            json.addProperty(DataField.CONVERSATION, notification.getConversation());
            json.addProperty(DataField.SEQ, Integer.toUnsignedLong(notification.getSeq()));
        }
        json.addProperty(AppData.BADGE, Integer.toUnsignedLong(notification.getBadge()));
        if (!notification.hasBadgeChanged()) {
            json.addProperty(AppData.TAG, CollapseId.of(notification));
        }
        if (notification.hasWithdrawal()) {
            json.addProperty(DataField.WITHDRAW, true);
        }
        if (notification.getAlert().getMention()) {
            json.addProperty(DataField.MENTION, true);
        }
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }
}
