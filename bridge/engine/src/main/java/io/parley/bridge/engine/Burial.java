package io.parley.bridge.engine;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.parley.bridge.Effect;
import io.parley.bridge.Replies;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.DeadLetter;
import io.parley.protocol.log.DeadLetterKind;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.Error;
import io.parley.protocol.wire.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What becomes of a command that cannot be carried out: a dead letter for the operator, and an error for who sent it. Neither has the
 * command's texts; its bytes are buried apart from them, see {@link Outgoing}.
 */
final class Burial {
    private static final int MAX_FIELDS = 64;
    private static final int MAX_DEPTH = 4;
    private static final int MAX_REASON = 200;

    private Burial() {}

    /** A command to a conversation. */
    static List<Effect> of(String conversation, ConversationCommand command, Throwable failure) {
        Error.Builder error = error(failure).setConversation(conversation);
        if (command.hasSendMessage()) {
            error.setMessageId(command.getSendMessage().getPublication().getId());
        }
        DeadLetter.Builder letter = letter(command, failure)
                .setCommand(command.getCommandCase().name().toLowerCase(Locale.ROOT))
                .setOrigin(command.getOrigin());
        return effects(conversation, letter, command.getOrigin(), command.getRequestId(), error);
    }

    /** A command to a user. */
    static List<Effect> of(String user, UserCommand command, Throwable failure) {
        DeadLetter.Builder letter = letter(command, failure)
                .setCommand(command.getCommandCase().name().toLowerCase(Locale.ROOT))
                .setOrigin(command.getOrigin());
        return effects(user, letter, command.getOrigin(), command.getRequestId(), error(failure));
    }

    /** Something that is no command, or does not say to whom. */
    static Effect of(String key, int bytes, Throwable failure) {
        return new Effect.Bury(
                key,
                thrown(DeadLetter.newBuilder().setRecordBytes(bytes), failure).build());
    }

    private static List<Effect> effects(
            String key, DeadLetter.Builder letter, Origin origin, String requestId, Error.Builder error) {
        Effect bury = new Effect.Bury(key, letter.build());
        return origin.getConnection() == 0 ? List.of(bury) : List.of(bury, Replies.error(origin, requestId, error));
    }

    private static Error.Builder error(Throwable failure) {
        if (failure instanceof OversizeException) {
            return Replies.refusal(ErrorCode.TOO_LARGE, "this is more than the server can store at once: ask for less");
        }
        if (failure instanceof IllegalArgumentException) {
            return Replies.refusal(ErrorCode.BAD_REQUEST, "the server does not understand this");
        }
        return Replies.refusal(
                ErrorCode.INTERNAL, "the server failed and changed nothing; tell its operator if it happens again");
    }

    private static DeadLetter.Builder letter(Message command, Throwable failure) {
        List<String> fields = new ArrayList<>();
        describe(command, "", MAX_DEPTH, fields);
        DeadLetter.Builder letter = DeadLetter.newBuilder()
                .setRecordBytes(command.getSerializedSize())
                .addAllFields(fields);
        return thrown(letter, failure);
    }

    private static DeadLetter.Builder thrown(DeadLetter.Builder letter, Throwable failure) {
        StackTraceElement[] stack = failure.getStackTrace();
        return letter.setReason(reason(failure))
                .setKind(kind(failure))
                .setFailure(failure.getClass().getName())
                .setThrownAt(stack.length == 0 ? "" : stack[0].toString());
    }

    private static DeadLetterKind kind(Throwable failure) {
        if (failure instanceof InvalidProtocolBufferException) {
            return DeadLetterKind.RECORD_UNREADABLE;
        }
        if (failure.getCause() instanceof InvalidProtocolBufferException) {
            return DeadLetterKind.ROW_UNREADABLE;
        }
        if (failure instanceof OversizeException) {
            return DeadLetterKind.RECORD_TOO_LARGE;
        }
        if (failure instanceof EndedThreadException) {
            return DeadLetterKind.THREAD_ENDED;
        }
        return failure instanceof IllegalArgumentException
                ? DeadLetterKind.COMMAND_INVALID
                : DeadLetterKind.RULE_FAILED;
    }

    /** The messages of our own exceptions name no texts; those of others may. */
    private static String reason(Throwable failure) {
        boolean ours = failure.getClass().equals(IllegalArgumentException.class)
                || failure.getClass().equals(IllegalStateException.class)
                || failure instanceof InvalidProtocolBufferException
                || failure instanceof OversizeException
                || failure instanceof EndedThreadException;
        String message = ours ? failure.getMessage() : null;
        if (message == null) {
            return failure.getClass().getSimpleName();
        }
        return message.length() > MAX_REASON ? message.substring(0, MAX_REASON) : message;
    }

    /** The path and size of each field, down to a depth. */
    private static void describe(Message message, String path, int depth, List<String> fields) {
        for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
            if (fields.size() >= MAX_FIELDS) {
                return;
            }
            String name = path + field.getKey().getName();
            if (depth > 1 && field.getValue() instanceof Message inner) {
                describe(inner, name + ".", depth - 1, fields);
            } else {
                fields.add(name + " " + size(field.getValue()));
            }
        }
    }

    private static long size(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().mapToLong(Burial::size).sum();
        }
        if (value instanceof Message message) {
            return message.getSerializedSize();
        }
        if (value instanceof ByteString bytes) {
            return bytes.size();
        }
        return String.valueOf(value).getBytes(StandardCharsets.UTF_8).length;
    }
}
