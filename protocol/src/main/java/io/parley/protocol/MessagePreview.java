package io.parley.protocol;

import io.parley.protocol.wire.ChatEvent;

/** What is shown of a message in a notification: the beginning of its text, or what it is instead of text. */
public final class MessagePreview {
    /** The most code points of a text that are shown. */
    public static final int MAX_CODE_POINTS = 160;

    private MessagePreview() {}

    /** Whether the event is a message, and no change to one or to the conversation. */
    public static boolean isMessage(ChatEvent event) {
        return switch (event.getBodyCase()) {
            case TEXT, DATA, BODY_NOT_SET -> true;
            default -> false;
        };
    }

    /** What is shown of that message. */
    public static String of(ChatEvent event) {
        if (event.hasText() && !event.getText().isBlank()) {
            return beginning(event.getText());
        }
        if (event.hasData()) {
            return event.getContentType().isEmpty() ? "data" : event.getContentType();
        }
        boolean picture = event.getAttachmentsCount() > 0
                && event.getAttachments(0).getContentType().startsWith("image/");
        return picture ? "picture" : "file";
    }

    private static String beginning(String text) {
        return text.length() <= MAX_CODE_POINTS || text.codePointCount(0, text.length()) <= MAX_CODE_POINTS
                ? text
                : text.substring(0, text.offsetByCodePoints(0, MAX_CODE_POINTS - 1)) + "…";
    }
}
