package io.parley.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.google.protobuf.util.Timestamps;
import io.parley.protocol.ConversationId;
import io.parley.protocol.SequencedEvent;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Keeping;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.ConversationKind;
import io.parley.protocol.wire.ConversationList;
import io.parley.protocol.wire.ConversationSummary;
import io.parley.protocol.wire.GroupCreated;
import io.parley.protocol.wire.MembersAdded;
import io.parley.protocol.wire.MembersRemoved;
import io.parley.runtime.ReadSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is written is what is read, against a real Cassandra. Each test has conversations and users of its own. */
@ExtendWith(CassandraExtension.class)
class HistoryIT {
    /** The tests' Cassandra takes half a segment of its commit log. */
    private static final int LARGER_THAN_A_REQUEST = 8_400_000;

    private static final long START_MILLIS = 1_800_000_000_000L;

    private final CqlSession session;
    private final ConversationWriter writer;
    private final HistoryReader reader;
    private final CassandraEventStore store;

    HistoryIT(TestCassandra cassandra) {
        this.session = cassandra.session();
        this.writer = cassandra.writer();
        this.reader = cassandra.reader();
        this.store = cassandra.store();
    }

    @Test
    void a_page_ends_where_it_is_asked_to() throws Exception {
        ConversationId id = ConversationId.parse("alice~bob");
        UserId bob = UserId.parse("bob");
        get(writer.write(Map.of(id, texts(1, 120))));

        assertThat(seqs(id, bob, new PageRequest.Newest(), 3)).containsExactly(118, 119, 120);
        assertThat(seqs(id, bob, new PageRequest.After(7), 3)).containsExactly(8, 9, 10);
        assertThat(seqs(id, bob, new PageRequest.Before(5), 3)).containsExactly(2, 3, 4);
        assertThat(seqs(id, bob, new PageRequest.After(120), 3)).isEmpty();
        assertThat(seqs(id, bob, new PageRequest.Before(0), 3)).isEmpty();
        assertThat(seqs(id, bob, new PageRequest.At(time(40)), 2)).containsExactly(40, 41);
        assertThat(seqs(id, bob, new PageRequest.At(time(500)), 2)).isEmpty();
        assertThat(get(reader.page(id, UserId.parse("carol"), newest(3)))).isInstanceOf(HistoryAnswer.NotMember.class);
    }

    @Test
    void pages_and_replay_cross_buckets() throws Exception {
        ConversationId id = ConversationId.parse("dan~eve");
        UserId dan = UserId.parse("dan");
        get(writer.write(Map.of(id, texts(1, 5100))));

        assertThat(seqs(id, dan, new PageRequest.After(4998), 4)).containsExactly(4999, 5000, 5001, 5002);
        assertThat(seqs(id, dan, new PageRequest.Before(5003), 4)).containsExactly(4999, 5000, 5001, 5002);
        assertThat(seqs(id, dan, new PageRequest.At(time(5050)), 1)).containsExactly(5050);
        assertThat(seqs(id, dan, new PageRequest.At(time(4999)), 3)).containsExactly(4999, 5000, 5001);
        assertThat(get(store.read(id, 4990, 100)).events())
                .extracting(SequencedEvent::seq)
                .containsExactlyElementsOf(range(4991, 5090));
        assertThat(get(store.read(id, 5000, 100)).events()).hasSize(100);
        assertThat(get(store.read(id, 5100, 100)).events()).isEmpty();
    }

    @Test
    void stored_bytes_are_the_delivered_bytes() throws Exception {
        ConversationId id = ConversationId.parse("fay~gus");
        LoggedEvent event = texts(1, 1).get(0);
        get(writer.write(Map.of(id, List.of(event))));

        byte[] stored = get(store.read(id, 0, 10)).events().get(0).payload(io.parley.protocol.WireFormat.PROTO);
        assertThat(stored).isEqualTo(event.event().payload(io.parley.protocol.WireFormat.PROTO));
    }

    @Test
    void a_member_sees_from_their_joining_and_a_removed_one_nothing() throws Exception {
        ConversationId id = ConversationId.parse("g0123456789ab");
        get(writer.write(Map.of(id, group())));

        assertThat(seqs(id, UserId.parse("ivy"), new PageRequest.After(0), 10)).containsExactly(1, 2, 3, 4, 5);
        assertThat(seqs(id, UserId.parse("kim"), new PageRequest.After(0), 10)).containsExactly(3, 4, 5);
        assertThat(get(reader.page(id, UserId.parse("jon"), newest(10)))).isInstanceOf(HistoryAnswer.NotMember.class);
        assertThat(get(reader.list(UserId.parse("jon"), ListRequest.FIRST)).getConversationsList())
                .isEmpty();
        ConversationSummary summary =
                get(reader.list(UserId.parse("kim"), ListRequest.FIRST)).getConversations(0);
        assertThat(summary.getName()).isEqualTo("team");
        assertThat(summary.getKind()).isEqualTo(ConversationKind.GROUP);
        assertThat(summary.getHead()).isEqualTo(5);
        assertThat(summary.getMembersList()).containsExactly("ivy", "kim");
    }

    @Test
    void a_listing_has_all_conversations_and_what_is_unread_in_all() throws Exception {
        UserId lea = UserId.parse("lea");
        get(writer.write(IntStream.rangeClosed(1, 1001)
                .mapToObj(number -> ConversationId.direct(lea, UserId.parse("m" + number)))
                .collect(Collectors.toMap(Function.identity(), id -> texts(1, 1)))));

        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        ReadBudget budget = ReadBudget.of(
                new ReadSettings(
                        2, 1, 1 << 20, 1 << 20, 10, 10, Duration.ofSeconds(9), Duration.ofSeconds(9), 1L << 30),
                timer);
        ConversationList list = get(new UserReads(reader, budget).listAll(lea));
        assertThat(list.getConversationsList())
                .extracting(ConversationSummary::getId)
                .doesNotHaveDuplicates()
                .hasSize(1001);
        assertThat(list.getUnreadTotal()).isEqualTo(1001);
        assertThat(list.getNext()).isEmpty();
        assertThat(budget.underWay()).isZero();
        timer.shutdownNow();
    }

    @Test
    void a_listing_goes_on_where_the_page_before_it_ended() throws Exception {
        UserId mia = UserId.parse("mia");
        get(writer.write(IntStream.rangeClosed(1, 5)
                .mapToObj(number -> ConversationId.direct(mia, UserId.parse("n" + number)))
                .collect(Collectors.toMap(Function.identity(), id -> texts(1, 1)))));

        ConversationList first = get(reader.list(mia, new ListRequest("", 2)));
        ConversationList second = get(reader.list(mia, ListRequest.after(first.getNext(), 2)));
        ConversationList last = get(reader.list(mia, ListRequest.after(second.getNext(), 2)));

        assertThat(Stream.of(first, second, last)
                        .map(page -> page.getConversationsList().stream()
                                .map(ConversationSummary::getId)
                                .toList()))
                .containsExactly(List.of("mia~n1", "mia~n2"), List.of("mia~n3", "mia~n4"), List.of("mia~n5"));
        assertThat(first.getUnreadTotal()).isEqualTo(2);
        assertThat(last.getNext()).isEmpty();
    }

    @Test
    void pages_of_large_messages_follow_each_other_in_both_directions_and_none_is_above_a_megabyte() throws Exception {
        ConversationId id = ConversationId.parse("ann~large");
        UserId ann = UserId.parse("ann");
        List<Integer> sizes = IntStream.rangeClosed(1, 40)
                .map(seq -> seq == 20 ? 500_000 : seq % 3 == 0 ? 200_000 : 50)
                .boxed()
                .toList();
        for (int seq = 1; seq <= sizes.size(); seq++) {
            get(writer.write(Map.of(id, List.of(sequenced(event(seq).setText("x".repeat(sizes.get(seq - 1))))))));
        }
        // As rows of an earlier version are, which has not stored the sizes.
        for (int seq = 1; seq <= 12; seq++) {
            session.execute("UPDATE parley.messages_kept USING TIMESTAMP " + Long.MAX_VALUE
                    + " SET event_bytes = null WHERE conversation = 'ann~large' AND bucket = 0 AND seq = " + seq);
        }

        List<Integer> upwards = new ArrayList<>();
        for (List<Integer> page = seqs(id, ann, new PageRequest.After(0), 200);
                !page.isEmpty();
                page = seqs(id, ann, new PageRequest.After(upwards.get(upwards.size() - 1)), 200)) {
            assertBounded(page, sizes);
            upwards.addAll(page);
        }
        List<Integer> downwards = new ArrayList<>();
        for (List<Integer> page = seqs(id, ann, new PageRequest.Newest(), 200);
                !page.isEmpty();
                page = seqs(id, ann, new PageRequest.Before(downwards.get(0)), 200)) {
            assertBounded(page, sizes);
            downwards.addAll(0, page);
        }

        assertThat(upwards).isEqualTo(range(1, 40));
        assertThat(downwards).isEqualTo(range(1, 40));
    }

    private static void assertBounded(List<Integer> page, List<Integer> sizes) {
        int bytes = page.stream().mapToInt(seq -> sizes.get(seq - 1)).sum();
        assertThat(page.size() == 1 || bytes <= PageRequest.MAX_BYTES)
                .as("seqs %s with %d bytes", page, bytes)
                .isTrue();
    }

    @Test
    void writing_old_events_again_changes_nothing() throws Exception {
        ConversationId id = ConversationId.parse("g0123456789cd");
        List<LoggedEvent> events = group();
        get(writer.write(Map.of(id, events)));
        get(writer.write(Map.of(id, events.subList(0, 2))));

        assertThat(get(reader.head(id))).isEqualTo(5);
        assertThat(get(reader.page(id, UserId.parse("jon"), newest(10)))).isInstanceOf(HistoryAnswer.NotMember.class);
        assertThat(seqs(id, UserId.parse("kim"), new PageRequest.Newest(), 10)).containsExactly(3, 4, 5);
    }

    @Test
    void a_table_that_cannot_be_used_yet_is_waited_for() throws Exception {
        AtomicInteger attempts = new AtomicInteger();

        PreparedStatement prepared = Schema.await(session, "parley", () -> {
            if (attempts.incrementAndGet() == 2) {
                session.execute("CREATE TABLE parley.late (id int PRIMARY KEY)");
            }
            return session.prepare("SELECT id FROM parley.late");
        });

        assertThat(session.execute(prepared.bind())).isEmpty();
        assertThat(attempts).hasValue(2);
    }

    @Test
    void a_message_that_cassandra_refuses_for_good_is_buried_and_there_is_a_tombstone_in_its_place() throws Exception {
        ConversationId id = ConversationId.parse("ivy~zoe");
        List<RefusedRow> buried = new ArrayList<>();
        HistoryTables tables = HistoryTables.of(session, "parley", row -> {
            buried.add(row);
            return CompletableFuture.completedFuture(null);
        });
        LoggedEvent large = sequenced(event(2).setText("x".repeat(LARGER_THAN_A_REQUEST)));
        get(tables.write(
                Map.of(id, List.of(texts(1, 1).get(0), large, texts(3, 3).get(0))), Map.of()));

        assertThat(buried).singleElement().satisfies(row -> {
            assertThat(row.event()).isSameAs(large);
            assertThat(row.key()).isEqualTo(id.value());
            assertThat(row.reason()).contains("exceeds allowed maximum");
        });
        HistoryAnswer answer = get(reader.page(id, UserId.parse("zoe"), newest(10)));
        List<ChatEvent> page = ((HistoryAnswer.Found) answer).page().getMessagesList();
        assertThat(page).extracting(ChatEvent::getSeq).containsExactly(1, 2, 3);
        assertThat(page).extracting(ChatEvent::hasDeletedMessage).containsExactly(false, true, false);
    }

    private List<Integer> seqs(ConversationId id, UserId user, PageRequest.Start start, int limit) throws Exception {
        HistoryAnswer answer = get(reader.page(id, user, new PageRequest(start, limit)));
        return ((HistoryAnswer.Found) answer)
                .page().getMessagesList().stream().map(ChatEvent::getSeq).toList();
    }

    private static PageRequest newest(int limit) {
        return new PageRequest(new PageRequest.Newest(), limit);
    }

    /** ivy makes a group with jon (1), writes (2), adds kim (3), removes jon (4), writes (5). */
    private static List<LoggedEvent> group() {
        return List.of(
                sequenced(event(1).setGroupCreated(GroupCreated.newBuilder()
                        .setName("team")
                        .addMembers("ivy")
                        .addMembers("jon"))),
                sequenced(event(2).setText("hi")),
                sequenced(event(3).setMembersAdded(MembersAdded.newBuilder().addUsers("kim"))),
                sequenced(event(4).setMembersRemoved(MembersRemoved.newBuilder().addUsers("jon"))),
                sequenced(event(5).setText("bye")));
    }

    private static List<LoggedEvent> texts(int first, int last) {
        return IntStream.rangeClosed(first, last)
                .mapToObj(seq -> sequenced(event(seq).setText("message " + seq)))
                .toList();
    }

    private static ChatEvent.Builder event(int seq) {
        return ChatEvent.newBuilder()
                .setSeq(seq)
                .setId("m" + seq)
                .setFrom("ivy")
                .setAt(Timestamps.fromMillis(time(seq).toEpochMilli()));
    }

    private static Instant time(int seq) {
        return Instant.ofEpochMilli(START_MILLIS + seq * 1000L);
    }

    private static LoggedEvent sequenced(ChatEvent.Builder event) {
        return new LoggedEvent(
                new SequencedEvent(event.getSeq(), event.build().toByteArray()), Keeping.getDefaultInstance());
    }

    private static List<Integer> range(int first, int last) {
        return IntStream.rangeClosed(first, last).boxed().toList();
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
