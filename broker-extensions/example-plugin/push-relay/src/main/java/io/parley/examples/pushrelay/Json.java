package io.parley.examples.pushrelay;

import io.parley.plugin.PushNotification;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** A notification as JSON: {@code {"token","topic","kind","title","body","conversation","seq","badge","mention","collapseId","expiresAt"}}. */
final class Json {
    private Json() {}

    static String of(PushNotification notification) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("token", text(notification.token()));
        fields.put("topic", text(notification.topic()));
        fields.put("kind", text(notification.kind().name()));
        fields.put("title", text(notification.title()));
        fields.put("body", text(notification.body()));
        fields.put("conversation", text(notification.conversation()));
        fields.put("seq", String.valueOf(notification.seq()));
        fields.put("badge", String.valueOf(notification.badge()));
        fields.put("mention", String.valueOf(notification.mention()));
        fields.put("collapseId", text(notification.collapseId()));
        fields.put(
                "expiresAt",
                notification.expiresAt().map(Instant::toString).map(Json::text).orElse("null"));
        return fields.entrySet().stream()
                .map(field -> "\"" + field.getKey() + "\":" + field.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String text(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (each == '"' || each == '\\') {
                quoted.append('\\').append(each);
            } else if (each < ' ') {
                quoted.append(String.format("\\u%04x", (int) each));
            } else {
                quoted.append(each);
            }
        }
        return quoted.append('"').toString();
    }
}
