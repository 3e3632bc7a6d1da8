package io.parley.demo;

import io.parley.protocol.ConversationId;
import io.parley.protocol.Tombstones;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.ConversationSummary;
import io.parley.protocol.wire.Presence;
import io.parley.protocol.wire.ReactionCount;
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
    private final Unread unread = new Unread();
    private final Map<String, Presence> presences = new HashMap<>();
    private final Set<String> typing = new TreeSet<>();
    private final Set<String> myReactions = new HashSet<>();
    private String name = "";
    private int head;
    private int shown;
    private boolean listed;
    private boolean muted;

    ChatRoom(ConversationId id, String me) {
        this.id = id;
        this.me = me;
        members.add(me);
        if (id.isDirect()) {
            members.add(id.first().value());
            members.add(id.second().value());
        }
    }

    /** As the server listed it. */
    synchronized boolean muted() {
        return muted;
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
        muted = summary.hasMutedUntil();
        if (!summary.getName().isEmpty()) {
            name = summary.getName();
        }
        members.addAll(summary.getMembersList());
        if (!listed || summary.getHead() >= head) {
            unread.take(summary);
            listed = true;
        }
        head = Math.max(head, summary.getHead());
    }

    /** An entry of the sequence, delivered or from history. */
    synchronized void take(ChatEvent event) {
        head = Math.max(head, event.getSeq());
        typing.remove(event.getFrom());
        if (Tombstones.isMessage(event) || event.hasDeletedMessage()) {
            keep(event);
        }
        switch (event.getBodyCase()) {
            case GROUP_CREATED -> {
                name = event.getGroupCreated().getName();
                members.addAll(event.getGroupCreated().getMembersList());
            }
            case RENAMED -> name = event.getRenamed().getName();
            case MEMBERS_ADDED -> members.addAll(event.getMembersAdded().getUsersList());
            case MEMBERS_REMOVED -> event.getMembersRemoved().getUsersList().forEach(members::remove);
            case MEMBER_LEFT -> members.remove(event.getMemberLeft().getUser());
            case USER_ERASED -> erase(event.getUserErased().getUser(), event.getSeq());
            case EDITED -> edit(event.getEdited().getSeq(), event.getEdited().getText());
            case DELETED -> delete(event.getDeleted().getSeq(), event);
            case REACTED -> react(event);
            default -> {}
        }
    }

    /** An entry of history: what it changed has been changed long ago, but for what was said. */
    synchronized void takeOld(ChatEvent event) {
        head = Math.max(head, event.getSeq());
        if (Tombstones.isMessage(event) || event.hasDeletedMessage()) {
            keep(event);
        }
        event.getReactionsList().stream()
                .filter(ReactionCount::getMine)
                .forEach(reaction -> myReactions.add(event.getSeq() + " " + reaction.getEmoji()));
        switch (event.getBodyCase()) {
            case GROUP_CREATED ->
                name = name.isEmpty() ? event.getGroupCreated().getName() : name;
            case REACTED -> react(event);
            default -> {}
        }
    }

    private void keep(ChatEvent message) {
        messages.put(message.getSeq(), message);
        if (message.hasDeletedMessage()) {
            return;
        }
        if (message.getFrom().equals(me)) {
            ticks.said(message.getSeq(), ChatScreen.words(message));
        } else {
            unread.said(message.getSeq());
        }
    }

    private void edit(int seq, String text) {
        ChatEvent before = messages.get(seq);
        if (before != null && Tombstones.isMessage(before)) {
            keep(before.toBuilder().setText(text).setWasEdited(true).build());
        }
    }

    private void delete(int seq, ChatEvent deletion) {
        ChatEvent before = messages.get(seq);
        // Of what is not known here it is taken that people delete their own.
        delete(seq, before == null ? deletion.getFrom() : before.getFrom(), deletion.getSeq());
    }

    private void delete(int seq, String from, int since) {
        messages.computeIfPresent(seq, (key, before) -> Tombstones.of(before));
        ticks.deleted(seq);
        if (!from.equals(me)) {
            unread.deleted(seq, since);
        }
    }

    private void erase(String user, int since) {
        members.remove(user);
        messages.values().stream()
                .filter(message -> message.getFrom().equals(user) && !message.hasDeletedMessage())
                .map(ChatEvent::getSeq)
                .toList()
                .forEach(seq -> delete(seq, user, since));
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
        receipts.stream().filter(receipt -> receipt.getUser().equals(me)).forEach(own -> unread.read(own.getRead()));
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

    /** How many messages of others the user has not read, as the server counts them. */
    synchronized int unread() {
        return unread.count();
    }

    /** Whether it stands on the screen, as part of the open conversation. */
    synchronized boolean isShown(int seq) {
        return seq <= shown;
    }

    /** Everything up to there stands on the screen. */
    synchronized void shown(int seq) {
        shown = Math.max(shown, seq);
    }

    /** Up to where the user has read without anybody having been told; 0 when there is nothing to tell. */
    synchronized int toRead() {
        return shown > unread.read() ? shown : 0;
    }

    synchronized void told(int seq) {
        unread.read(seq);
    }
}
