package io.parley.bridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.parley.bridge.Effect;
import io.parley.bridge.conversation.Change;
import io.parley.bridge.conversation.Decision;
import io.parley.bridge.state.Pointers;
import io.parley.bridge.state.Untold;
import io.parley.bridge.user.UserChange;
import io.parley.bridge.user.UserDecision;
import io.parley.protocol.ConversationId;
import io.parley.protocol.LogTopics;
import io.parley.protocol.RecordLimit;
import io.parley.protocol.UserId;
import io.parley.protocol.log.AttachingAll;
import io.parley.protocol.log.BuriedRecord;
import io.parley.protocol.log.DeadLetter;
import io.parley.protocol.log.DeadLetterKind;
import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.DeviceConnected;
import io.parley.protocol.log.EventDelivery;
import io.parley.protocol.log.JoinedConversation;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.ListDevices;
import io.parley.protocol.wire.Reply;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A command that cannot be carried out is buried, its sender is told, nothing of it happens, and the next command is carried out. */
final class BuriedCommandsTest {
    @TempDir
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private PlayedEngine engine;

    @BeforeEach
    void start() {
        engine = new PlayedEngine(directory);
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    static Stream<Supplier<Throwable>> failures() {
        return Stream.of(
                () -> new RuntimeException("a secret"),
                () -> new NullPointerException("a secret"),
                () -> new IllegalStateException("a row"),
                () -> new IllegalArgumentException("a name"),
                () -> new IndexOutOfBoundsException(7),
                StackOverflowError::new,
                () -> new AssertionError("a secret"),
                () -> new NoClassDefFoundError("a/Class"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void a_conversation_goes_on_after_a_rule_that_throws(Supplier<Throwable> failure) {
        engine.conversations = (state, command, now) -> {
            throw BuriedCommandsTest.<RuntimeException>thrown(failure.get());
        };
        engine.says("m1");

        DeadLetter letter = engine.deadLetters().get(0);
        assertThat(letter.getCommand()).isEqualTo("send_message");
        assertThat(letter.getFieldsList()).contains("send_message.publication.text 8");
        assertThat(letter.getOrigin()).isEqualTo(PlayedEngine.ORIGIN);
        assertThat(letter.getTopic()).isEqualTo(LogTopics.COMMANDS);
        assertThat(letter.getFailure()).isEqualTo(failure.get().getClass().getName());
        assertThat(letter.getThrownAt()).contains("BuriedCommandsTest");
        assertThat(letter.toString()).doesNotContain("secret");
        Reply told = engine.replies().get(0);
        assertThat(told.getError().getMessageId()).isEqualTo("m1");
        assertThat(told.getError().getConversation()).isEqualTo(PlayedEngine.CONVERSATION);
        assertThat(told.getError().getCode()).isEqualTo(code(failure.get()));
        assertThat(letter.getKind()).isEqualTo(kind(failure.get()));
        assertThat(engine.buriedOfKind(letter.getKind())).isEqualTo(1);
        assertThat(engine.buriedRecords()).containsExactly(engine.lastBytes());

        engine.mend();
        engine.asksToWrite();
        engine.says("m1");
        assertThat(engine.sizes(LogTopics.EVENTS)).as("it happens now").hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void a_user_goes_on_after_a_rule_that_throws(Supplier<Throwable> failure) {
        engine.users = (state, command, now) -> {
            throw BuriedCommandsTest.<RuntimeException>thrown(failure.get());
        };
        engine.asksForDevices("r1");

        assertThat(engine.deadLetters()).extracting(DeadLetter::getCommand).containsExactly("list_devices");
        List<Reply> told = engine.replies();
        assertThat(told).extracting(Reply::getRequestId).containsExactly("r1");
        assertThat(told.get(0).getError().getCode()).isEqualTo(code(failure.get()));
        assertThat(engine.buriedOfKind(kind(failure.get()))).isEqualTo(1);
        assertThat(engine.buriedRecords()).containsExactly(engine.lastBytes());

        engine.mend();
        engine.asksForDevices("r2");
        assertThat(engine.replies()).extracting(Reply::getRequestId).containsExactly("r2");
    }

    @Test
    void rows_that_cannot_be_read_stop_neither_machine() {
        engine.asksToWrite();
        engine.says("m1");
        engine.asksToWrite("ann~zoe");
        engine.says("ann~zoe", "m1");
        connects();
        engine.spoil("conversations-state", PlayedEngine.CONVERSATION);
        engine.spoil("users-state", PlayedEngine.USER);
        engine.deliveries();
        engine.sizes(LogTopics.EVENTS);

        engine.says("m2");
        engine.asksForDevices("r1");

        assertThat(engine.deadLetters())
                .extracting(DeadLetter::getCommand)
                .containsExactly("send_message", "list_devices");
        assertThat(engine.replies())
                .extracting(reply -> reply.getError().getCode())
                .containsExactly(ErrorCode.INTERNAL, ErrorCode.INTERNAL);
        assertThat(engine.buriedOfKind(DeadLetterKind.ROW_UNREADABLE)).isEqualTo(2);
        engine.asksForDevices("zoe", "r2");
        assertThat(engine.replies())
                .as("another user of the same partition")
                .singleElement()
                .satisfies(reply -> assertThat(reply.hasError()).isFalse());
        engine.says("ann~zoe", "m2");
        assertThat(engine.sizes(LogTopics.EVENTS))
                .as("another conversation of the same partition")
                .hasSize(1);
    }

    @Test
    void a_row_that_is_too_large_takes_its_whole_command_with_it() {
        engine.conversations = (state, command, now) -> new Decision(
                List.of(new Change.UntoldSet(Untold.newBuilder()
                        .addPointers("a".repeat(RecordLimit.MAX_BYTES))
                        .build())),
                List.of());
        engine.says("m1");

        assertThat(engine.deadLetters())
                .extracting(DeadLetter::getKind)
                .containsExactly(DeadLetterKind.RECORD_TOO_LARGE);
        assertThat(engine.replies())
                .extracting(reply -> reply.getError().getCode())
                .containsExactly(ErrorCode.TOO_LARGE);
        assertThat(engine.rows("conversations-state").approximateNumEntries()).isZero();

        engine.mend();
        engine.asksToWrite();
        engine.says("m1");
        assertThat(engine.sizes(LogTopics.EVENTS)).hasSize(1);
    }

    @Test
    void a_record_as_large_as_kafka_takes_is_buried_in_parts() {
        byte[] large = new byte[2 * RecordLimit.MAX_BYTES];
        Arrays.fill(large, (byte) -1);
        engine.bytes(LogTopics.COMMANDS, large);

        assertThat(engine.deadLetters())
                .extracting(DeadLetter::getKind)
                .containsExactly(DeadLetterKind.RECORD_UNREADABLE);
        List<BuriedRecord> parts = engine.buriedParts();
        assertThat(parts).extracting(BuriedRecord::getSerializedSize).allMatch(bytes -> bytes <= RecordLimit.MAX_BYTES);
        ByteString whole = parts.stream().map(BuriedRecord::getValue).reduce(ByteString.EMPTY, ByteString::concat);
        assertThat(whole).isEqualTo(ByteString.copyFrom(large));
    }

    @Test
    void a_sender_whose_name_is_too_large_for_a_record_does_not_make_the_burial_too_large() {
        engine.command(UserCommand.newBuilder()
                .setOrigin(PlayedEngine.ORIGIN.toBuilder().setDevice("d".repeat(RecordLimit.MAX_BYTES)))
                .setRequestId("r".repeat(RecordLimit.MAX_BYTES))
                .setListDevices(ListDevices.getDefaultInstance()));

        assertThat(engine.deadLetters())
                .singleElement()
                .satisfies(letter -> assertThat(letter.getSerializedSize()).isLessThan(RecordLimit.MAX_BYTES));
        engine.asksForDevices("r2");
        assertThat(engine.replies()).extracting(Reply::getRequestId).containsExactly("r2");
    }

    @Test
    void what_is_no_command_stops_neither_machine() {
        engine.bytes(LogTopics.COMMANDS, new byte[] {-1});
        engine.bytes(LogTopics.USER_COMMANDS, new byte[] {-1});

        assertThat(engine.deadLetters()).extracting(DeadLetter::getRecordBytes).containsExactly(1, 1);
        engine.asksToWrite();
        engine.says("m1");
        assertThat(engine.sizes(LogTopics.EVENTS)).hasSize(1);
    }

    @Test
    void an_effect_that_is_too_large_takes_its_whole_command_with_it() {
        Effect large = deliver(RecordLimit.MAX_BYTES);
        engine.conversations = (state, command, now) -> new Decision(
                List.of(new Change.PointersMoved(
                        UserId.parse("ann"), Pointers.newBuilder().setRead(1).build())),
                List.of(large));
        engine.users = (state, command, now) ->
                new UserDecision(List.of(new UserChange.Joined(ConversationId.parse("ann~cid"), 1)), List.of(large));
        engine.says("m1");
        engine.asksForDevices("r1");

        assertThat(engine.deadLetters()).hasSize(2);
        assertThat(engine.replies())
                .extracting(reply -> reply.getError().getCode())
                .containsExactly(ErrorCode.TOO_LARGE, ErrorCode.TOO_LARGE);
        assertThat(engine.rows("conversations-state").approximateNumEntries()).isZero();
        assertThat(engine.rows("users-state").approximateNumEntries()).isZero();
    }

    @Test
    void what_kafka_refused_once_is_not_sent_again() {
        Effect effect = deliver(1000);
        engine.conversations = (state, command, now) -> new Decision(List.of(), List.of(effect));
        engine.says("m1");
        assertThat(engine.deadLetters()).isEmpty();
        int bytes = engine.sizes(LogTopics.DELIVERIES).get(0);

        engine.refusals.refused(LogTopics.DELIVERIES, bytes);
        engine.says("m2");

        assertThat(engine.deadLetters()).hasSize(1);
        assertThat(engine.replies()).hasSize(1);
    }

    @Test
    void a_command_that_ended_a_thread_is_not_tried_again() {
        engine.refusals.broke(LogTopics.COMMANDS, 0, 0);
        engine.says("m1");
        engine.asksToWrite();
        engine.says("m2");

        assertThat(engine.deadLetters()).extracting(DeadLetter::getOffset).containsExactly(0L);
        assertThat(engine.buriedOfKind(DeadLetterKind.THREAD_ENDED)).isEqualTo(1);
        assertThat(engine.sizes(LogTopics.EVENTS)).hasSize(1);
    }

    @Test
    void a_clean_start_in_sixteen_thousand_conversations_of_long_names_is_told_in_parts() {
        connects();
        int conversations = 16_000;
        for (int i = 0; i < conversations; i++) {
            engine.command(UserCommand.newBuilder()
                    .setJoinedConversation(JoinedConversation.newBuilder()
                            .setConversation(("ann~x%06d" + "z".repeat(57)).formatted(i))
                            .setBy("ann")
                            .setSeq(1)));
        }
        engine.deliveries();
        engine.sizes(LogTopics.COMMANDS);
        engine.command(UserCommand.newBuilder()
                .setOrigin(PlayedEngine.ORIGIN)
                .setSubscribe(
                        PlayedUser.subscribe("chat/+/msg").setAttachAll(true).setCleanStart(true)));

        List<Delivery> told = engine.deliveries();
        assertThat(told).extracting(Delivery::getSerializedSize).allMatch(bytes -> bytes <= RecordLimit.MAX_BYTES);
        List<AttachingAll> parts = told.stream()
                .filter(Delivery::hasAttachingAll)
                .map(Delivery::getAttachingAll)
                .toList();
        assertThat(told.stream().filter(Delivery::hasAttached))
                .as("each conversation answers")
                .hasSize(conversations);
        assertThat(parts.stream().mapToInt(AttachingAll::getConversationsCount).sum())
                .isEqualTo(conversations);
        List<Boolean> more =
                new ArrayList<>(parts.stream().map(AttachingAll::getMore).toList());
        assertThat(more.remove(more.size() - 1)).isFalse();
        assertThat(more).isNotEmpty().doesNotContain(false);
        assertThat(engine.deadLetters()).isEmpty();
    }

    private void connects() {
        engine.command(UserCommand.newBuilder()
                .setOrigin(PlayedEngine.ORIGIN)
                .setDeviceConnected(DeviceConnected.getDefaultInstance()));
    }

    private static Effect deliver(int bytes) {
        return new Effect.Deliver(
                0,
                PlayedEngine.CONVERSATION,
                Delivery.newBuilder()
                        .setEvent(EventDelivery.newBuilder().setEvent(ByteString.copyFrom(new byte[bytes])))
                        .build());
    }

    private static DeadLetterKind kind(Throwable failure) {
        return failure instanceof IllegalArgumentException
                ? DeadLetterKind.COMMAND_INVALID
                : DeadLetterKind.RULE_FAILED;
    }

    private static ErrorCode code(Throwable failure) {
        return failure instanceof IllegalArgumentException ? ErrorCode.BAD_REQUEST : ErrorCode.INTERNAL;
    }

    /** Throws what the compiler would not let a rule throw. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> T thrown(Throwable failure) throws T {
        throw (T) failure;
    }
}
