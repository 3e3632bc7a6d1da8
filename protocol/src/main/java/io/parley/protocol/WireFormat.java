package io.parley.protocol;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.parley.protocol.wire.ConversationList;
import io.parley.protocol.wire.HistoryPage;
import io.parley.protocol.wire.Presence;
import io.parley.protocol.wire.Typing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** The encoding of one connection, fixed at CONNECT. */
public enum WireFormat {
    /** The canonical JSON mapping of the schema; unknown fields are ignored on input. */
    JSON {
        @Override
        public byte[] encode(Message message) {
            try {
                return EditedMark.toWire(PRINTER.print(message)).getBytes(StandardCharsets.UTF_8);
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException("a message of ours has no JSON form", e);
            }
        }

        @Override
        public byte[] encode(FieldDescriptor list, List<byte[]> elements) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.writeBytes(("{\"" + list.getJsonName() + "\":").getBytes(StandardCharsets.UTF_8));
            char before = '[';
            for (byte[] element : elements) {
                bytes.write(before);
                bytes.writeBytes(element);
                before = ',';
            }
            bytes.writeBytes(new byte[] {']', '}'});
            return bytes.toByteArray();
        }

        @Override
        public void decode(byte[] payload, Message.Builder into) throws MalformedPayload {
            String json = utf8(payload);
            try {
                String schema = EditedMark.fromWire(json);
                JsonTypes.check(schema, into.getDescriptorForType());
                PARSER.merge(schema, into);
            } catch (IOException | RuntimeException e) {
                throw new MalformedPayload(
                        "not the JSON of a " + into.getDescriptorForType().getName());
            }
        }
    },
    /** Protocol Buffers. */
    PROTO {
        @Override
        public byte[] encode(Message message) {
            return message.toByteArray();
        }

        @Override
        public byte[] encode(FieldDescriptor list, List<byte[]> elements) {
            int size = elements.stream()
                    .mapToInt(element -> CodedOutputStream.computeByteArraySize(list.getNumber(), element))
                    .sum();
            byte[] bytes = new byte[size];
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            try {
                for (byte[] element : elements) {
                    out.writeByteArray(list.getNumber(), element);
                }
            } catch (IOException e) {
                throw new IllegalStateException("the array has another size than was computed", e);
            }
            return bytes;
        }

        @Override
        public void decode(byte[] payload, Message.Builder into) throws MalformedPayload {
            try {
                into.mergeFrom(ByteString.copyFrom(payload));
            } catch (InvalidProtocolBufferException e) {
                throw new MalformedPayload(
                        "not a Protocol Buffers " + into.getDescriptorForType().getName());
            }
        }
    };

    private static final JsonFormat.Printer PRINTER = JsonFormat.printer()
            .omittingInsignificantWhitespace()
            .includingDefaultValueFields(Set.of(
                    HistoryPage.getDescriptor().findFieldByNumber(HistoryPage.MESSAGES_FIELD_NUMBER),
                    ConversationList.getDescriptor().findFieldByNumber(ConversationList.CONVERSATIONS_FIELD_NUMBER),
                    Typing.getDescriptor().findFieldByNumber(Typing.TYPING_FIELD_NUMBER),
                    Presence.getDescriptor().findFieldByNumber(Presence.ONLINE_FIELD_NUMBER)));
    private static final JsonFormat.Parser PARSER = JsonFormat.parser().ignoringUnknownFields();

    /** A message's bytes in this encoding. */
    public abstract byte[] encode(Message message);

    /**
     * The bytes of a message with nothing but a list in it, from those of the list's elements.
     *
     * @param list a repeated field of messages
     * @param elements at least one, each a message's bytes in this encoding
     */
    public abstract byte[] encode(FieldDescriptor list, List<byte[]> elements);

    /**
     * Reads a payload into a builder.
     *
     * @throws MalformedPayload if the bytes are not a message of the builder's type in this encoding
     */
    public abstract void decode(byte[] payload, Message.Builder into) throws MalformedPayload;

    /** The bytes as UTF-8 text. @throws MalformedPayload if they are not UTF-8 */
    static String utf8(byte[] payload) throws MalformedPayload {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(payload))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedPayload("not UTF-8");
        }
    }
}
