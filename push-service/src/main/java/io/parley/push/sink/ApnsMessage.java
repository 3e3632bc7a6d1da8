package io.parley.push.sink;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.parley.push.content.DataField;
import java.util.Optional;

/** The JSON that a phone of Apple's gets. */
record ApnsMessage(JsonObject aps, JsonObject all) {

    /** Empty if it is none. */
    static Optional<ApnsMessage> read(String payload) {
        try {
            JsonObject all = JsonParser.parseString(payload).getAsJsonObject();
            return Optional.of(new ApnsMessage(all.getAsJsonObject("aps"), all)).filter(message -> all.has("aps"));
        } catch (JsonParseException | IllegalStateException | ClassCastException notOne) {
            return Optional.empty();
        }
    }

    /** The sender's line of a group's message becomes the begin of the body, as with the other platforms. */
    SinkRecord record(String at, String token, String topic, String collapseId, String priority) {
        JsonObject alert = aps.has("alert") ? aps.getAsJsonObject("alert") : new JsonObject();
        String sender = text(alert, "subtitle");
        return new SinkRecord(
                at,
                "APNS",
                token,
                topic,
                collapseId,
                priority,
                !aps.has("alert"),
                number(aps, "badge"),
                text(alert, "title"),
                sender.isEmpty() ? text(alert, "body") : sender + ": " + text(alert, "body"),
                text(all, DataField.CONVERSATION),
                number(all, DataField.SEQ),
                all.has(DataField.WITHDRAW) && all.get(DataField.WITHDRAW).getAsBoolean());
    }

    private static String text(JsonObject of, String name) {
        return of.has(name) ? of.get(name).getAsString() : "";
    }

    private static long number(JsonObject of, String name) {
        return of.has(name) ? of.get(name).getAsLong() : 0;
    }
}
