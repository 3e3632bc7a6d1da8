package io.parley.push.sink;

import com.google.gson.JsonObject;

/**
 * One notification that a counterpart accepted.
 *
 * @param at when, ISO-8601
 * @param platform the platform's name in the protocol
 * @param token as the platform knows the device
 * @param topic the app; with FCM the project
 * @param collapseId notifications with the same one replace each other; empty if none
 * @param priority as the platform names it
 * @param silent nothing is shown
 * @param badge the unread messages, as the app is told
 * @param title empty if nothing is shown
 * @param body empty if nothing is shown
 * @param conversation empty with a digest
 * @param seq 0 with a digest
 * @param withdraw what was shown goes
 */
public record SinkRecord(
        String at,
        String platform,
        String token,
        String topic,
        String collapseId,
        String priority,
        boolean silent,
        long badge,
        String title,
        String body,
        String conversation,
        long seq,
        boolean withdraw) {

    /** One line of JSON. */
    public String toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("at", at);
        json.addProperty("platform", platform);
        json.addProperty("token", token);
        json.addProperty("topic", topic);
        json.addProperty("collapseId", collapseId);
        json.addProperty("priority", priority);
        json.addProperty("silent", silent);
        json.addProperty("badge", badge);
        json.addProperty("title", title);
        json.addProperty("body", body);
        json.addProperty("conversation", conversation);
        json.addProperty("seq", seq);
        json.addProperty("withdraw", withdraw);
        return json.toString();
    }
}
