package io.parley.demo;

import io.parley.protocol.ConversationId;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.ConversationSummary;
import io.parley.protocol.wire.DeletedMessage;
import io.parley.protocol.wire.Presence;
import io.parley.protocol.wire.Receipt;
import io.parley.protocol.wire.Typing;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a terminal knows about one conversation. Thread-safe. */
final class ChatRoom {
    private final ConversationId id;
    private final String me;
    private final Set<String> members = new TreeSet<>();
    private final TreeMap<Integer, ChatEvent> messages = new TreeMap<>();
    private final Ticks ticks = new Ticks();
    private final Map<String, Presence> presences = new HashMap<>();
    private final Set<String> typing = new TreeSet<>();
    private final Set<String> myReactions = new HashSet<>();
    private String name = "";
    private int head;
    private int read;
    private int shown;

    ChatRoom(ConversationId id, String me) {
        this.id = id;
        this.me = me;
        members.add(me);
        if (id.isDirect()) {
            members.add(id.first().value());
            members.add(id.second().value());
        }
    }

    ConversationId id() {
        return id;
    }

    /** {@code @bob}, or the group's name. */
    synchronized String title() {
        if (id.isDirect()) {
            return "@" + String.join("", others());
        }
        return name.isEmpty() ? id.value() : ChatScreen.plain(name);
    }

    /** What storage says, which may be older than what is known. */
    synchronized void take(ConversationSummary summary) {
        if (!summary.getName().isEmpty()) {
            name = summary.getName();
        }
        members.addAll(summary.getMembersList());
        head = Math.max(head, summary.getHead());
        read = Math.max(read, summary.getRead());
    }

    /** An entry of the sequence, delivered or from history. */
    synchronized void take(ChatEvent event) {
        head = Math.max(head, event.getSeq());
        typing.remove(event.getFrom());
        switch (event.getBodyCase()) {
            case TEXT, DATA -> keep(event);
            case GROUP_CREATED -> {
                name = event.getGroupCreated().getName();
                members.addAll(event.getGroupCreated().getMembersList());
            }
            case RENAMED -> name = event.getRenamed().getName();
            case MEMBERS_ADDED -> members.addAll(event.getMembersAdded().getUsersList());
            case MEMBERS_REMOVED -> event.getMembersRemoved().getUsersList().forEach(members::remove);
            case MEMBER_LEFT -> members.remove(event.getMemberLeft().getUser());
            case USER_ERASED -> erase(event.getUserErased().getUser());
            case EDITED -> edit(event.getEdited().getSeq(), event.getEdited().getText());
            case DELETED -> delete(event.getDeleted().getSeq());
            case REACTED -> react(event);
            default -> {}
        }
    }

    /** An entry of history: what it changed has been changed long ago, but for what was said. */
    synchronized void takeOld(ChatEvent event) {
        head = Math.max(head, event.getSeq());
        switch (event.getBodyCase()) {
            case TEXT, DATA, DELETED_MESSAGE -> keep(event);
            case GROUP_CREATED ->
                name = name.isEmpty() ? event.getGroupCreated().getName() : name;
            case REACTED -> react(event);
            default -> {}
        }
    }

    private void keep(ChatEvent message) {
        messages.put(message.getSeq(), message);
        if (message.getFrom().equals(me) && !message.hasDeletedMessage()) {
            ticks.said(message.getSeq(), ChatScreen.words(message));
        }
    }

    private void edit(int seq, String text) {
        ChatEvent before = messages.get(seq);
        if (before != null) {
            keep(before.toBuilder().setText(text).build());
        }
    }

    private void delete(int seq) {
        messages.computeIfPresent(
                seq,
                (key, before) -> before.toBuilder()
                        .setDeletedMessage(DeletedMessage.getDefaultInstance())
                        .build());
        ticks.deleted(seq);
    }

    private void erase(String user) {
        members.remove(user);
        messages.values().stream()
                .filter(message -> message.getFrom().equals(user))
                .map(ChatEvent::getSeq)
                .toList()
                .forEach(this::delete);
    }

    private void react(ChatEvent event) {
        if (event.getFrom().equals(me)) {
            String reaction =
                    event.getReacted().getSeq() + " " + event.getReacted().getEmoji();
            if (event.getReacted().getRemove()) {
                myReactions.remove(reaction);
            } else {
                myReactions.add(reaction);
            }
        }
    }

    /** Takes pointers; the lines say what that means for one's own messages. */
    synchronized List<String> take(List<Receipt> receipts) {
        receipts.stream()
                .filter(receipt -> receipt.getUser().equals(me))
                .forEach(own -> read = Math.max(read, own.getRead()));
        return ticks.moved(receipts, others());
    }

    synchronized void take(Typing told) {
        if (told.getTyping()) {
            typing.add(told.getUser());
        } else {
            typing.remove(told.getUser());
        }
    }

    /** Who is there. The first time it names every member. */
    synchronized void takePresences(List<Presence> told) {
        for (Presence presence : told) {
            members.add(presence.getUser());
            presences.put(presence.getUser(), presence);
        }
    }

    /** Nothing is known of the moment any more. */
    synchronized void lost() {
        typing.clear();
        presences.clear();
    }

    /** Everybody but oneself. */
    synchronized Set<String> others() {
        Set<String> others = new TreeSet<>(members);
        others.remove(me);
        return others;
    }

    synchronized Set<String> typing() {
        return new TreeSet<>(typing);
    }

    synchronized Presence presence(String user) {
        return presences.getOrDefault(user, Presence.getDefaultInstance());
    }

    /** The message with that seq, as it stands now. */
    synchronized Optional<ChatEvent> find(int seq) {
        return Optional.ofNullable(messages.get(seq));
    }

    /** The seq of one's own last message; 0 when none is known. */
    synchronized int lastOwn() {
        return ticks.last();
    }

    /** The seq of the last message of somebody else, or of one's own; 0 when none is known. */
    synchronized int lastForeign() {
        return messages.descendingMap().values().stream()
                .filter(message -> !message.getFrom().equals(me) && !message.hasDeletedMessage())
                .mapToInt(ChatEvent::getSeq)
                .findFirst()
                .orElse(ticks.last());
    }

    synchronized boolean hasReacted(int seq, String emoji) {
        return myReactions.contains(seq + " " + emoji);
    }

    /** How far a message of one's own has come; empty for those of others. */
    synchronized String mark(int seq) {
        ChatEvent message = messages.get(seq);
        return message != null && message.getFrom().equals(me) ? ticks.mark(seq, others()) : "";
    }

    synchronized int head() {
        return head;
    }

    /** As the server counts: one's own messages and entries without words included, until they were read. */
    synchronized int unread() {
        return Math.max(0, head - read);
    }

    /** Everything up to there stands on the screen. */
    synchronized void shown(int seq) {
        shown = Math.max(shown, seq);
    }

    /** Up to where the user has read without anybody having been told; 0 when there is nothing to tell. */
    synchronized int toRead() {
        return shown > read ? shown : 0;
    }

    synchronized void told(int seq) {
        read = Math.max(read, seq);
    }
}
