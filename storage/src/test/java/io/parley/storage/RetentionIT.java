package io.parley.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.google.protobuf.util.Timestamps;
import io.parley.protocol.ConversationId;
import io.parley.protocol.EventPage;
import io.parley.protocol.SequencedEvent;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Keeping;
import io.parley.protocol.log.PointersMoved;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Deleted;
import io.parley.protocol.wire.Edited;
import io.parley.protocol.wire.Reacted;
import io.parley.protocol.wire.Receipt;
import io.parley.protocol.wire.UserErased;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** What need not be kept any more is gone, and nobody stumbles over the hole, against a real Cassandra. Each test has a conversation of its own. */
@TestInstance(Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class RetentionIT {
    private static final Keeping FOREVER = Keeping.getDefaultInstance();
    private static final Keeping ONE_DAY = Keeping.newBuilder().setDays(1).build();

    private Path data;
    private TestCassandra cassandra;
    private CqlSession session;
    private HistoryReader reader;
    private CassandraEventStore store;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        this.data = data;
        cassandra = TestCassandra.start(data, Map.of("PARLEY_CASSANDRA_SWEEP_SECONDS", "4"));
        session = cassandra.session();
        reader = cassandra.reader();
        store = cassandra.store();
    }

    @AfterAll
    void stop() throws Exception {
        cassandra.close();
    }

    @Test
    void what_all_have_goes_from_every_table_and_bucket_and_stays_away() throws Exception {
        ConversationId id = ConversationId.parse("ann~ben");
        Instant now = Instant.now();
        List<ChatEvent> expiring =
                IntStream.rangeClosed(1, 60).mapToObj(seq -> text(seq, now)).toList();
        List<ChatEvent> kept =
                IntStream.rangeClosed(61, 5100).mapToObj(seq -> text(seq, now)).toList();
        write(id, expiring, ONE_DAY);
        write(id, kept, FOREVER);
        ChatEvent reaction = event(5101, now)
                .setReacted(Reacted.newBuilder().setSeq(7).setEmoji("👍"))
                .build();
        write(id, List.of(reaction), FOREVER);

        purge(id, 5050, now.plusMillis(1));

        assertThat(rows("SELECT seq FROM parley.messages WHERE conversation = 'ann~ben' ALLOW FILTERING"))
                .isEmpty();
        assertThat(rows("SELECT seq FROM parley.messages_kept WHERE conversation = 'ann~ben' ALLOW FILTERING"))
                .hasSize(51);
        assertThat(rows("SELECT seq FROM parley.reactions WHERE conversation = 'ann~ben' ALLOW FILTERING"))
                .isEmpty();
        EventPage replay = get(store.read(id, 10, 1000));
        assertThat(seqs(replay)).isEqualTo(range(5051, 5101));
        assertThat(replay.through()).isEqualTo(5101);
        assertThat(page(id, new PageRequest.Newest())).isEqualTo(range(5052, 5101));
        assertThat(page(id, new PageRequest.Before(5052))).isEqualTo(range(5051, 5051));
        assertThat(page(id, new PageRequest.After(0))).isEqualTo(range(5051, 5100));

        // A writer that starts anew writes what it has not committed.
        write(id, expiring, ONE_DAY);
        write(id, kept.subList(0, 100), FOREVER);
        assertThat(seqs(get(store.read(id, 0, 10)))).isEqualTo(range(5051, 5060));
        purge(id, 5050, now.plusMillis(1));
        assertThat(seqs(get(store.read(id, 0, 10)))).isEqualTo(range(5051, 5060));
    }

    @Test
    void a_replay_behind_everything_that_was_kept_steps_to_the_head() throws Exception {
        ConversationId id = ConversationId.parse("ann~cid");
        Instant now = Instant.now();
        write(id, IntStream.rangeClosed(1, 5).mapToObj(seq -> text(seq, now)).toList(), FOREVER);
        purge(id, 5, now.plusMillis(1));
        assertThat(get(store.read(id, 2, 100))).isEqualTo(new EventPage(List.of(), 5));
        assertThat(get(store.read(id, 5, 100)))
                .as("what is not stored yet is waited for")
                .isEqualTo(new EventPage(List.of(), 5));
    }

    @Test
    void days_end_and_what_is_younger_stays() throws Exception {
        ConversationId id = ConversationId.parse("ann~dan");
        Instant now = Instant.now();
        Instant yesterday = now.minus(Duration.ofDays(1)).plusSeconds(8);
        write(
                id,
                List.of(
                        text(1, now.minus(Duration.ofDays(2))),
                        text(2, yesterday),
                        text(3, yesterday),
                        event(4, yesterday)
                                .setEdited(Edited.newBuilder().setSeq(2).setText("better"))
                                .build(),
                        event(5, yesterday)
                                .setDeleted(Deleted.newBuilder().setSeq(3))
                                .build(),
                        text(6, now)),
                ONE_DAY);
        assertThat(seqs(get(store.read(id, 0, 10))))
                .as("what was too old when it came was never stored")
                .isEqualTo(range(2, 6));
        Awaitility.await()
                .atMost(Duration.ofSeconds(40))
                .until(() -> seqs(get(store.read(id, 0, 10))).equals(List.of(6)));
        assertThat(get(store.read(id, 0, 10)).through()).isEqualTo(6);
        assertThat(page(id, new PageRequest.Newest())).containsExactly(6);
        assertThat(
                        rows(
                                "SELECT seq, event, edited FROM parley.messages WHERE conversation = 'ann~dan' ALLOW FILTERING"))
                .as("neither an edit nor a deletion prolongs anything")
                .hasSize(1);
    }

    @Test
    void what_was_deleted_or_erased_leaves_no_byte_in_a_file_of_an_earlier_day() throws Exception {
        ConversationId id = ConversationId.parse("ann~hal");
        Instant earlier = Instant.now().minus(Duration.ofDays(3));
        Keeping month = Keeping.newBuilder().setDays(30).build();
        List<String> texts =
                Stream.generate(RetentionIT::incompressible).limit(4).toList();
        write(
                id,
                List.of(
                        event(1, earlier).setText(texts.get(0)).build(),
                        event(2, earlier)
                                .setEdited(Edited.newBuilder().setSeq(1).setText(texts.get(1)))
                                .build(),
                        event(3, earlier).setText(texts.get(2)).build(),
                        event(4, earlier).setFrom("hal").setText(texts.get(3)).build()),
                month);
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> texts.stream().allMatch(this::isInTableFile));

        Instant now = Instant.now();
        write(
                id,
                List.of(
                        event(5, now)
                                .setDeleted(Deleted.newBuilder().setSeq(1).addEdits(2))
                                .build(),
                        event(6, now)
                                .setUserErased(UserErased.newBuilder().setUser("ann"))
                                .build()),
                month);

        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> texts.subList(0, 3).stream().noneMatch(text -> isIn(data, text)));
        assertThat(isInTableFile(texts.get(3))).isTrue();
        assertThat(page(id, new PageRequest.Newest())).isEqualTo(range(1, 6));
    }

    @Test
    void a_message_that_is_held_back_goes_after_thirty_days() throws Exception {
        ConversationId id = ConversationId.parse("ann~eve");
        Keeping untilDelivered =
                Keeping.newBuilder().setDays(30).setUntilDelivered(true).build();
        write(id, List.of(text(1, Instant.now())), untilDelivered);
        int left = rows("SELECT ttl(event) FROM parley.messages_kept WHERE conversation = 'ann~eve' ALLOW FILTERING")
                .get(0)
                .getInt(0);
        assertThat(Duration.ofSeconds(left)).isBetween(Duration.ofDays(29), Duration.ofDays(30));
    }

    @Test
    void a_term_that_Cassandra_does_not_take_is_cut() throws Exception {
        ConversationId id = ConversationId.parse("ann~gil");
        write(
                id,
                List.of(text(1, Instant.now())),
                Keeping.newBuilder().setDays(20_000).build());
        int left = rows("SELECT ttl(event) FROM parley.messages WHERE conversation = 'ann~gil' ALLOW FILTERING")
                .get(0)
                .getInt(0);
        assertThat(Duration.ofSeconds(left)).isGreaterThan(Duration.ofDays(365));
    }

    @Test
    void a_change_after_another_retention_was_set_finds_its_message() throws Exception {
        ConversationId id = ConversationId.parse("ann~fay");
        Instant now = Instant.now();
        write(id, List.of(text(1, now), text(2, now)), ONE_DAY);
        write(
                id,
                List.of(
                        event(3, now)
                                .setEdited(Edited.newBuilder().setSeq(1).setText("better"))
                                .build(),
                        event(4, now).setDeleted(Deleted.newBuilder().setSeq(2)).build()),
                FOREVER);
        HistoryAnswer.Found answer = (HistoryAnswer.Found)
                get(reader.page(id, UserId.parse("ann"), new PageRequest(new PageRequest.Newest(), 50)));
        assertThat(answer.page().getMessages(0).getText()).isEqualTo("better");
        assertThat(answer.page().getMessages(1).hasDeletedMessage()).isTrue();
        assertThat(rows("SELECT seq FROM parley.messages_kept WHERE conversation = 'ann~fay' ALLOW FILTERING"))
                .as("the message stays in its table")
                .hasSize(2);
    }

    /** What repeats some letters would not lie in a compressed file as it is. The first and the last letters may be part of a repetition that begins before or ends after the text. */
    private static String incompressible() {
        return new SecureRandom()
                .ints('!', '~')
                .limit(24)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }

    private boolean isInTableFile(String text) {
        return isIn(data.resolve("cassandra").resolve("data"), text);
    }

    private static boolean isIn(Path directory, String text) {
        String inner = text.substring(4, text.length() - 4);
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).anyMatch(file -> {
                try {
                    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(inner);
                } catch (NoSuchFileException e) {
                    return false;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException | IOException e) {
            // A folder that went meanwhile: it may be anywhere, ask again.
            return true;
        }
    }

    private void write(ConversationId id, List<ChatEvent> events, Keeping keeping) throws Exception {
        get(cassandra
                .writer()
                .write(Map.of(
                        id,
                        events.stream()
                                .map(event -> new LoggedEvent(
                                        new SequencedEvent(event.getSeq(), event.toByteArray()), keeping))
                                .toList())));
    }

    private void purge(ConversationId id, int through, Instant at) throws Exception {
        PointersMoved moved = PointersMoved.newBuilder()
                .addPointers(Receipt.newBuilder().setUser("ben").setDelivered(through))
                .setPurged(through)
                .setPurgedAtMillis(at.toEpochMilli())
                .build();
        get(new PointerWriter(session, "parley").write(Map.of(id, List.of(moved))));
    }

    private List<Integer> page(ConversationId id, PageRequest.Start start) throws Exception {
        HistoryAnswer answer = get(reader.page(id, UserId.parse("ann"), new PageRequest(start, 50)));
        return ((HistoryAnswer.Found) answer)
                .page().getMessagesList().stream().map(ChatEvent::getSeq).toList();
    }

    private List<Row> rows(String query) {
        return session.execute(query).all();
    }

    private static List<Integer> seqs(EventPage page) {
        return page.events().stream().map(SequencedEvent::seq).toList();
    }

    private static ChatEvent text(int seq, Instant at) {
        return event(seq, at).setText("message " + seq).build();
    }

    private static ChatEvent.Builder event(int seq, Instant at) {
        return ChatEvent.newBuilder()
                .setSeq(seq)
                .setId("m" + seq)
                .setFrom("ann")
                .setAt(Timestamps.fromMillis(at.toEpochMilli()));
    }

    private static List<Integer> range(int first, int last) {
        return IntStream.rangeClosed(first, last).boxed().toList();
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
