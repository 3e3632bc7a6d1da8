package io.parley.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import io.parley.protocol.ConversationId;
import io.parley.protocol.LogPartition;
import io.parley.protocol.SequencedEvent;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Keeping;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.GroupCreated;
import io.parley.runtime.CassandraSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What writers tell of their progress, and which reads it allows, against a real Cassandra. Where reads depend on that, a test has a keyspace of its own. */
@ExtendWith(CassandraExtension.class)
class HistoryProgressIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final UserId ANN = UserId.parse("ann");
    private static final PageRequest NEWEST = new PageRequest(new PageRequest.Newest(), 10);
    private static final ConversationId FIRST = group(0);
    private static final ConversationId SECOND = group(1);

    private final TestCassandra cassandra;
    private final CqlSession session;

    HistoryProgressIT(TestCassandra cassandra) {
        this.cassandra = cassandra;
        this.session = cassandra.session();
    }

    @Test
    void without_a_report_groups_are_not_read_and_conversations_of_two_are() throws Exception {
        HistoryReader reader = reader("unreported");
        ConversationId direct = ConversationId.parse("ann~ben");
        write("unreported", direct, ChatEvent.newBuilder().setText("hi"));

        assertThat(get(reader.page(direct, ANN, NEWEST))).isInstanceOf(HistoryAnswer.Found.class);
        assertThat(get(reader.list(ANN, ListRequest.FIRST)).getConversationsList())
                .hasSize(1);
        assertThat(get(reader.isUpToDate())).isFalse();

        found("unreported", FIRST);
        assertBehind(reader.page(FIRST, ANN, NEWEST));
        assertBehind(reader.page(FIRST, UserId.parse("mallory"), NEWEST));
        assertBehind(reader.list(ANN, ListRequest.FIRST));
    }

    @Test
    void a_group_is_read_while_its_partition_is_reported() throws Exception {
        HistoryReader reader = reader("reported");
        HistoryProgress progress = new HistoryProgress(session, "reported");
        found("reported", FIRST);
        found("reported", SECOND);

        await().atMost(LIMIT).ignoreExceptions().until(() -> {
            get(progress.report(Map.of(0, get(progress.clock())), 2));
            return get(reader.page(FIRST, ANN, NEWEST)) instanceof HistoryAnswer.Found;
        });
        assertBehind(reader.page(SECOND, ANN, NEWEST));
        assertBehind(reader.list(ANN, ListRequest.FIRST));

        await().atMost(LIMIT).until(() -> {
            get(progress.report(Map.of(0, get(progress.clock()), 1, get(progress.clock())), 2));
            return get(reader.isUpToDate());
        });
        assertThat(get(reader.list(ANN, ListRequest.FIRST)).getConversationsList())
                .hasSize(2);

        await().atMost(LIMIT).untilAsserted(() -> assertBehind(reader.page(FIRST, ANN, NEWEST)));
    }

    @Test
    void a_told_time_never_moves_back() throws Exception {
        HistoryProgress progress = new HistoryProgress(session, "parley");
        Instant now = get(progress.clock());
        get(progress.report(Map.of(0, now), 1));
        get(progress.report(Map.of(0, now.minusSeconds(10)), 1));

        assertThat(session.execute("SELECT written_until FROM parley.history_progress")
                        .one()
                        .getInstant(0))
                .isEqualTo(now);
    }

    private HistoryReader reader(String keyspace) throws Exception {
        CassandraSettings settings = cassandra.settings(keyspace);
        Schema.ensure(session, settings);
        return Schema.await(session, keyspace, () -> new HistoryReader(session, keyspace, Duration.ofSeconds(3)));
    }

    private void found(String keyspace, ConversationId group) throws Exception {
        write(
                keyspace,
                group,
                ChatEvent.newBuilder().setGroupCreated(GroupCreated.newBuilder().addMembers("ann")));
    }

    private void write(String keyspace, ConversationId id, ChatEvent.Builder event) throws Exception {
        byte[] bytes = event.setSeq(1).setFrom("ann").build().toByteArray();
        LoggedEvent logged = new LoggedEvent(new SequencedEvent(1, bytes), Keeping.getDefaultInstance());
        get(new ConversationWriter(session, keyspace).write(Map.of(id, List.of(logged))));
    }

    private static void assertBehind(CompletionStage<?> reading) {
        assertThatThrownBy(() -> get(reading))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(HistoryBehindException.class);
    }

    private static ConversationId group(int partition) {
        return IntStream.range(0, 1000)
                .mapToObj(number -> ConversationId.parse("g%012d".formatted(number)))
                .filter(id -> LogPartition.of(id, 2) == partition)
                .findFirst()
                .orElseThrow();
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }
}
