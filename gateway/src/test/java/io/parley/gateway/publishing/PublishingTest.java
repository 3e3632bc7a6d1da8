package io.parley.gateway.publishing;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.gateway.CommandLog;
import io.parley.gateway.delivering.DeliveryBench;
import io.parley.gateway.delivering.DeviceSession;
import io.parley.gateway.delivering.RecordedLink;
import io.parley.gateway.publishing.PublicationFilters.Filtered;
import io.parley.gateway.throttling.Throttle;
import io.parley.protocol.ConversationId;
import io.parley.protocol.MalformedPayload;
import io.parley.protocol.UserId;
import io.parley.protocol.WireFormat;
import io.parley.protocol.log.Attached;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.plugin.FilterQuestion;
import io.parley.protocol.wire.Attachment;
import io.parley.protocol.wire.Error;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Publication;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a connection publishes keeps its order, and what cannot be taken now is neither acknowledged nor refused. */
final class PublishingTest {
    private static final UserId ANN = UserId.parse("ann");
    private static final ConversationId GROUP = ConversationId.parse("g0123456789ab");
    private static final String TO_GROUP = "chat/" + GROUP + "/msg";
    /** Something was said there. */
    private static final ConversationId WITH_BEN = ConversationId.parse("ann~ben");

    private static final String TO_BEN = "chat/@ben/msg";
    /** Nothing was said there. */
    private static final ConversationId WITH_CID = ConversationId.parse("ann~cid");

    private static final String TO_CID = "chat/@cid/msg";
    private static final long LONG_MILLIS = 3_600_000;

    private final DeliveryBench bench = new DeliveryBench();
    private final DeviceSession session = bench.connect(new RecordedLink("ann/phone", 3));
    private final Device device = new Device();
    private final Log log = new Log();
    /** How long to wait, for each attempt; not at all when nothing is left. */
    private final Deque<Long> throttled = new ArrayDeque<>();

    private final List<Exception> outages = new ArrayList<>();
    private final List<String> requests = new ArrayList<>();
    private final HeldPlugins plugins = new HeldPlugins();
    /** The checks that wait for their answer. */
    private final Deque<CompletableFuture<AttachmentCheck.Checked>> checks = new ArrayDeque<>();

    private final Publishing publishing = new Publishing(
            device,
            ANN,
            new ChatSteps(
                    session, ANN, log, device, new Queued(), () -> "made", outages::add, plugins, (sender, named) -> {
                        CompletableFuture<AttachmentCheck.Checked> check = new CompletableFuture<>();
                        checks.add(check);
                        return check;
                    }),
            this::request);

    @BeforeEach
    void the_device_has_the_conversation_with_ben() {
        bench.attach(session, WITH_BEN, 1, 0, 0);
    }

    @Test
    void the_first_messages_are_appended_in_their_order_when_their_conversation_may_begin() {
        publish(1, TO_CID, "one");
        publish(2, TO_CID, "two");
        publish(3, TO_BEN, "three");
        assertThat(log.texts).isEmpty();
        assertThat(device.reading).isFalse();

        admission(DeliveryBench.positive(session, 0, 0).setOrdinal(0));
        assertThat(log.texts).as("the second asks, too: nothing was said yet").containsExactly("one");
        admission(DeliveryBench.positive(session, 1, 1));
        publish(4, TO_CID, "four");

        assertThat(log.texts).containsExactly("one", "two", "three", "four");
        assertThat(device.outcomes).containsExactly("1 ACCEPTED", "2 ACCEPTED", "3 ACCEPTED", "4 ACCEPTED");
        assertThat(device.reading).isTrue();
    }

    @Test
    void a_message_with_attachments_waits_for_their_check_and_takes_what_was_uploaded() {
        publish(1, TO_BEN, "{\"text\":\"one\",\"attachments\":[{\"id\":\"a\",\"contentType\":\"lie\"}]}");
        publish(2, TO_BEN, "two");
        assertThat(log.texts).isEmpty();
        assertThat(device.reading).isFalse();

        Attachment uploaded = Attachment.newBuilder()
                .setId("a")
                .setContentType("image/png")
                .setName("n")
                .setSize(7)
                .build();
        checks.remove().complete(AttachmentCheck.Checked.granted(List.of(uploaded)));
        bench.shard.run();

        assertThat(log.texts).containsExactly("one", "two");
        assertThat(log.attachments).containsExactly(uploaded);
        assertThat(device.outcomes).containsExactly("1 ACCEPTED", "2 ACCEPTED");
        assertThat(checks)
                .as("nothing is asked of a message without attachments")
                .isEmpty();
    }

    @Test
    void a_message_with_attachments_that_its_sender_may_not_see_is_refused() {
        publish(1, TO_BEN, "{\"attachments\":[{\"id\":\"a\"}]}");
        publish(2, TO_BEN, "two");

        checks.remove().complete(AttachmentCheck.Checked.refused("not yours"));
        bench.shard.run();

        assertThat(device.outcomes).containsExactly("1 NOT_ALLOWED", "2 ACCEPTED");
        assertThat(device.reasons).startsWith("not yours");
        assertThat(log.texts).containsExactly("two");
    }

    /** Plugins whose verdicts the test gives. */
    private static final class HeldPlugins implements PublicationFilters {
        private final Deque<CompletableFuture<Filtered>> verdicts = new ArrayDeque<>();
        private final List<FilterQuestion> asked = new ArrayList<>();
        private boolean on;

        @Override
        public boolean areOn() {
            return on;
        }

        @Override
        public CompletableFuture<Filtered> filter(FilterQuestion question) {
            asked.add(question);
            CompletableFuture<Filtered> verdict = new CompletableFuture<>();
            verdicts.add(verdict);
            return verdict;
        }
    }

    @Test
    void plugins_see_one_message_after_the_other_and_change_or_refuse_it() {
        plugins.on = true;
        publish(1, TO_BEN, "one");
        publish(2, TO_BEN, "two");
        assertThat(plugins.asked).hasSize(1);
        FilterQuestion first = plugins.asked.get(0);
        assertThat(first.getUser()).isEqualTo("ann");
        assertThat(first.getDevice()).isEqualTo("phone");
        assertThat(first.getConversation()).isEqualTo(WITH_BEN.value());

        plugins.verdicts
                .remove()
                .complete(Filtered.passed(
                        first.getPublication().toBuilder().setText("1").build()));
        bench.shard.run();
        assertThat(plugins.asked).hasSize(2);
        plugins.verdicts.remove().complete(Filtered.refused("not here"));
        bench.shard.run();

        assertThat(log.texts).containsExactly("1");
        assertThat(device.outcomes).containsExactly("1 ACCEPTED", "2 NOT_ALLOWED");
        assertThat(device.reasons).endsWith("not here");
    }

    @Test
    void plugins_that_cannot_be_asked_are_asked_again_and_nothing_passes_meanwhile() {
        plugins.on = true;
        publish(1, TO_BEN, "one");
        plugins.verdicts.remove().completeExceptionally(new IllegalStateException("out"));
        bench.shard.run();
        assertThat(outages).hasSize(1);
        assertThat(log.texts).isEmpty();

        bench.shard.pass(1000);
        plugins.verdicts.remove().complete(Filtered.passed(plugins.asked.get(1).getPublication()));
        bench.shard.run();
        assertThat(log.texts).containsExactly("one");
    }

    @Test
    void what_plugins_made_too_large_is_refused() {
        plugins.on = true;
        publish(1, TO_BEN, "one");
        plugins.verdicts
                .remove()
                .complete(Filtered.passed(
                        Publication.newBuilder().setText("x".repeat(1 << 20)).build()));
        bench.shard.run();

        assertThat(device.outcomes).containsExactly("1 TOO_LARGE");
    }

    @Test
    void attachments_that_cannot_be_checked_are_asked_for_again_and_nothing_passes_meanwhile() {
        publish(1, TO_BEN, "{\"text\":\"one\",\"attachments\":[{\"id\":\"a\"}]}");
        checks.remove().completeExceptionally(new IllegalStateException("out"));
        bench.shard.run();
        assertThat(outages).hasSize(1);
        assertThat(log.texts).isEmpty();

        bench.shard.pass(1000);
        checks.remove()
                .complete(AttachmentCheck.Checked.granted(
                        List.of(Attachment.newBuilder().setId("a").build())));
        bench.shard.run();

        assertThat(log.texts).containsExactly("one");
        assertThat(device.outcomes).containsExactly("1 ACCEPTED");
    }

    @Test
    void attachments_that_cannot_be_checked_for_long_end_the_connection() {
        publish(1, TO_BEN, "{\"text\":\"one\",\"attachments\":[{\"id\":\"a\"}]}");
        for (int second = 0; second < 31 && !checks.isEmpty(); second++) {
            checks.remove().completeExceptionally(new IllegalStateException("out"));
            bench.shard.pass(1000);
        }

        assertThat(device.outcomes).isEmpty();
        assertThat(log.texts).isEmpty();
        assertThat(device.busy).hasSize(1);
    }

    @Test
    void what_a_subscription_is_answered_meanwhile_admits_nothing() {
        bench.subscribe(session, "chat/@cid/receipt");
        publish(1, TO_CID, "one");

        bench.answer(
                WITH_CID,
                DeliveryBench.positive(session, 0, 0).setRightsOnly(true).setOrdinal(0));
        assertThat(log.texts).isEmpty();
        admission(DeliveryBench.positive(session, 0, 0).setOrdinal(0));

        assertThat(log.texts).containsExactly("one");
    }

    @Test
    void a_conversation_that_may_not_begin_refuses_with_the_engines_own_words() {
        for (ErrorCode code : List.of(ErrorCode.NOT_FOUND, ErrorCode.NOT_ALLOWED, ErrorCode.RATE_LIMITED)) {
            publish(code.getNumber(), TO_CID, "{\"id\":\"m" + code.getNumber() + "\",\"text\":\"t\"}");
            admission(Attached.newBuilder()
                    .setConnection(session.connection())
                    .setRefused(Error.newBuilder().setCode(code).setMessage("because of " + code)));
        }
        publish(9, TO_BEN, "nine");

        assertThat(device.outcomes).containsExactly("4 NOT_FOUND", "3 NOT_ALLOWED", "6 RATE_LIMITED", "9 ACCEPTED");
        assertThat(device.reasons)
                .startsWith("because of NOT_FOUND", "because of NOT_ALLOWED", "because of RATE_LIMITED");
        assertThat(device.errors.subList(0, 3))
                .extracting(Error::getCode)
                .containsExactly(ErrorCode.NOT_FOUND, ErrorCode.NOT_ALLOWED, ErrorCode.RATE_LIMITED);
        assertThat(device.errors.get(0).getConversation()).isEqualTo("ann~cid");
        assertThat(device.errors.get(0).getMessageId()).isEqualTo("m4");
        assertThat(log.texts).containsExactly("nine");
    }

    @Test
    void what_is_not_decided_is_neither_acknowledged_nor_refused() {
        publish(1, TO_CID, "one");
        admission(Attached.newBuilder()
                .setConnection(session.connection())
                .setRefused(Error.newBuilder().setCode(ErrorCode.UNAVAILABLE)));

        assertThat(device.busy).hasSize(1);
        assertThat(device.outcomes).isEmpty();
        assertThat(log.texts).isEmpty();
    }

    @Test
    void receipts_and_typing_ask_nobody_before_a_conversation_begins() {
        publish(1, "chat/@cid/receipt", "{\"read\":3}");
        publish(2, "chat/@cid/typing", "{\"typing\":true}");
        publish(3, "chat/ben~cid/msg", "not ann's");

        assertThat(device.outcomes).containsExactly("1 ACCEPTED", "2 ACCEPTED", "3 NOT_A_MEMBER");
        assertThat(log.texts).isEmpty();
    }

    @Test
    void the_order_is_kept_while_a_right_is_asked_for() {
        publish(1, TO_GROUP, "one");
        publish(2, TO_BEN, "two");
        publish(3, TO_GROUP, "three");
        assertThat(log.texts).isEmpty();
        assertThat(device.reading).isFalse();

        member(true);
        member(true);

        assertThat(log.texts).containsExactly("one", "two", "three");
        assertThat(device.outcomes).containsExactly("1 ACCEPTED", "2 ACCEPTED", "3 ACCEPTED");
        assertThat(device.reading).isTrue();
    }

    @Test
    void who_is_no_member_is_refused_and_what_follows_is_taken() {
        publish(1, TO_GROUP, "one");
        publish(2, TO_BEN, "two");

        member(false);

        assertThat(log.texts).containsExactly("two");
        assertThat(device.outcomes).containsExactly("1 NOT_A_MEMBER", "2 ACCEPTED");
    }

    @Test
    void a_right_that_nobody_answers_ends_the_connection_busy() {
        publish(1, TO_GROUP, "one");
        publish(2, TO_BEN, "two");

        bench.shard.pass(Publishing.PATIENCE_MILLIS);

        assertThat(device.busy).hasSize(1);
        assertThat(device.outcomes).isEmpty();
        assertThat(log.texts).isEmpty();
    }

    @Test
    void a_throttled_publication_waits_and_is_accepted_then() {
        throttled.addAll(List.of(500L, 100L));
        publish(1, TO_BEN, "one");
        publish(2, TO_BEN, "two");
        bench.shard.pass(599);
        assertThat(log.texts).isEmpty();
        assertThat(device.reading).isFalse();

        bench.shard.pass(1);

        assertThat(log.texts).containsExactly("one", "two");
        assertThat(device.outcomes).containsExactly("1 ACCEPTED", "2 ACCEPTED");
        assertThat(device.reading).isTrue();
    }

    @Test
    void what_waits_for_its_turn_holds_up_what_follows_and_nothing_is_read_meanwhile() {
        List<String> done = new ArrayList<>();
        Deque<Long> waits = new ArrayDeque<>(List.of(500L, 100L, 0L));
        publish(1, TO_BEN, "one");
        publishing.inTurn(waits::remove, () -> done.add("subscribed after " + log.texts));
        publish(2, TO_BEN, "two");
        bench.shard.pass(599);
        assertThat(done).isEmpty();
        assertThat(log.texts).containsExactly("one");
        assertThat(device.reading).isFalse();

        bench.shard.pass(1);

        assertThat(done).containsExactly("subscribed after [one]");
        assertThat(log.texts).containsExactly("one", "two");
        assertThat(device.reading).isTrue();
    }

    @Test
    void what_waits_for_its_turn_for_half_a_minute_ends_the_connection_busy() {
        List<String> done = new ArrayList<>();
        publishing.inTurn(() -> 1000L, () -> done.add("subscribed"));

        bench.shard.pass(Publishing.PATIENCE_MILLIS);

        assertThat(device.busy).hasSize(1);
        assertThat(done).isEmpty();
    }

    @Test
    void what_waits_for_its_turn_does_not_hold_up_the_end_of_a_connection_that_has_gone() {
        List<String> done = new ArrayList<>();
        publishing.inTurn(() -> 1000L, () -> done.add("waiting"));
        publish(1, TO_BEN, "one");
        publishing.inTurn(() -> 1000L, () -> done.add("behind"));
        publishing.inTurn(() -> 0L, () -> done.add("free"));

        publishing.drain(() -> done.add("drained"));
        bench.shard.run();

        assertThat(log.texts).containsExactly("one");
        assertThat(done).containsExactly("free", "drained");
    }

    @Test
    void what_is_throttled_for_half_a_minute_ends_the_connection_busy() {
        throttled.addAll(Collections.nCopies(100, 1000L));
        publish(1, TO_BEN, "one");
        publish(2, TO_BEN, "two");
        bench.shard.pass(Publishing.PATIENCE_MILLIS - 1);
        assertThat(device.busy).isEmpty();

        bench.shard.pass(1);
        throttled.clear();
        publish(3, TO_BEN, "three");
        bench.shard.pass(Publishing.PATIENCE_MILLIS);

        assertThat(device.busy).hasSize(1);
        assertThat(device.outcomes).isEmpty();
        assertThat(log.texts).isEmpty();
    }

    @Test
    void a_wait_that_is_longer_than_the_patience_ends_after_the_patience() {
        throttled.addAll(List.of(LONG_MILLIS, LONG_MILLIS));
        publish(1, TO_BEN, "one");

        bench.shard.pass(Publishing.PATIENCE_MILLIS);

        assertThat(device.busy).hasSize(1);
    }

    @Test
    void what_may_never_pass_is_refused() {
        throttled.add(Throttle.NEVER);
        publish(1, TO_BEN, "one");
        publish(2, TO_BEN, "two");

        assertThat(device.outcomes).containsExactly("1 TOO_LARGE", "2 ACCEPTED");
        assertThat(log.texts).containsExactly("two");
    }

    @Test
    void after_a_failure_of_the_log_nothing_is_acknowledged() {
        log.hold();
        for (int i = 1; i <= 3; i++) {
            publish(i, TO_BEN, "m" + i);
        }

        log.answer(0, null);
        log.answer(1, new IllegalStateException("no broker"));
        log.answer(2, null);
        publish(4, TO_BEN, "m4");

        assertThat(device.outcomes).containsExactly("1 ACCEPTED");
        assertThat(device.busy).hasSize(1);
        assertThat(outages).hasSize(1);
        assertThat(log.texts).containsExactly("m1", "m2", "m3");
    }

    @Test
    void what_the_log_has_behind_what_it_does_not_have_yet_is_acknowledged_in_its_turn() {
        log.hold();
        publish(1, TO_BEN, "one");
        publish(2, TO_BEN, "two");
        publish(3, "sensors/1", "21");

        log.answer(1, null);
        assertThat(device.outcomes).isEmpty();
        log.answer(0, null);

        assertThat(device.outcomes).containsExactly("1 ACCEPTED", "2 ACCEPTED", "3 NOT_ALLOWED");
    }

    @Test
    void a_log_without_room_is_tried_again_in_order() {
        log.full = true;
        publish(1, TO_BEN, "one");
        publish(2, TO_BEN, "two");
        bench.shard.pass(1000);
        assertThat(log.texts).isEmpty();

        log.full = false;
        bench.shard.pass(1000);

        assertThat(log.texts).containsExactly("one", "two");
        assertThat(device.outcomes).containsExactly("1 ACCEPTED", "2 ACCEPTED");
        assertThat(outages).isEmpty();
    }

    @Test
    void a_log_without_room_for_half_a_minute_ends_the_connection_busy() {
        log.full = true;
        publish(1, TO_BEN, "one");

        bench.shard.pass(Publishing.PATIENCE_MILLIS);
        log.full = false;
        bench.shard.pass(Publishing.PATIENCE_MILLIS);

        assertThat(device.busy).hasSize(1);
        assertThat(device.outcomes).isEmpty();
        assertThat(log.texts).isEmpty();
    }

    @Test
    void what_was_read_before_the_transport_went_still_takes_its_way() {
        List<String> told = new ArrayList<>();
        publish(1, TO_GROUP, "one");
        publish(2, TO_BEN, "two");
        log.hold();
        publishing.drain(() -> told.add("drained"));
        assertThat(told).isEmpty();

        member(true);
        assertThat(log.texts).containsExactly("one", "two");
        assertThat(told).as("the log does not have them yet").isEmpty();
        log.answer(0, null);
        log.answer(1, null);

        assertThat(told).containsExactly("drained");
    }

    @Test
    void a_transport_that_goes_with_nothing_under_way_is_drained_at_once() {
        List<String> told = new ArrayList<>();
        publish(1, TO_BEN, "one");

        publishing.drain(() -> told.add("drained"));

        assertThat(told).containsExactly("drained");
    }

    @Test
    void a_failure_while_draining_ends_the_wait() {
        List<String> told = new ArrayList<>();
        log.hold();
        publish(1, TO_BEN, "one");
        publish(2, TO_BEN, "two");
        publishing.drain(() -> told.add("drained"));

        log.answer(0, new IllegalStateException("no broker"));
        log.answer(1, null);

        assertThat(told).containsExactly("drained");
        assertThat(device.outcomes).isEmpty();
    }

    @Test
    void of_a_connection_that_the_server_ended_nothing_more_is_taken() {
        List<String> told = new ArrayList<>();
        throttled.add(500L);
        publish(1, TO_BEN, "throttled");
        publish(2, TO_BEN, "behind it");

        device.closing = true;
        publishing.drain(() -> told.add("drained"));
        bench.shard.pass(Publishing.PATIENCE_MILLIS);

        assertThat(told).containsExactly("drained");
        assertThat(log.texts).isEmpty();
        assertThat(device.outcomes).isEmpty();
    }

    @Test
    void reading_stops_at_a_hundred_open_publications_and_goes_on_at_fifty() {
        log.hold();
        for (int i = 1; i <= Publishing.MAX_OPEN + 1; i++) {
            publish(i, TO_BEN, "m" + i);
        }
        assertThat(log.texts).hasSize(Publishing.MAX_OPEN);
        assertThat(device.reading).isFalse();

        IntStream.range(0, 50).forEach(i -> log.answer(i, null));
        assertThat(log.texts).hasSize(Publishing.MAX_OPEN + 1);
        assertThat(device.reading).isFalse();
        log.answer(50, null);

        assertThat(device.reading).isTrue();
        assertThat(device.outcomes).hasSize(51);
    }

    @Test
    void a_task_comes_after_what_was_published_before_it() {
        List<String> told = new ArrayList<>();
        throttled.add(500L);
        publish(1, TO_BEN, "one");
        publishing.afterwards(() -> told.addAll(log.texts));
        assertThat(told).isEmpty();

        bench.shard.pass(500);

        assertThat(told).containsExactly("one");
    }

    @Test
    void receipts_typing_and_requests_keep_their_place() {
        throttled.add(500L);
        publish(1, "chat/@ben/receipt", "{\"read\":3}");
        publish(2, "chat/@ben/typing", "{\"typing\":true}");
        publish(3, "user/ann/request", "list");
        assertThat(requests).isEmpty();

        bench.shard.pass(500);

        assertThat(requests).containsExactly("list");
        assertThat(device.outcomes).containsExactly("1 ACCEPTED", "2 ACCEPTED", "3 ACCEPTED");
    }

    @Test
    void what_cannot_be_read_is_refused_with_a_reason() {
        publish(1, "chat/@ben/receipt", "{\"read\":0}");
        publish(2, TO_BEN, "{\"id\":\"m1\",\"text\":3}");
        publish(3, "user/ann/request", "bad");
        publish(4, "user/ben/request", "list");

        assertThat(device.outcomes).containsExactly("1 MALFORMED", "2 MALFORMED", "3 MALFORMED", "4 NOT_ALLOWED");
        assertThat(device.reasons.get(0)).isEqualTo("read must be the seq of a message, 1 or more");
        assertThat(device.errors).extracting(Error::getMessageId).containsExactly("", "m1", "", "");
        assertThat(requests).isEmpty();
    }

    @Test
    void a_message_without_an_id_gets_one() {
        publish(1, TO_BEN, "one");
        publish(2, TO_BEN, "{\"id\":\"own\",\"text\":\"two\"}");

        assertThat(log.ids).containsExactly("made", "own");
    }

    private void publish(int ticket, String topic, String payload) {
        publishing.take(Submission.of(topic, payload.getBytes(StandardCharsets.UTF_8), ticket));
        bench.shard.run();
    }

    /** The engine answers whether ann is in the group. */
    private void member(boolean is) {
        Attached.Builder answer = DeliveryBench.positive(session, 0, 0).setMember(is);
        bench.answer(GROUP, answer.setRightsOnly(true));
    }

    /** The engine answers whether the conversation with cid may begin, or that it has begun. */
    private void admission(Attached.Builder answer) {
        bench.answer(WITH_CID, answer.setRightsOnly(true).setToWrite(true));
    }

    private void request(Incoming incoming) throws MalformedPayload {
        String text = new String(incoming.payload(), StandardCharsets.UTF_8);
        if (text.equals("bad")) {
            throw new MalformedPayload("no request");
        }
        requests.add(text);
        incoming.accept();
    }

    private final class Queued implements Throttle {
        @Override
        public long message(UserId user, int bytes) {
            return throttled.isEmpty() ? NOW : throttled.remove();
        }

        @Override
        public long request(UserId user, int bytes) {
            return message(user, bytes);
        }
    }

    /** The device, as far as it publishes. */
    private final class Device implements Publisher {
        final List<String> outcomes = new ArrayList<>();
        final List<@Nullable String> reasons = new ArrayList<>();
        final List<Error> errors = new ArrayList<>();
        final List<String> busy = new ArrayList<>();
        boolean reading = true;
        boolean closing;

        @Override
        public WireFormat format() {
            return WireFormat.JSON;
        }

        @Override
        public void acknowledge(Incoming incoming) {
            outcomes.add(incoming.ticket() + " " + incoming.outcome());
            reasons.add(incoming.reason());
            errors.add(incoming.error().getError());
        }

        @Override
        public void read(boolean on) {
            reading = on;
        }

        @Override
        public void busy(String reason) {
            busy.add(reason);
            closing = true;
        }

        @Override
        public boolean isClosing() {
            return closing;
        }

        @Override
        public void later(Runnable task, long millis) {
            bench.shard.schedule(task, millis);
        }

        @Override
        public void onShard(Runnable task) {
            bench.shard.execute(task);
        }
    }

    /** A log that keeps what it is given, and answers when the test says so. */
    private final class Log implements CommandLog {
        final List<String> texts = new ArrayList<>();
        final List<String> ids = new ArrayList<>();
        final List<Attachment> attachments = new ArrayList<>();
        boolean full;
        private boolean holding;
        private final List<Consumer<@Nullable Exception>> held = new ArrayList<>();

        void hold() {
            holding = true;
        }

        void answer(int i, @Nullable Exception failure) {
            held.get(i).accept(failure);
            bench.shard.run();
        }

        @Override
        public void append(
                ConversationId conversation, ConversationCommand command, Consumer<@Nullable Exception> done) {
            if (full) {
                done.accept(new RejectedExecutionException("full"));
                return;
            }
            texts.add(command.getSendMessage().getPublication().getText());
            ids.add(command.getSendMessage().getPublication().getId());
            attachments.addAll(command.getSendMessage().getPublication().getAttachmentsList());
            if (holding) {
                held.add(done);
            } else {
                done.accept(null);
            }
        }

        @Override
        public void append(UserId user, UserCommand command, Consumer<@Nullable Exception> done) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void appendToAllUsers(UserCommand command, IntConsumer taken) {
            throw new UnsupportedOperationException();
        }
    }
}
