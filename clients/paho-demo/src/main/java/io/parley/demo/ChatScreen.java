package io.parley.demo;

import com.google.protobuf.Timestamp;
import io.parley.protocol.Tombstones;
import io.parley.protocol.wire.Attachment;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Presence;
import io.parley.protocol.wire.Retention;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** How a conversation looks in a terminal, without control characters that others could smuggle in. */
final class ChatScreen {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm");
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMM HH:mm", Locale.ROOT);
    private static final AttributedStyle FAINT = AttributedStyle.DEFAULT.faint();
    private static final AttributedStyle READ = AttributedStyle.DEFAULT.foreground(AttributedStyle.CYAN);
    private static final int QUOTE = 24;
    private static final int NAMES = 4;

    private ChatScreen() {}

    /** An entry, with what it refers to and how far it has come. */
    static AttributedString line(ChatEvent event, ChatRoom room) {
        AttributedStringBuilder line = new AttributedStringBuilder();
        line.append(time(event.getAt()) + "  ");
        String mark = room.mark(event.getSeq());
        if (Tombstones.isMessage(event) || event.hasDeletedMessage()) {
            line.append("#" + event.getSeq() + " ", FAINT);
            line.append(event.getFrom() + ": " + words(event));
            line.append(afterwards(event), FAINT);
            if (event.getReplyTo() != 0) {
                line.append("  ↳ " + reference(room, event.getReplyTo()), FAINT);
            }
        } else {
            line.append("* " + event.getFrom() + " " + deed(event, room), FAINT);
        }
        if (!mark.isEmpty()) {
            line.append("  ").append(tick(mark));
        }
        return line.toAttributedString();
    }

    /** What a message says, in one line. */
    static String words(ChatEvent event) {
        Stream<String> said = switch (event.getBodyCase()) {
            case TEXT -> Stream.of(plain(event.getText()));
            case DATA -> Stream.of("(" + bytes(event.getData().size(), event.getContentType()) + ")");
            case DELETED_MESSAGE -> Stream.of("(deleted)");
            default -> Stream.of();
        };
        Stream<String> attached = event.getAttachmentsList().stream().map(ChatScreen::attached);
        return Stream.concat(said, attached).collect(Collectors.joining(" "));
    }

    private static String attached(Attachment attachment) {
        String name = attachment.getName().isEmpty() ? attachment.getId() : attachment.getName();
        return "(attached: " + plain(name) + ", " + bytes(attachment.getSize(), attachment.getContentType()) + ")";
    }

    private static String bytes(long size, String contentType) {
        return Long.toUnsignedString(size) + " bytes" + (contentType.isEmpty() ? "" : " of " + plain(contentType));
    }

    /** What history says became of a message: {@code (edited)}, and how often it got each reaction. */
    private static String afterwards(ChatEvent event) {
        String reactions = event.getReactionsList().stream()
                .map(reaction -> " " + plain(reaction.getEmoji()) + Integer.toUnsignedString(reaction.getCount()))
                .collect(Collectors.joining());
        return (event.getWasEdited() ? " (edited)" : "") + (reactions.isEmpty() ? "" : " " + reactions);
    }

    private static String deed(ChatEvent event, ChatRoom room) {
        return switch (event.getBodyCase()) {
            case GROUP_CREATED ->
                "founds \"" + plain(event.getGroupCreated().getName()) + "\" with "
                        + event.getGroupCreated().getMembersList().stream()
                                .filter(user -> !user.equals(event.getFrom()))
                                .collect(Collectors.joining(", "));
            case MEMBERS_ADDED ->
                "adds " + String.join(", ", event.getMembersAdded().getUsersList());
            case MEMBERS_REMOVED ->
                "removes " + String.join(", ", event.getMembersRemoved().getUsersList());
            case MEMBER_LEFT -> "leaves";
            case USER_ERASED -> "was erased";
            case ROLE_CHANGED ->
                "makes " + event.getRoleChanged().getUser() + " "
                        + event.getRoleChanged().getRole().name().toLowerCase(Locale.ROOT);
            case RENAMED -> "names it \"" + plain(event.getRenamed().getName()) + "\"";
            case EDITED ->
                "edits #" + event.getEdited().getSeq()
                        + (event.getEdited().getText().isEmpty()
                                ? " (deleted)"
                                : ": " + plain(event.getEdited().getText()));
            case DELETED -> "deletes #" + event.getDeleted().getSeq();
            case REACTED ->
                (event.getReacted().getRemove() ? "takes back " : "reacts ")
                        + plain(event.getReacted().getEmoji())
                        + (event.getReacted().getRemove() ? " from " : " to ")
                        + reference(room, event.getReacted().getSeq());
            case DESCRIBED ->
                event.getDescribed().getDescription().isEmpty()
                        ? "takes its description away"
                        : "describes it: " + plain(event.getDescribed().getDescription());
            case AVATAR_CHANGED ->
                event.getAvatarChanged().hasAttachment() ? "gives it another picture" : "takes its picture away";
            case ANNOUNCEMENT_CHANGED ->
                event.getAnnouncementChanged().getOn() ? "lets only admins write" : "lets all write";
            case ADD_RIGHT_CHANGED ->
                "lets every " + event.getAddRightChanged().getRole().name().toLowerCase(Locale.ROOT) + " add members";
            case READ_RECEIPTS_CHANGED ->
                event.getReadReceiptsChanged().getOn() ? "lets all see what was read" : "lets nobody see what was read";
            case MESSAGE_PINNED ->
                "pins " + reference(room, event.getMessagePinned().getSeq());
            case MESSAGE_UNPINNED ->
                "unpins " + reference(room, event.getMessageUnpinned().getSeq());
            case RETENTION_CHANGED ->
                "has messages kept " + kept(event.getRetentionChanged().getRetention());
            default -> "does something that this client does not know";
        };
    }

    private static String kept(Retention retention) {
        return switch (retention.getKeepCase()) {
            case DAYS -> "for " + retention.getDays() + " days";
            case UNTIL_DELIVERED -> "until they are delivered";
            default -> "for ever";
        };
    }

    /** {@code #5 bob "hi"}. */
    private static String reference(ChatRoom room, int seq) {
        return room.find(seq)
                .map(message -> "#" + seq + " " + message.getFrom() + " " + quote(words(message)))
                .orElse("#" + seq);
    }

    /** A tick, in colour when the message was read. */
    static AttributedString tick(String mark) {
        return new AttributedString(mark, mark.startsWith(Ticks.READ) ? READ : FAINT);
    }

    /** The bottom line: the open conversation, who is there, who types, how far the last message has come. */
    static AttributedString status(ChatRoom room, int unread) {
        AttributedStringBuilder line = new AttributedStringBuilder().append(" " + room.title());
        line.append(" · " + there(room));
        if (!room.typing().isEmpty()) {
            line.append(" · ").append(types(room.typing()), AttributedStyle.BOLD);
        }
        int last = room.lastOwn();
        if (last > 0) {
            line.append(" · #" + last + " ").append(tick(room.mark(last)));
        }
        if (unread > 0) {
            line.append(" · " + unread + " unread");
        }
        return line.toAttributedString();
    }

    private static String there(ChatRoom room) {
        Set<String> others = room.others();
        if (room.id().isDirect()) {
            return presence(room.presence(String.join("", others)));
        }
        List<String> online =
                others.stream().filter(user -> room.presence(user).getOnline()).toList();
        if (online.isEmpty()) {
            return "nobody else is online";
        }
        return online.size() > NAMES
                ? online.size() + " of " + others.size() + " online"
                : "online: " + String.join(", ", online);
    }

    private static String types(Set<String> users) {
        if (users.size() > NAMES) {
            return users.size() + " people type…";
        }
        return String.join(", ", users) + (users.size() == 1 ? " types…" : " type…");
    }

    /** {@code online}, {@code last seen 14:05}, or {@code offline} when nobody says since when. */
    static String presence(Presence presence) {
        if (presence.getOnline()) {
            return "online";
        }
        return presence.hasLastSeen() ? "last seen " + time(presence.getLastSeen()) : "offline";
    }

    /** The time of day, with the day unless it is today. */
    static String time(Timestamp timestamp) {
        ZonedDateTime at = Instant.ofEpochSecond(timestamp.getSeconds()).atZone(ZoneId.systemDefault());
        boolean today = at.toLocalDate().equals(LocalDate.now(ZoneId.systemDefault()));
        return (today ? TIME : DAY).format(at);
    }

    /** The beginning of a text, in quotes. */
    static String quote(String text) {
        String plain = plain(text);
        int length = plain.codePointCount(0, plain.length());
        return length <= QUOTE
                ? "\"" + plain + "\""
                : "\"" + plain.substring(0, plain.offsetByCodePoints(0, QUOTE)) + "…\"";
    }

    /** One line, without anything that moves the cursor or turns the direction of writing. */
    static String plain(String text) {
        return text.replaceAll("[\\p{Cc}\\u2028-\\u202e\\u2066-\\u2069]", " ");
    }
}
