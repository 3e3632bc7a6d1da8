package io.parley.demo;

import io.parley.protocol.wire.ChatEvent;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** How a conversation's entries look in a terminal, without control characters that others could smuggle in. */
final class ChatScreen {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm").withZone(ZoneId.systemDefault());

    private ChatScreen() {}

    static String line(ChatEvent event) {
        Instant at = Instant.ofEpochSecond(event.getAt().getSeconds());
        return TIME.format(at) + "  " + plain(say(event));
    }

    private static String say(ChatEvent event) {
        String from = event.getFrom();
        return switch (event.getBodyCase()) {
            case TEXT -> from + ": " + event.getText();
            case DATA -> from + " sends " + event.getData().size() + " bytes of " + event.getContentType();
            case GROUP_CREATED ->
                "* " + from + " founds \"" + event.getGroupCreated().getName() + "\" with "
                        + String.join(", ", event.getGroupCreated().getMembersList());
            case MEMBERS_ADDED ->
                "* " + from + " adds "
                        + String.join(", ", event.getMembersAdded().getUsersList());
            case MEMBERS_REMOVED ->
                "* " + from + " removes "
                        + String.join(", ", event.getMembersRemoved().getUsersList());
            case MEMBER_LEFT -> "* " + event.getMemberLeft().getUser() + " leaves";
            case RENAMED -> "* " + from + " names it \"" + event.getRenamed().getName() + "\"";
            case DELETED_MESSAGE -> from + ": (deleted)";
            default -> "* " + from + ": " + event.getBodyCase();
        };
    }

    static String plain(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }
}
