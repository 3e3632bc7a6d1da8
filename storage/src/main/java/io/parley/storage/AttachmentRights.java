package io.parley.storage;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.storage.StoredAttachment.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Who may see an attachment: its uploader, and who may see a message that shows it or a conversation that has it as avatar. A refusal is told only when
 * the stored history is up to the time of the question, or after a bounded wait: a message is delivered some milliseconds before it is stored.
 */
public final class AttachmentRights {
    /** References that are looked at; an attachment that more messages show is found by the conversation. */
    private static final int MOST_REFERENCES = 1000;
    /** Groups whose members are asked for together. */
    private static final int AT_ONCE = 16;

    private static final long AGAIN_MILLIS = 100;

    private final CqlSession session;
    private final AttachmentRows rows;
    private final ConversationRows conversations;
    private final Freshness freshness;
    private final Duration patience;
    private final PreparedStatement references;

    /** What a user may do with an attachment. */
    public sealed interface Right {}

    /** The user may see it. */
    public record Granted(StoredAttachment attachment) implements Right {}

    /** It is not for the user. */
    public record Refused() implements Right {}

    /** There is no such attachment, or not any more, or it is not complete. */
    public record Missing() implements Right {}

    /** @param seq of the newest message that shows it there; 0: it is the avatar */
    private record Shown(ConversationId conversation, int seq) {}

    /**
     * Prepares its statements: the tables must exist, see {@link Schema#await}.
     *
     * @param longestBehind how far the stored history may be behind the log when it decides who is in a group
     * @param patience how long a refusal waits for the history at most
     */
    public AttachmentRights(CqlSession session, String keyspace, Duration longestBehind, Duration patience) {
        this.session = session;
        this.rows = new AttachmentRows(session, keyspace);
        this.conversations = new ConversationRows(session, keyspace);
        this.freshness = new Freshness(session, keyspace, longestBehind);
        this.patience = patience;
        this.references = session.prepare("SELECT conversation, seq, avatar, referenced FROM " + keyspace
                + ".attachment_references WHERE attachment = ? LIMIT " + MOST_REFERENCES);
    }

    /** What the user may do with it. Fails when Cassandra cannot be reached, and when the history of a group that decides is behind. */
    public CompletionStage<Right> of(UserId user, String attachment) {
        return rows.find(attachment)
                .thenCompose(found -> found.filter(one -> one.state() == State.READY)
                        .map(one -> of(user, one, System.nanoTime()))
                        .orElseGet(() -> CompletableFuture.completedFuture(new Missing())));
    }

    private CompletionStage<Right> of(UserId user, StoredAttachment attachment, long sinceNanos) {
        return freshness
                .age()
                .thenCompose(age -> session.executeAsync(
                                references.bind(attachment.id()).setPageSize(MOST_REFERENCES))
                        .thenCompose(found -> {
                            List<Row> rows = new ArrayList<>();
                            found.currentPage().forEach(rows::add);
                            List<Shown> shown = shown(rows);
                            if (user.equals(attachment.uploader())) {
                                boolean released = shown.isEmpty() && !rows.isEmpty();
                                return CompletableFuture.completedFuture(
                                        released ? new Missing() : new Granted(attachment));
                            }
                            return isShown(user, shown, age).thenCompose(is -> {
                                if (is) {
                                    return CompletableFuture.<Right>completedFuture(new Granted(attachment));
                                }
                                long now = System.nanoTime();
                                if (age.isWrittenUntil(sinceNanos)) {
                                    return CompletableFuture.<Right>completedFuture(new Refused());
                                }
                                if (now - sinceNanos < patience.toNanos()) {
                                    return later().thenCompose(again -> of(user, attachment, sinceNanos));
                                }
                                return age.isWithinLimit(now)
                                        ? CompletableFuture.<Right>completedFuture(new Refused())
                                        : CompletableFuture.<Right>failedFuture(new HistoryBehindException(
                                                "the history is behind: who may see an attachment is not known"));
                            });
                        }));
    }

    /** Of each conversation the newest; the row of an attachment that was shown once and is no more names none. */
    private static List<Shown> shown(List<Row> rows) {
        Map<String, Shown> newest = new LinkedHashMap<>();
        for (Row row : rows) {
            String id = row.getString("conversation");
            if (id != null) {
                Shown before = newest.get(id);
                boolean avatar = row.getBoolean("avatar") || (before != null && before.seq() == 0);
                newest.put(id, new Shown(ConversationId.parse(id), avatar ? 0 : row.getInt("seq")));
            }
        }
        return List.copyOf(newest.values());
    }

    private CompletionStage<Boolean> isShown(UserId user, Collection<Shown> shown, HistoryAge age) {
        if (shown.stream()
                .anyMatch(one ->
                        one.conversation().isDirect() && one.conversation().isDirectMember(user))) {
            return CompletableFuture.completedFuture(true);
        }
        return isShownInGroup(
                user,
                shown.stream().filter(one -> !one.conversation().isDirect()).toList(),
                age);
    }

    private CompletionStage<Boolean> isShownInGroup(UserId user, List<Shown> groups, HistoryAge age) {
        if (groups.isEmpty()) {
            return CompletableFuture.completedFuture(false);
        }
        int count = Math.min(AT_ONCE, groups.size());
        List<CompletionStage<Boolean>> some = groups.subList(0, count).stream()
                .map(one -> isShown(user, one, age))
                .toList();
        return ConversationRows.all(some)
                .thenCompose(found -> found.contains(true)
                        ? CompletableFuture.completedFuture(true)
                        : isShownInGroup(user, groups.subList(count, groups.size()), age));
    }

    private CompletionStage<Boolean> isShown(UserId user, Shown shown, HistoryAge age) {
        return conversations.joined(shown.conversation(), user).thenApply(joined -> {
            boolean is = joined.isPresent() && (shown.seq() == 0 || shown.seq() >= joined.getAsInt());
            if (is) {
                // Who is told to be no member is refused for good only when history is up to date anyway.
                age.require(shown.conversation(), System.nanoTime());
            }
            return is;
        });
    }

    private static CompletionStage<@Nullable Void> later() {
        Executor delayed = CompletableFuture.delayedExecutor(AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        return CompletableFuture.runAsync(() -> {}, delayed);
    }

    /** Whether any message shows it, or a conversation has it as avatar. */
    public CompletionStage<Use> use(String attachment) {
        return session.executeAsync(references.bind(attachment).setPageSize(MOST_REFERENCES))
                .thenApply(found -> {
                    Optional<Row> first = Optional.ofNullable(found.one());
                    boolean shown =
                            first.map(row -> row.getString("conversation")).isPresent();
                    return shown ? Use.SHOWN : first.isPresent() ? Use.NO_MORE : Use.NOT_YET;
                });
    }

    /** Whether something refers to an attachment. */
    public enum Use {
        NOT_YET,
        SHOWN,
        NO_MORE
    }
}
