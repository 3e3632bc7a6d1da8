package io.parley.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.google.protobuf.util.Timestamps;
import io.parley.protocol.ConversationId;
import io.parley.protocol.SequencedEvent;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Keeping;
import io.parley.protocol.wire.AddRightChanged;
import io.parley.protocol.wire.AnnouncementChanged;
import io.parley.protocol.wire.Attachment;
import io.parley.protocol.wire.AvatarChanged;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.ConversationSummary;
import io.parley.protocol.wire.Deleted;
import io.parley.protocol.wire.DeletedMessage;
import io.parley.protocol.wire.Described;
import io.parley.protocol.wire.Edited;
import io.parley.protocol.wire.GroupCreated;
import io.parley.protocol.wire.Reacted;
import io.parley.protocol.wire.ReactionCount;
import io.parley.protocol.wire.ReadReceiptsChanged;
import io.parley.protocol.wire.Retention;
import io.parley.protocol.wire.RetentionChanged;
import io.parley.protocol.wire.Role;
import io.parley.protocol.wire.RoleChanged;
import io.parley.runtime.CassandraSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Edits, deletions, reactions and settings, against a real Cassandra. Each test has a conversation of its own. */
@ExtendWith(CassandraExtension.class)
class MessageChangesIT {
    private static final long START_MILLIS = 1_800_000_000_000L;
    private static final UserId ANN = UserId.parse("ann");
    private static final UserId BEN = UserId.parse("ben");
    private static final String THUMB = "👍";
    private static final String HEART = "❤️";

    private final TestCassandra cassandra;
    private final CqlSession session;
    private final ConversationWriter writer;
    private final HistoryReader reader;
    private final CassandraEventStore store;

    MessageChangesIT(TestCassandra cassandra) {
        this.cassandra = cassandra;
        this.session = cassandra.session();
        this.writer = cassandra.writer();
        this.reader = cassandra.reader();
        this.store = cassandra.store();
    }

    @Test
    void a_page_shows_the_last_text_and_a_replay_the_first_with_the_edits_to_follow() throws Exception {
        ConversationId id = ConversationId.parse("ann~ben");
        List<ChatEvent> events =
                List.of(text(1, "helo"), edited(2, 1, "hello"), text(3, "and"), edited(4, 1, "hello!"));
        write(id, events);

        assertThat(page(id, BEN))
                .containsExactly(
                        events.get(0).toBuilder()
                                .setText("hello!")
                                .setWasEdited(true)
                                .build(),
                        events.get(1),
                        events.get(2),
                        events.get(3));
        assertThat(replay(id)).isEqualTo(events);
    }

    @Test
    void a_deletion_takes_the_text_out_of_every_row() throws Exception {
        ConversationId id = ConversationId.parse("ann~cid");
        write(
                id,
                List.of(text(1, "secret"), edited(2, 1, "secret too"), reacted(3, "ann", 1, THUMB), text(4, "stays")));
        write(id, List.of(deleted(5, 1, 2)));

        List<ChatEvent> expected = List.of(
                event(1).clearId()
                        .setDeletedMessage(DeletedMessage.getDefaultInstance())
                        .build(),
                event(2).setEdited(Edited.newBuilder().setSeq(1)).build(),
                reacted(3, "ann", 1, THUMB),
                text(4, "stays"),
                deleted(5, 1, 2));
        assertThat(page(id, ANN)).isEqualTo(expected);
        assertThat(replay(id)).isEqualTo(expected);
        assertThat(rows("SELECT edited FROM parley.messages WHERE conversation = 'ann~cid' AND bucket = 0"))
                .allMatch(row -> row.isNull(0));
        assertThat(rows("SELECT user FROM parley.reactions WHERE conversation = 'ann~cid' AND bucket = 0"))
                .isEmpty();
    }

    @Test
    void writing_any_of_it_again_changes_nothing() throws Exception {
        ConversationId id = ConversationId.parse("ann~dan");
        List<ChatEvent> events = List.of(
                text(1, "one"),
                text(2, "two"),
                edited(3, 1, "one!"),
                edited(4, 2, "two!"),
                reacted(5, "ann", 1, THUMB),
                reacted(6, "ann", 2, THUMB),
                reacted(7, "ann", 2, HEART),
                takenBack(8, "ann", 2, THUMB),
                deleted(9, 1, 3));
        write(id, events);
        List<ChatEvent> page = page(id, ANN);
        List<ChatEvent> replay = replay(id);
        assertThat(page.get(0).hasDeletedMessage()).isTrue();
        assertThat(page.get(1).getText()).isEqualTo("two!");
        assertThat(page.get(1).getReactionsList()).containsExactly(count(HEART, 1, true));

        for (int first = 0; first < events.size(); first++) {
            write(id, events.subList(first, Math.min(events.size(), first + 3)));

            assertThat(page(id, ANN)).isEqualTo(page);
            assertThat(replay(id)).isEqualTo(replay);
        }
    }

    @Test
    void reactions_are_counted_for_the_one_who_asks() throws Exception {
        ConversationId id = ConversationId.parse("ann~eve");
        UserId eve = UserId.parse("eve");
        write(
                id,
                List.of(
                        text(1, "one"),
                        text(2, "two"),
                        reacted(3, "ann", 1, HEART),
                        reacted(4, "ann", 1, THUMB),
                        reacted(5, "eve", 1, THUMB),
                        reacted(6, "ann", 2, THUMB),
                        takenBack(7, "ann", 2, THUMB)));

        assertThat(page(id, ANN).get(0).getReactionsList())
                .containsExactly(count(THUMB, 2, true), count(HEART, 1, true));
        assertThat(page(id, eve).get(0).getReactionsList())
                .containsExactly(count(THUMB, 2, true), count(HEART, 1, false));
        assertThat(page(id, ANN).get(1).getReactionsList()).isEmpty();
    }

    @Test
    void a_thousand_reactions_across_a_buckets_end_are_counted() throws Exception {
        ConversationId id = ConversationId.parse("ann~fay");
        List<ChatEvent> events = new ArrayList<>();
        for (int seq = 1; seq <= 5001; seq++) {
            events.add(text(seq, "t"));
        }
        for (int i = 0; i < 3000; i++) {
            events.add(reacted(5002 + i, "u" + i, 5000 + i % 2, THUMB));
        }
        write(id, events);

        HistoryAnswer.Found found =
                (HistoryAnswer.Found) get(reader.page(id, ANN, new PageRequest(new PageRequest.After(4998), 3)));
        assertThat(found.page().getMessagesList())
                .extracting(ChatEvent::getReactionsList)
                .containsExactly(List.of(), List.of(count(THUMB, 1500, false)), List.of(count(THUMB, 1500, false)));
    }

    @Test
    void a_summary_shows_the_settings_and_ones_own_role() throws Exception {
        ConversationId id = ConversationId.parse("g0123456789st");
        Attachment avatar = Attachment.newBuilder().setId("a1").build();
        Retention week = Retention.newBuilder().setDays(7).build();
        List<ChatEvent> events = List.of(
                event(1).setGroupCreated(GroupCreated.newBuilder()
                                .setName("team")
                                .addMembers("ann")
                                .addMembers("setty"))
                        .build(),
                event(2).setDescribed(Described.newBuilder().setDescription("what we do"))
                        .build(),
                event(3).setAvatarChanged(AvatarChanged.newBuilder().setAttachment(avatar))
                        .build(),
                event(4).setAnnouncementChanged(AnnouncementChanged.newBuilder().setOn(true))
                        .build(),
                event(5).setAddRightChanged(AddRightChanged.newBuilder().setRole(Role.OWNER))
                        .build(),
                event(6).setRetentionChanged(RetentionChanged.newBuilder().setRetention(week))
                        .build(),
                event(7).setReadReceiptsChanged(ReadReceiptsChanged.newBuilder().setOn(false))
                        .build(),
                event(8).setRoleChanged(
                                RoleChanged.newBuilder().setUser("setty").setRole(Role.ADMIN))
                        .build());
        write(id, events);

        ConversationSummary summary =
                get(reader.list(UserId.parse("setty"), ListRequest.FIRST)).getConversations(0);
        assertThat(summary.getDescription()).isEqualTo("what we do");
        assertThat(summary.getAvatar()).isEqualTo(avatar);
        assertThat(summary.getAnnouncement()).isTrue();
        assertThat(summary.getAddRight()).isEqualTo(Role.OWNER);
        assertThat(summary.getRetention()).isEqualTo(week);
        assertThat(summary.getReadReceiptsOff()).isTrue();
        assertThat(summary.getRole()).isEqualTo(Role.ADMIN);

        write(
                id,
                List.of(event(9).setAvatarChanged(AvatarChanged.getDefaultInstance())
                        .build()));
        write(id, events);
        assertThat(get(reader.list(UserId.parse("setty"), ListRequest.FIRST))
                        .getConversations(0)
                        .hasAvatar())
                .isFalse();
    }

    @Test
    void tables_of_an_earlier_version_get_what_they_lack() throws Exception {
        for (String change : List.of(
                "CREATE KEYSPACE early WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}",
                "CREATE TABLE early.messages (conversation text, bucket int, seq int, event blob,"
                        + " PRIMARY KEY ((conversation, bucket), seq))",
                "CREATE TABLE early.conversations (conversation text PRIMARY KEY, kind text, name text, head int)")) {
            session.execute(change);
        }
        CassandraSettings settings = cassandra.settings("early");
        Schema.ensure(session, settings);
        HistoryReader early =
                Schema.await(session, "early", () -> new HistoryReader(session, "early", Duration.ofHours(1)));

        ConversationId id = ConversationId.parse("ann~ben");
        get(new ConversationWriter(session, "early").write(Map.of(id, sequenced(List.of(text(1, "hi"))))));
        assertThat(get(early.head(id))).isEqualTo(1);
    }

    private void write(ConversationId id, List<ChatEvent> events) throws Exception {
        get(writer.write(Map.of(id, sequenced(events))));
    }

    private List<ChatEvent> page(ConversationId id, UserId user) throws Exception {
        HistoryAnswer answer = get(reader.page(id, user, new PageRequest(new PageRequest.Newest(), 50)));
        return ((HistoryAnswer.Found) answer).page().getMessagesList();
    }

    private List<ChatEvent> replay(ConversationId id) throws Exception {
        return get(store.read(id, 0, 100)).events().stream()
                .map(SequencedEvent::decoded)
                .toList();
    }

    private List<Row> rows(String query) {
        return session.execute(query).all();
    }

    private static List<LoggedEvent> sequenced(List<ChatEvent> events) {
        return events.stream()
                .map(event -> new LoggedEvent(
                        new SequencedEvent(event.getSeq(), event.toByteArray()), Keeping.getDefaultInstance()))
                .toList();
    }

    private static ChatEvent text(int seq, String text) {
        return event(seq).setText(text).build();
    }

    private static ChatEvent edited(int seq, int target, String text) {
        return event(seq)
                .setEdited(Edited.newBuilder().setSeq(target).setText(text))
                .build();
    }

    private static ChatEvent deleted(int seq, int target, Integer... edits) {
        return event(seq)
                .setDeleted(Deleted.newBuilder().setSeq(target).addAllEdits(List.of(edits)))
                .build();
    }

    private static ChatEvent reacted(int seq, String from, int target, String emoji) {
        return event(seq)
                .setFrom(from)
                .setReacted(Reacted.newBuilder().setSeq(target).setEmoji(emoji))
                .build();
    }

    private static ChatEvent takenBack(int seq, String from, int target, String emoji) {
        return event(seq)
                .setFrom(from)
                .setReacted(Reacted.newBuilder().setSeq(target).setEmoji(emoji).setRemove(true))
                .build();
    }

    private static ReactionCount count(String emoji, int count, boolean mine) {
        return ReactionCount.newBuilder()
                .setEmoji(emoji)
                .setCount(count)
                .setMine(mine)
                .build();
    }

    private static ChatEvent.Builder event(int seq) {
        return ChatEvent.newBuilder()
                .setSeq(seq)
                .setId("m" + seq)
                .setFrom("ann")
                .setAt(Timestamps.fromMillis(START_MILLIS + seq * 1000L));
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}
