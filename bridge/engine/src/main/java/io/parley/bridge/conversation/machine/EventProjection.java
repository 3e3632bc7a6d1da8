package io.parley.bridge.conversation.machine;

import io.parley.bridge.conversation.ConversationRows;
import io.parley.bridge.conversation.RowFamily;
import io.parley.bridge.conversation.Table;
import io.parley.bridge.state.Head;
import io.parley.bridge.state.Member;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Role;
import java.util.List;

/** What the entries of a conversation's sequence do to its rows: to its head and members here, to all else in the features' tables. */
final class EventProjection {
    private final ConversationRows rows;
    private final List<Table> tables;

    EventProjection(ConversationRows rows, List<Table> tables) {
        this.rows = rows;
        this.tables = tables;
    }

    /** Carries out what happened. */
    void apply(ChatEvent event) {
        Head.Builder head = rows.head().toBuilder()
                .setSeq(event.getSeq())
                .setAtMillis(event.getAt().getSeconds() * 1000 + event.getAt().getNanos() / 1_000_000);
        tables.forEach(table -> table.happened(event, head));
        switch (event.getBodyCase()) {
            case GROUP_CREATED -> {
                event.getGroupCreated().getMembersList().forEach(user -> join(head, user, event));
                setRole(event.getFrom(), Role.OWNER);
            }
            case MEMBERS_ADDED -> event.getMembersAdded().getUsersList().forEach(user -> join(head, user, event));
            case MEMBERS_REMOVED -> event.getMembersRemoved().getUsersList().forEach(user -> part(head, user));
            case MEMBER_LEFT -> part(head, event.getMemberLeft().getUser());
            case ROLE_CHANGED ->
                setRole(event.getRoleChanged().getUser(), event.getRoleChanged().getRole());
            case USER_ERASED -> erase(head, UserId.parse(event.getUserErased().getUser()));
            default -> {}
        }
        rows.putHead(head.build());
    }

    private void join(Head.Builder head, String user, ChatEvent event) {
        rows.put(
                rows.key(RowFamily.MEMBER, user),
                Member.newBuilder()
                        .setRole(Role.MEMBER)
                        .setJoined(event.getSeq())
                        .build());
        head.setMemberCount(head.getMemberCount() + 1);
    }

    private void part(Head.Builder head, String user) {
        rows.delete(rows.key(RowFamily.MEMBER, user));
        tables.forEach(table -> table.parted(user));
        head.setMemberCount(head.getMemberCount() - 1);
        if (head.getMemberCount() == 0) {
            // That there was such a group is all that is remembered, and who is still to get something.
            head.clearNewest();
            tables.forEach(Table::abandoned);
        }
    }

    private void erase(Head.Builder head, UserId user) {
        head.setErasedAt(head.getSeq());
        if (rows.has(rows.key(RowFamily.MEMBER, user.value()))) {
            part(head, user.value());
        } else {
            tables.forEach(table -> table.parted(user.value()));
        }
        tables.forEach(table -> table.erased(user, head));
    }

    private void setRole(String user, Role role) {
        Member member = rows.get(rows.key(RowFamily.MEMBER, user), Member.parser());
        if (member != null) {
            rows.put(
                    rows.key(RowFamily.MEMBER, user),
                    member.toBuilder().setRole(role).build());
        }
    }
}
