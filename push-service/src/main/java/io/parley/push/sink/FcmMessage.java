package io.parley.push.sink;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.parley.push.content.DataField;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A message of FCM's HTTP v1 API, as it came. */
record FcmMessage(String token, JsonObject json) {
    private static final int MOST_BYTES = 4096;

    /** Empty if FCM would not take it: it has no token, a field of the data is not a text, or it is too long. */
    static Optional<FcmMessage> read(@Nullable JsonObject message) {
        if (message == null || text(message, "token").isEmpty() || !dataIsText(message)) {
            return Optional.empty();
        }
        int bytes = size(message, "data") + size(message, "notification");
        return bytes > MOST_BYTES ? Optional.empty() : Optional.of(new FcmMessage(text(message, "token"), message));
    }

    SinkRecord record(String at, String project) {
        JsonObject data = part(json, "data");
        JsonObject android = part(json, "android");
        JsonObject shown = part(json, "notification");
        return new SinkRecord(
                at,
                "FCM",
                token,
                project,
                text(android, "collapse_key"),
                text(android, "priority").toLowerCase(Locale.ROOT),
                !json.has("notification"),
                number(data, "badge"),
                text(shown, "title"),
                text(shown, "body"),
                text(data, DataField.CONVERSATION),
                number(data, DataField.SEQ),
                "true".equals(text(data, DataField.WITHDRAW)));
    }

    private static boolean dataIsText(JsonObject message) {
        return part(message, "data").entrySet().stream()
                .map(java.util.Map.Entry::getValue)
                .allMatch(value ->
                        value.isJsonPrimitive() && value.getAsJsonPrimitive().isString());
    }

    private static int size(JsonObject message, String name) {
        return message.has(name) ? part(message, name).toString().getBytes(StandardCharsets.UTF_8).length : 0;
    }

    private static JsonObject part(JsonObject of, String name) {
        JsonElement part = of.get(name);
        return part != null && part.isJsonObject() ? part.getAsJsonObject() : new JsonObject();
    }

    private static String text(JsonObject of, String name) {
        JsonElement value = of.get(name);
        return value != null && value.isJsonPrimitive() ? value.getAsString() : "";
    }

    private static long number(JsonObject of, String name) {
        String value = text(of, name);
        return value.isEmpty() ? 0 : Long.parseLong(value);
    }
}
