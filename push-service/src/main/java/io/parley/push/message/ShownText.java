package io.parley.push.message;

import io.parley.protocol.push.Alert;
import io.parley.protocol.push.Notification;
import io.parley.push.content.DigestText;

/**
 * What a platform shows of a notification. Android and browsers have no line for the sender, so the body of a group's message begins with it.
 *
 * @param title the first line
 * @param body the rest
 */
public record ShownText(String title, String body) {

    /** The text of an alert or a digest. Both lines of what shows nothing are empty. */
    public static ShownText of(Notification notification, DigestText digest) {
        return switch (notification.getKindCase()) {
            case ALERT -> of(notification.getAlert());
            case DIGEST -> new ShownText(digest.title(), digest.bodyOf(notification.getDigest()));
            case WITHDRAWAL, BADGE_CHANGED, KIND_NOT_SET -> new ShownText("", "");
        };
    }

    /** Whether anything is shown: not with a withdrawal, nor with a badge alone. */
    public static boolean isIn(Notification notification) {
        return notification.hasAlert() || notification.hasDigest();
    }

    private static ShownText of(Alert alert) {
        boolean names = alert.getGroup() && !alert.getSender().isEmpty();
        return new ShownText(alert.getTitle(), names ? alert.getSender() + ": " + alert.getBody() : alert.getBody());
    }

    /** The same with at most so many bytes of UTF-8 in each line; what is cut ends with an ellipsis. */
    public ShownText within(int titleBytes, int bodyBytes) {
        return new ShownText(Utf8.within(title, titleBytes), Utf8.within(body, bodyBytes));
    }
}
