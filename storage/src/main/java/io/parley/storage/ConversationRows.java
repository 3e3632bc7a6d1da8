package io.parley.storage;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.Attachment;
import io.parley.protocol.wire.ConversationKind;
import io.parley.protocol.wire.ConversationSummary;
import io.parley.protocol.wire.Retention;
import io.parley.protocol.wire.Role;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Reads what is known of conversations and their members. The members of a direct conversation are told by its name. */
final class ConversationRows {
    /** The engine allows a group fewer members, and the list below may be read to its end in one page. */
    private static final int MAX_ROWS = 5000;

    private final CqlSession session;
    private final PreparedStatement member;
    private final PreparedStatement members;
    private final PreparedStatement byUser;
    private final PreparedStatement conversation;
    private final PreparedStatement pointer;
    private final PreparedStatement bucketAt;

    ConversationRows(CqlSession session, String keyspace) {
        this.session = session;
        String from = " FROM " + keyspace + ".";
        this.member = session.prepare("SELECT joined, left" + from + "members WHERE conversation = ? AND user = ?");
        this.members = session.prepare("SELECT user, joined, left, role" + from + "members WHERE conversation = ?");
        this.byUser = session.prepare("SELECT conversation" + from + "conversations_by_user WHERE user = ?");
        this.conversation =
                session.prepare("SELECT name, head, description, avatar, announcement, add_right, retention,"
                        + " read_receipts_off" + from + "conversations WHERE conversation = ?");
        this.pointer =
                session.prepare("SELECT delivered, read" + from + "pointers WHERE conversation = ? AND user = ?");
        this.bucketAt = session.prepare("SELECT bucket, first_at" + from + "buckets WHERE conversation = ?");
    }

    /** The seq with which the user joined; empty when they are no member now. */
    CompletionStage<OptionalInt> joined(ConversationId id, UserId user) {
        if (id.isDirect()) {
            return CompletableFuture.completedFuture(id.isDirectMember(user) ? OptionalInt.of(1) : OptionalInt.empty());
        }
        return session.executeAsync(member.bind(id.value(), user.value())).thenApply(rows -> {
            Row row = rows.one();
            return row == null || !isMember(row) ? OptionalInt.empty() : OptionalInt.of(row.getInt("joined"));
        });
    }

    /** The bucket in which that time lies: the last that begins before it; 0 for a time before everything. */
    CompletionStage<Integer> bucketAt(ConversationId id, Instant time) {
        return session.executeAsync(bucketAt.bind(id.value()).setPageSize(MAX_ROWS))
                .thenApply(rows -> {
                    for (Row row : rows.currentPage()) {
                        Instant first = row.getInstant("first_at");
                        if (first != null && first.isBefore(time)) {
                            return row.getInt("bucket");
                        }
                    }
                    return 0;
                });
    }

    /** A summary of each of the user's conversations, by id, without what is unread. */
    CompletionStage<List<ConversationSummary>> list(UserId user) {
        return session.executeAsync(byUser.bind(user.value()).setPageSize(MAX_ROWS))
                .thenCompose(rows -> {
                    List<CompletableFuture<ConversationSummary>> each = new ArrayList<>();
                    for (Row row : rows.currentPage()) {
                        String id = row.getString(0);
                        if (id != null) {
                            each.add(summary(ConversationId.parse(id), user).toCompletableFuture());
                        }
                    }
                    return CompletableFuture.allOf(each.toArray(new CompletableFuture<?>[0]))
                            .thenApply(done ->
                                    each.stream().map(CompletableFuture::join).toList());
                });
    }

    private CompletionStage<ConversationSummary> summary(ConversationId id, UserId user) {
        CompletionStage<AsyncResultSet> facts = session.executeAsync(conversation.bind(id.value()));
        CompletionStage<AsyncResultSet> read = session.executeAsync(pointer.bind(id.value(), user.value()));
        CompletionStage<Map<String, Role>> roles = roles(id);
        return facts.thenCompose(factRows -> read.thenCompose(readRows -> roles.thenApply(members -> {
            ConversationSummary.Builder summary = ConversationSummary.newBuilder()
                    .setId(id.value())
                    .setKind(id.isDirect() ? ConversationKind.DIRECT : ConversationKind.GROUP)
                    .addAllMembers(members.keySet());
            if (!id.isDirect()) {
                summary.setRole(members.getOrDefault(user.value(), Role.ROLE_UNSPECIFIED));
            }
            addFacts(summary, factRows.one());
            return addPointer(summary, readRows.one()).build();
        })));
    }

    /** The members, in the order of their names. */
    private CompletionStage<Map<String, Role>> roles(ConversationId id) {
        Map<String, Role> members = new TreeMap<>();
        if (id.isDirect()) {
            members.put(id.first().value(), Role.MEMBER);
            members.put(id.second().value(), Role.MEMBER);
            return CompletableFuture.completedFuture(members);
        }
        return session.executeAsync(this.members.bind(id.value()).setPageSize(MAX_ROWS))
                .thenApply(rows -> {
                    for (Row row : rows.currentPage()) {
                        String name = row.getString("user");
                        if (name != null && isMember(row)) {
                            members.put(name, role(row.getString("role")));
                        }
                    }
                    return members;
                });
    }

    private static Role role(@Nullable String name) {
        return name == null ? Role.ROLE_UNSPECIFIED : Role.valueOf(name);
    }

    private static void addFacts(ConversationSummary.Builder summary, @Nullable Row facts) {
        summary.setHead(facts == null ? 0 : facts.getInt("head"));
        if (facts == null) {
            return;
        }
        String name = facts.getString("name");
        String description = facts.getString("description");
        ByteBuffer avatar = facts.getByteBuffer("avatar");
        ByteBuffer retention = facts.getByteBuffer("retention");
        summary.setName(name == null ? "" : name)
                .setDescription(description == null ? "" : description)
                .setAnnouncement(facts.getBoolean("announcement"))
                .setReadReceiptsOff(facts.getBoolean("read_receipts_off"))
                .setAddRight(role(facts.getString("add_right")));
        try {
            if (avatar != null) {
                summary.setAvatar(Attachment.parseFrom(avatar));
            }
            if (retention != null) {
                summary.setRetention(Retention.parseFrom(retention));
            }
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the conversations table holds a setting that is none", e);
        }
    }

    private static ConversationSummary.Builder addPointer(ConversationSummary.Builder summary, @Nullable Row pointer) {
        int read = pointer == null ? 0 : pointer.getInt("read");
        return summary.setRead(read).setDelivered(pointer == null ? 0 : pointer.getInt("delivered"));
    }

    private static boolean isMember(Row row) {
        return !row.isNull("joined") && row.isNull("left");
    }
}
