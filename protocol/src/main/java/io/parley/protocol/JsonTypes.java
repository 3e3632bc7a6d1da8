package io.parley.protocol;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Timestamp;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;

/**
 * Compares the types in a JSON object with those of the schema. Protobuf's parser takes what can be made a string for one, such as
 * {@code ["hi"]} or {@code 5} for {@code "hi"}; it also takes what only resembles JSON. And it writes out what is short: {@code 1e300000000}
 * as a number of so many digits.
 */
final class JsonTypes {
    /** More than any number of the schema needs. */
    private static final int MAX_DIGITS = 20;
    /** More than the name of any constant of the schema has. */
    private static final int MAX_NAME = 40;

    private JsonTypes() {}

    /**
     * Checks the fields that the schema knows.
     *
     * @throws IOException if the text is not JSON
     * @throws IllegalStateException if it is not an object, or a field has another type than in the schema
     */
    static void check(String json, Descriptor type) throws IOException {
        try (JsonReader reader = new JsonReader(new StringReader(json))) {
            object(reader, type);
            require(reader.peek() == JsonToken.END_DOCUMENT);
        }
    }

    /** Whether the text is one JSON object and nothing else, of whatever types. In time that grows with its length, at any depth. */
    static boolean isObject(String json) {
        try (JsonReader reader = new JsonReader(new StringReader(json))) {
            // Skipping needs no stack, and a payload's length bounds the depth.
            reader.setNestingLimit(Integer.MAX_VALUE);
            if (reader.peek() != JsonToken.BEGIN_OBJECT) {
                return false;
            }
            reader.skipValue();
            return reader.peek() == JsonToken.END_DOCUMENT;
        } catch (IOException notJson) {
            return false;
        }
    }

    private static void object(JsonReader reader, Descriptor type) throws IOException {
        reader.beginObject();
        while (reader.hasNext()) {
            String name = reader.nextName();
            FieldDescriptor field = null;
            for (FieldDescriptor one : type.getFields()) {
                if (one.getJsonName().equals(name) || one.getName().equals(name)) {
                    field = one;
                }
            }
            if (field == null || reader.peek() == JsonToken.NULL) {
                reader.skipValue();
            } else if (field.isRepeated()) {
                reader.beginArray();
                while (reader.hasNext()) {
                    value(reader, field);
                }
                reader.endArray();
            } else {
                value(reader, field);
            }
        }
        reader.endObject();
    }

    private static void value(JsonReader reader, FieldDescriptor field) throws IOException {
        JsonToken token = reader.peek();
        switch (field.getJavaType()) {
            case STRING -> {
                require(token == JsonToken.STRING);
                require(isWellFormed(reader.nextString()));
                return;
            }
            case BYTE_STRING -> require(token == JsonToken.STRING);
            case BOOLEAN -> require(token == JsonToken.BOOLEAN);
            // The canonical mapping takes numbers as strings, too, and enums as numbers.
            case INT, LONG, FLOAT, DOUBLE, ENUM -> {
                require(token == JsonToken.NUMBER || token == JsonToken.STRING);
                require(isSmall(reader.nextString()));
                return;
            }
            case MESSAGE -> {
                if (!field.getMessageType().equals(Timestamp.getDescriptor())) {
                    object(reader, field.getMessageType());
                    return;
                }
                require(token == JsonToken.STRING);
            }
        }
        reader.skipValue();
    }

    private static boolean isSmall(String number) {
        if (number.length() > MAX_NAME) {
            return false;
        }
        try {
            BigDecimal value = new BigDecimal(number);
            return value.precision() <= MAX_DIGITS && Math.abs((long) value.scale()) <= MAX_DIGITS;
        } catch (NumberFormatException aName) {
            return true;
        }
    }

    /** Whether the text has a form in UTF-8: half a surrogate pair has none. */
    private static boolean isWellFormed(String text) {
        return text.codePoints()
                .noneMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new IllegalStateException("another type than in the schema");
        }
    }
}
