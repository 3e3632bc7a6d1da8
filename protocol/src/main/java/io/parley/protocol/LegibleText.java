package io.parley.protocol;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Optional;

/** One text of a payload that is refused as a whole, such as its id, so that the refusal can say what it is about. */
public final class LegibleText {
    private LegibleText() {}

    /**
     * Finds a text whatever else is wrong with the payload, as long as it is a JSON object or made of Protocol Buffers' fields.
     *
     * @param field a field of strings, not repeated
     * @return its value, of any length; empty if there is none
     */
    public static Optional<String> find(byte[] payload, WireFormat format, FieldDescriptor field) {
        try {
            String text = format == WireFormat.JSON ? json(payload, field) : proto(payload, field);
            return Optional.of(text).filter(found -> !found.isEmpty());
        } catch (MalformedPayload | IOException | IllegalStateException e) {
            return Optional.empty();
        }
    }

    private static String json(byte[] payload, FieldDescriptor field) throws MalformedPayload, IOException {
        String found = "";
        try (JsonReader reader = new JsonReader(new StringReader(WireFormat.utf8(payload)))) {
            reader.beginObject();
            while (reader.hasNext()) {
                String name = reader.nextName();
                boolean asked = name.equals(field.getJsonName()) || name.equals(field.getName());
                if (asked && reader.peek() == JsonToken.STRING) {
                    found = reader.nextString();
                } else {
                    reader.skipValue();
                }
            }
            reader.endObject();
            return reader.peek() == JsonToken.END_DOCUMENT ? found : "";
        }
    }

    private static String proto(byte[] payload, FieldDescriptor field) throws InvalidProtocolBufferException {
        List<ByteString> values =
                UnknownFieldSet.parseFrom(payload).getField(field.getNumber()).getLengthDelimitedList();
        ByteString last = values.isEmpty() ? ByteString.EMPTY : values.get(values.size() - 1);
        return last.isValidUtf8() ? last.toStringUtf8() : "";
    }
}
