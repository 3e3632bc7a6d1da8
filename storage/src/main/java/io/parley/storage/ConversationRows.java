package io.parley.storage;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ConversationKind;
import io.parley.protocol.wire.ConversationSummary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
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
        this.members = session.prepare("SELECT user, joined, left" + from + "members WHERE conversation = ?");
        this.byUser = session.prepare("SELECT conversation" + from + "conversations_by_user WHERE user = ?");
        this.conversation = session.prepare("SELECT name, head" + from + "conversations WHERE conversation = ?");
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

    /** A summary of each of the user's conversations, by id. */
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
        CompletionStage<List<String>> names = memberNames(id);
        return facts.thenCompose(factRows -> read.thenCompose(
                readRows -> names.thenApply(users -> summary(id, factRows.one(), readRows.one(), users))));
    }

    private CompletionStage<List<String>> memberNames(ConversationId id) {
        if (id.isDirect()) {
            return CompletableFuture.completedFuture(
                    List.of(id.first().value(), id.second().value()));
        }
        return session.executeAsync(members.bind(id.value()).setPageSize(MAX_ROWS))
                .thenApply(rows -> {
                    List<String> names = new ArrayList<>();
                    for (Row row : rows.currentPage()) {
                        String name = row.getString("user");
                        if (name != null && isMember(row)) {
                            names.add(name);
                        }
                    }
                    return names;
                });
    }

    private static ConversationSummary summary(
            ConversationId id, @Nullable Row facts, @Nullable Row pointer, List<String> members) {
        int head = facts == null ? 0 : facts.getInt("head");
        int read = pointer == null ? 0 : pointer.getInt("read");
        String name = facts == null ? null : facts.getString("name");
        return ConversationSummary.newBuilder()
                .setId(id.value())
                .setKind(id.isDirect() ? ConversationKind.DIRECT : ConversationKind.GROUP)
                .setName(name == null ? "" : name)
                .setHead(head)
                .setRead(read)
                .setUnread(Math.max(0, head - read))
                .setDelivered(pointer == null ? 0 : pointer.getInt("delivered"))
                .addAllMembers(members)
                .build();
    }

    private static boolean isMember(Row row) {
        return !row.isNull("joined") && row.isNull("left");
    }
}
