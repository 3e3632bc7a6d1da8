package io.parley.operator;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.parley.protocol.LogTopics;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.DeadLetter;
import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.EventDelivery;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.ReplyDelivery;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.push.Notification;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Error;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What the records of the log say about one user or one conversation, a line each. Without texts unless asked for. Events that no node gets are noticed: of
 * those it is said why nobody was delivered anything at once.
 */
final class TraceLines {
    /** A node is told with the event, in the same transaction. */
    private static final long PATIENCE_MILLIS = 1_000;

    private static final int MAX_UNTOLD = 1_000;

    private final String subject;
    private final boolean texts;
    /** Events that went to no node yet, by conversation and seq, and when they were seen. */
    private final Map<String, Long> untold = new LinkedHashMap<>();

    /**
     * @param subject a user or a conversation
     * @param texts whether lines show what people wrote
     */
    TraceLines(String subject, boolean texts) {
        this.subject = subject;
        this.texts = texts;
    }

    /**
     * Takes a record that was seen at {@code nowMillis}.
     *
     * @return its line; empty when it is about others
     */
    Optional<String> line(ConsumerRecord<byte[], byte[]> record, long nowMillis) {
        String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
        try {
            return Optional.ofNullable(said(record, key, nowMillis))
                    .map(said -> "+%4d ms  %s".formatted(Math.max(0, nowMillis - record.timestamp()), said));
        } catch (InvalidProtocolBufferException e) {
            return key.equals(subject)
                    ? Optional.of(record.topic() + " holds a record that cannot be read: " + e.getMessage())
                    : Optional.empty();
        }
    }

    private @Nullable String said(ConsumerRecord<byte[], byte[]> record, String key, long nowMillis)
            throws InvalidProtocolBufferException {
        byte[] value = record.value();
        return switch (record.topic()) {
            case LogTopics.COMMANDS -> {
                ConversationCommand command = ConversationCommand.parseFrom(value);
                yield isAbout(key, command.getOrigin())
                        ? "command   " + key + " " + kind(command, "command") + by(command.getOrigin())
                                + (command.hasSendMessage()
                                        ? " id="
                                                + command.getSendMessage()
                                                        .getPublication()
                                                        .getId()
                                                + text(command.getSendMessage()
                                                        .getPublication()
                                                        .getText())
                                        : "")
                        : null;
            }
            case LogTopics.USER_COMMANDS -> {
                UserCommand command = UserCommand.parseFrom(value);
                yield isAbout(key, command.getOrigin())
                        ? "command   user " + key + " " + kind(command, "command") + by(command.getOrigin())
                        : null;
            }
            case LogTopics.EVENTS -> event(key, ChatEvent.parseFrom(value), nowMillis);
            case LogTopics.DELIVERIES -> delivery(key, record.partition(), Delivery.parseFrom(value));
            case LogTopics.NOTIFICATIONS -> {
                Notification push = Notification.parseFrom(value);
                yield key.equals(subject) || push.getConversation().equals(subject)
                        ? "push      user " + key + " " + push.getConversation() + " seq=" + push.getSeq() + " tokens="
                                + push.getTokensCount()
                        : null;
            }
            case LogTopics.DEAD_LETTERS ->
                key.equals(subject) ? "BURIED    " + BuriedCommand.described(DeadLetter.parseFrom(value)) : null;
            default -> null;
        };
    }

    private @Nullable String event(String key, ChatEvent event, long nowMillis) {
        if (!key.equals(subject) && !event.getFrom().equals(subject)) {
            return null;
        }
        if (untold.size() < MAX_UNTOLD) {
            untold.put(place(key, event.getSeq()), nowMillis);
        }
        return "event     " + key + " seq=" + event.getSeq() + " " + kind(event, "body") + " from=" + event.getFrom()
                + " id=" + event.getId() + text(event.getText());
    }

    private @Nullable String delivery(String key, int slot, Delivery delivery) throws InvalidProtocolBufferException {
        String node = "node=" + slot;
        return switch (delivery.getDeliveryCase()) {
            case EVENT -> delivered(key, node, delivery.getEvent());
            case WOKEN -> {
                String conversation = delivery.getWoken().getConversation();
                String line = delivered(conversation, node, delivery.getWoken().getEvent());
                yield line == null && key.equals(subject)
                        ? "delivery  " + node + " user " + key + " is woken for " + conversation
                        : line;
            }
            case REPLY -> reply(node, delivery.getReply());
            default ->
                key.equals(subject)
                        ? "delivery  " + node + " " + key + " "
                                + delivery.getDeliveryCase().name().toLowerCase(java.util.Locale.ROOT)
                        : null;
        };
    }

    private @Nullable String delivered(String conversation, String node, EventDelivery event)
            throws InvalidProtocolBufferException {
        boolean known = untold.remove(place(conversation, event.getSeq())) != null;
        boolean about = known
                || conversation.equals(subject)
                || ChatEvent.parseFrom(event.getEvent()).getFrom().equals(subject);
        return about ? "delivery  " + node + " " + conversation + " seq=" + event.getSeq() : null;
    }

    private @Nullable String reply(String node, ReplyDelivery delivery) {
        Error error = delivery.getReply().getError();
        boolean about =
                delivery.getUser().equals(subject) || error.getConversation().equals(subject);
        if (!about) {
            return null;
        }
        String to = node + " to " + delivery.getUser() + "/" + delivery.getDevice();
        return delivery.getReply().hasError()
                ? "REFUSED   " + to + " code=" + error.getCode() + " reason=" + error.getMessage()
                        + (error.getMessageId().isEmpty() ? "" : " id=" + error.getMessageId())
                : "reply     " + to;
    }

    /** What is to be said because nothing came for a while. */
    String silence(long nowMillis) {
        String lines = untold.entrySet().stream()
                .filter(event -> nowMillis - event.getValue() >= PATIENCE_MILLIS)
                .map(event -> "          " + event.getKey()
                        + " went to no node: no connected device is attached there. Members get it when they connect\n")
                .collect(Collectors.joining());
        untold.values().removeIf(seen -> nowMillis - seen >= PATIENCE_MILLIS);
        return lines;
    }

    private static String place(String conversation, int seq) {
        return conversation + " seq=" + seq;
    }

    private boolean isAbout(String key, Origin origin) {
        return key.equals(subject) || origin.getUser().equals(subject);
    }

    private static String by(Origin origin) {
        return origin.getUser().isEmpty() ? "" : " by=" + origin.getUser() + "/" + origin.getDevice();
    }

    private String text(String text) {
        return texts && !text.isEmpty() ? " text=" + text.replace("\n", "\\n") : "";
    }

    /** The name of what is set of a oneof. */
    private static String kind(Message message, String oneof) {
        return message.getDescriptorForType().getOneofs().stream()
                .filter(one -> one.getName().equals(oneof))
                .map(message::getOneofFieldDescriptor)
                .findFirst()
                .map(FieldDescriptor::getName)
                .orElse("nothing");
    }
}
