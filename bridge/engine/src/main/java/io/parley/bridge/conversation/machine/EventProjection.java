package io.parley.bridge.conversation.machine;

import io.parley.bridge.conversation.ConversationRows;
import io.parley.bridge.conversation.attach.Absences;
import io.parley.bridge.conversation.attach.DeviceRules;
import io.parley.bridge.conversation.blocking.BlockedPairs;
import io.parley.bridge.conversation.notify.NotifyRows;
import io.parley.bridge.conversation.pin.PinRows;
import io.parley.bridge.conversation.window.MemberMentions;
import io.parley.bridge.conversation.window.MessageMarks;
import io.parley.bridge.conversation.window.MessageWindow;
import io.parley.bridge.conversation.window.SentIdWindow;
import io.parley.bridge.state.Head;
import io.parley.bridge.state.Member;
import io.parley.bridge.state.Position;
import io.parley.bridge.state.Profile;
import io.parley.bridge.state.Users;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.AvatarChanged;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Reacted;
import io.parley.protocol.wire.Role;
import java.util.ArrayList;
import java.util.List;

/** What the entries of a conversation's sequence do to its rows. */
public final class EventProjection {
    /** Pointers, sent ids, blocks of messages, what was done to messages, and whom they mention. */
    private static final char[] ABANDONED = {'p', 'd', 'w', 'e', MemberMentions.FAMILY};

    private final ConversationRows rows;
    private final SentIdWindow sentIds;
    private final MessageWindow window;
    private final MessageMarks marks;
    private final BlockedPairs blocks;
    private final MemberMentions mentions;
    private final NotifyRows notify;
    private final PinRows pins;

    public EventProjection(
            ConversationRows rows,
            SentIdWindow sentIds,
            MessageWindow window,
            MessageMarks marks,
            BlockedPairs blocks,
            MemberMentions mentions,
            NotifyRows notify,
            PinRows pins) {
        this.pins = pins;
        this.notify = notify;
        this.blocks = blocks;
        this.rows = rows;
        this.sentIds = sentIds;
        this.window = window;
        this.marks = marks;
        this.mentions = mentions;
    }

    /** Carries out what happened. */
    public void apply(ChatEvent event) {
        Head.Builder head = rows.head().toBuilder()
                .setSeq(event.getSeq())
                .setAtMillis(event.getAt().getSeconds() * 1000 + event.getAt().getNanos() / 1_000_000);
        int dropped = window.add(head, event);
        if (dropped >= 0) {
            marks.drop(dropped);
        }
        mentions.add(event);
        pins.apply(event);
        switch (event.getBodyCase()) {
            case GROUP_CREATED -> {
                head.setName(event.getGroupCreated().getName());
                event.getGroupCreated().getMembersList().forEach(user -> join(head, user, event));
                setRole(event.getFrom(), Role.OWNER);
            }
            case MEMBERS_ADDED ->
                event.getMembersAdded().getUsersList().forEach(user -> {
                    join(head, user, event);
                    goOn(user, event.getSeq());
                });
            case MEMBERS_REMOVED ->
                event.getMembersRemoved().getUsersList().forEach(user -> {
                    part(head, user);
                    owe(user, event.getSeq());
                });
            case MEMBER_LEFT -> {
                part(head, event.getMemberLeft().getUser());
                owe(event.getMemberLeft().getUser(), event.getSeq());
            }
            case ROLE_CHANGED ->
                setRole(event.getRoleChanged().getUser(), event.getRoleChanged().getRole());
            case RENAMED -> head.setName(event.getRenamed().getName());
            case RETENTION_CHANGED ->
                head.setRetention(event.getRetentionChanged().getRetention());
            case ANNOUNCEMENT_CHANGED ->
                head.setAnnouncement(event.getAnnouncementChanged().getOn());
            case ADD_RIGHT_CHANGED ->
                head.setAddRight(event.getAddRightChanged().getRole());
            case READ_RECEIPTS_CHANGED ->
                head.setReadReceiptsOff(!event.getReadReceiptsChanged().getOn());
            case DESCRIBED ->
                rows.put(
                        rows.key('g'),
                        profile().toBuilder()
                                .setDescription(event.getDescribed().getDescription())
                                .build());
            case AVATAR_CHANGED -> putAvatar(event.getAvatarChanged());
            case EDITED -> marks.edited(event.getEdited().getSeq(), event.getSeq());
            case DELETED -> {
                window.erase(head, event.getDeleted().getSeq());
                marks.erase(event.getDeleted().getSeq());
            }
            case REACTED -> {
                Reacted reacted = event.getReacted();
                marks.reacted(reacted.getSeq(), UserId.parse(event.getFrom()), reacted.getEmoji(), reacted.getRemove());
            }
            case USER_ERASED -> erase(head, event.getUserErased().getUser());
            default -> {}
        }
        rows.putHead(head.build());
    }

    private void putAvatar(AvatarChanged change) {
        Profile.Builder profile = profile().toBuilder().clearAvatar();
        if (change.hasAttachment()) {
            profile.setAvatar(change.getAttachment());
        }
        rows.put(rows.key('g'), profile.build());
    }

    private void join(Head.Builder head, String user, ChatEvent event) {
        rows.put(
                rows.key('m', user),
                Member.newBuilder()
                        .setRole(Role.MEMBER)
                        .setJoined(event.getSeq())
                        .build());
        head.setMemberCount(head.getMemberCount() + 1);
    }

    private void part(Head.Builder head, String user) {
        rows.delete(rows.key('m', user));
        forgetAllElse(user);
        head.setMemberCount(head.getMemberCount() - 1);
        if (head.getMemberCount() == 0) {
            abandon(head);
        }
    }

    /** The user's devices still get what came before. A position without a session may be of a device that never comes, and goes. */
    private void owe(String user, int removedAt) {
        for (String key : rows.keys(rows.key('c', user))) {
            Position position = rows.get(key, Position.parser(), Position.getDefaultInstance());
            if (DeviceRules.isOwed(position)) {
                rows.put(key, Absences.begin(position, removedAt));
            } else {
                rows.delete(key);
            }
        }
    }

    private void goOn(String user, int joined) {
        for (String key : rows.keys(rows.key('c', user))) {
            rows.put(key, Absences.end(rows.get(key, Position.parser(), Position.getDefaultInstance()), joined));
        }
    }

    /** Nobody can come into a group without members: that there was one is all that is remembered, and who is still to get something. */
    private void abandon(Head.Builder head) {
        head.clearNewest();
        rows.delete(rows.key('g'));
        pins.clear();
        for (char family : ABANDONED) {
            rows.keys(rows.key(family)).forEach(rows::delete);
        }
    }

    /** Pointers and cursors stay: should the user come back, they must not move back. */
    private void forgetAllElse(String user) {
        rows.delete(rows.key('s', user));
        blocks.forget(user);
        rows.delete(rows.key('q', user));
        rows.delete(rows.key(ConversationStore.TOLD, user));
        rows.delete(rows.key('z', user));
        mentions.forget(user);
        notify.forget(user);
        // Should the user come back, they say again what they show.
        rows.putUnlessEmpty(rows.key('d'), without(users('d'), user));
    }

    private void erase(Head.Builder head, String user) {
        head.setErasedAt(head.getSeq());
        if (rows.get(rows.key('m', user), Member.parser()) != null) {
            part(head, user);
        } else {
            forgetAllElse(user);
        }
        rows.delete(rows.key('p', user));
        rows.keys(rows.key('c', user)).forEach(rows::delete);
        UserId erased = UserId.parse(user);
        rows.putUnlessEmpty(rows.key('k'), without(users('k'), user));
        window.erase(head, erased).forEach(marks::erase);
        marks.forget(erased);
        sentIds.forget(erased);
    }

    private static Users without(Users users, String user) {
        List<String> others = new ArrayList<>(users.getUsersList());
        others.remove(user);
        return Users.newBuilder().addAllUsers(others).build();
    }

    private void setRole(String user, Role role) {
        Member member = rows.get(rows.key('m', user), Member.parser());
        if (member != null) {
            rows.put(rows.key('m', user), member.toBuilder().setRole(role).build());
        }
    }

    private Profile profile() {
        return rows.get(rows.key('g'), Profile.parser(), Profile.getDefaultInstance());
    }

    private Users users(char family) {
        return rows.get(rows.key(family), Users.parser(), Users.getDefaultInstance());
    }
}
