package io.parley.storage;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Reads what is known of conversations and their members. The members of a direct conversation are told by its name. */
final class ConversationRows {
    private static final int PAGE_ROWS = 1000;
    /** How many conversations are asked for in one statement, which costs more than the rows that it reads. */
    private static final int AT_ONCE = 25;

    private final CqlSession session;
    private final PreparedStatement member;
    private final PreparedStatement members;
    private final PreparedStatement byUser;
    private final PreparedStatement conversations;
    private final PreparedStatement pointers;
    private final PreparedStatement bucketAt;

    ConversationRows(CqlSession session, String keyspace) {
        this.session = session;
        String from = " FROM " + keyspace + ".";
        this.member = session.prepare("SELECT joined, left" + from + "members WHERE conversation = ? AND user = ?");
        this.members = session.prepare("SELECT user, joined, left, role" + from + "members WHERE conversation = ?");
        this.byUser = session.prepare("SELECT conversation" + from + "conversations_by_user WHERE user = ?"
                + " AND conversation > ? LIMIT ?");
        this.conversations = session.prepare("SELECT conversation, name, head, description, avatar, announcement,"
                + " add_right, retention, read_receipts_off" + from + "conversations WHERE conversation IN ?");
        this.pointers = session.prepare(
                "SELECT conversation, delivered, read" + from + "pointers WHERE conversation IN ? AND user = ?");
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
        return session.executeAsync(bucketAt.bind(id.value()).setPageSize(PAGE_ROWS))
                .thenCompose(rows -> collect(rows, new ArrayList<>()))
                .thenApply(rows -> {
                    for (Row row : rows) {
                        Instant first = row.getInstant("first_at");
                        if (first != null && first.isBefore(time)) {
                            return row.getInt("bucket");
                        }
                    }
                    return 0;
                });
    }

    /** The first {@code limit} ids of the user's conversations behind {@code after}, ascending. */
    CompletionStage<List<String>> of(UserId user, String after, int limit) {
        return session.executeAsync(byUser.bind(user.value(), after, limit).setPageSize(PAGE_ROWS))
                .thenCompose(rows -> collect(rows, new ArrayList<>()))
                .thenApply(rows -> rows.stream()
                        .map(row -> row.getString(0))
                        .filter(Objects::nonNull)
                        .toList());
    }

    /** A summary of each, in the order of the ids, without what is unread. */
    CompletionStage<List<ConversationSummary>> summaries(List<String> ids, UserId user) {
        List<CompletionStage<List<ConversationSummary>>> parts = new ArrayList<>();
        for (int i = 0; i < ids.size(); i += AT_ONCE) {
            parts.add(together(ids.subList(i, Math.min(ids.size(), i + AT_ONCE)), user));
        }
        return all(parts)
                .thenApply(lists -> lists.stream().flatMap(List::stream).toList());
    }

    private CompletionStage<List<ConversationSummary>> together(List<String> ids, UserId user) {
        CompletionStage<Map<String, Row>> facts = byConversation(conversations.bind(ids));
        return byConversation(pointers.bind(ids, user.value()))
                .thenCombine(
                        facts,
                        (pointerOf, factsOf) -> ids.stream()
                                .map(id -> summary(ConversationId.parse(id), user, factsOf.get(id), pointerOf.get(id)))
                                .toList())
                .thenCompose(ConversationRows::all);
    }

    /** The rows of all pages. */
    private static CompletionStage<List<Row>> collect(AsyncResultSet rows, List<Row> before) {
        rows.currentPage().forEach(before::add);
        return rows.hasMorePages()
                ? rows.fetchNextPage().thenCompose(next -> collect(next, before))
                : CompletableFuture.completedFuture(before);
    }

    private CompletionStage<Map<String, Row>> byConversation(BoundStatement statement) {
        return session.executeAsync(statement.setPageSize(AT_ONCE)).thenApply(found -> {
            Map<String, Row> rows = new HashMap<>();
            for (Row row : found.currentPage()) {
                rows.put(row.getString("conversation"), row);
            }
            return rows;
        });
    }

    private CompletionStage<ConversationSummary> summary(
            ConversationId id, UserId user, @Nullable Row facts, @Nullable Row pointer) {
        return roles(id).thenApply(members -> {
            ConversationSummary.Builder summary = ConversationSummary.newBuilder()
                    .setId(id.value())
                    .setKind(id.isDirect() ? ConversationKind.DIRECT : ConversationKind.GROUP)
                    .addAllMembers(members.keySet());
            if (!id.isDirect()) {
                summary.setRole(members.getOrDefault(user.value(), Role.ROLE_UNSPECIFIED));
            }
            addFacts(summary, facts);
            return addPointer(summary, pointer).build();
        });
    }

    /** The results of all, in their order; fails if one does. */
    static <T> CompletionStage<List<T>> all(List<CompletionStage<T>> stages) {
        List<CompletableFuture<T>> each =
                stages.stream().map(CompletionStage::toCompletableFuture).toList();
        return CompletableFuture.allOf(each.toArray(new CompletableFuture<?>[0]))
                .thenApply(done -> each.stream().map(CompletableFuture::join).toList());
    }

    /** The members, in the order of their names. */
    private CompletionStage<Map<String, Role>> roles(ConversationId id) {
        Map<String, Role> members = new TreeMap<>();
        if (id.isDirect()) {
            members.put(id.first().value(), Role.MEMBER);
            members.put(id.second().value(), Role.MEMBER);
            return CompletableFuture.completedFuture(members);
        }
        return session.executeAsync(this.members.bind(id.value()).setPageSize(PAGE_ROWS))
                .thenCompose(rows -> collect(rows, new ArrayList<>()))
                .thenApply(rows -> {
                    for (Row row : rows) {
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
