package io.parley.storage;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.google.protobuf.util.Timestamps;
import io.parley.protocol.ConversationId;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.GroupCreated;
import io.parley.protocol.wire.Role;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What events say beside their own row: who is a member from when to when, the group's name, when a bucket begins. */
final class MembershipFacts {
    private final PreparedStatement join;
    private final PreparedStatement leave;
    private final PreparedStatement role;
    private final PreparedStatement name;
    private final PreparedStatement listed;
    private final PreparedStatement unlisted;
    private final PreparedStatement bucket;
    private final PreparedStatement erased;
    private final PreparedStatement noPointers;

    MembershipFacts(CqlSession session, String keyspace) {
        String members = "UPDATE " + keyspace + ".members USING TIMESTAMP ? SET ";
        String member = " WHERE conversation = ? AND user = ?";
        String byUser = keyspace + ".conversations_by_user";
        this.join = session.prepare(members + "joined = ?, left = null, role = ?" + member);
        this.leave = session.prepare(members + "left = ?" + member);
        this.role = session.prepare(members + "role = ?" + member);
        this.name = session.prepare(
                "UPDATE " + keyspace + ".conversations USING TIMESTAMP ? SET name = ? WHERE conversation = ?");
        this.listed = session.prepare(
                "INSERT INTO " + byUser + " (user, conversation, kind) VALUES (?, ?, ?) USING TIMESTAMP ?");
        this.unlisted =
                session.prepare("DELETE FROM " + byUser + " USING TIMESTAMP ? WHERE user = ? AND conversation = ?");
        String ofMember = " USING TIMESTAMP ? WHERE conversation = ? AND user = ?";
        this.erased = session.prepare("DELETE FROM " + keyspace + ".members" + ofMember);
        this.noPointers = session.prepare("DELETE FROM " + keyspace + ".pointers" + ofMember);
        this.bucket = session.prepare("INSERT INTO " + keyspace
                + ".buckets (conversation, bucket, first_at) VALUES (?, ?, ?) USING TIMESTAMP ?");
    }

    /** The statements that follow from an event; their order does not matter. */
    List<BoundStatement> of(ConversationId conversation, ChatEvent event) {
        List<BoundStatement> statements = new ArrayList<>();
        add(statements, conversation, event);
        return statements;
    }

    private void add(List<BoundStatement> to, ConversationId conversation, ChatEvent event) {
        String id = conversation.value();
        int seq = event.getSeq();
        if (Buckets.firstSeq(Buckets.of(seq)) == seq) {
            Instant at = Instant.ofEpochMilli(Timestamps.toMillis(event.getAt()));
            to.add(bucket.bind(id, Buckets.of(seq), at, (long) seq));
        }
        if (event.hasUserErased()) {
            String user = event.getUserErased().getUser();
            to.add(erased.bind((long) seq, id, user));
            if (!conversation.isDirect()) {
                to.add(unlisted.bind((long) seq, user, id));
            }
            to.add(noPointers.bind((long) seq, id, user));
            return;
        }
        if (conversation.isDirect()) {
            if (seq == 1) {
                to.add(listed.bind(conversation.first().value(), id, "DIRECT", 1L));
                to.add(listed.bind(conversation.second().value(), id, "DIRECT", 1L));
            }
            return;
        }
        switch (event.getBodyCase()) {
            case GROUP_CREATED -> created(to, id, event);
            case MEMBERS_ADDED ->
                event.getMembersAdded().getUsersList().forEach(user -> joins(to, id, user, seq, Role.MEMBER));
            case MEMBERS_REMOVED -> event.getMembersRemoved().getUsersList().forEach(user -> leaves(to, id, user, seq));
            case MEMBER_LEFT -> {
                String user = event.getMemberLeft().getUser();
                leaves(to, id, user.isEmpty() ? event.getFrom() : user, seq);
            }
            case ROLE_CHANGED ->
                to.add(role.bind(
                        (long) seq,
                        event.getRoleChanged().getRole().name(),
                        id,
                        event.getRoleChanged().getUser()));
            case RENAMED -> to.add(name.bind((long) seq, event.getRenamed().getName(), id));
            default -> {}
        }
    }

    private void created(List<BoundStatement> to, String id, ChatEvent event) {
        GroupCreated group = event.getGroupCreated();
        to.add(name.bind((long) event.getSeq(), group.getName(), id));
        Set<String> users = new LinkedHashSet<>(group.getMembersList());
        users.add(event.getFrom());
        for (String user : users) {
            joins(to, id, user, event.getSeq(), user.equals(event.getFrom()) ? Role.OWNER : Role.MEMBER);
        }
    }

    private void joins(List<BoundStatement> to, String id, String user, int seq, Role as) {
        to.add(join.bind((long) seq, seq, as.name(), id, user));
        to.add(listed.bind(user, id, "GROUP", (long) seq));
    }

    private void leaves(List<BoundStatement> to, String id, String user, int seq) {
        to.add(leave.bind((long) seq, seq, id, user));
        to.add(unlisted.bind((long) seq, user, id));
    }
}
