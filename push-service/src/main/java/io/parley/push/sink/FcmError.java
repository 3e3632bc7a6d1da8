package io.parley.push.sink;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.Map;

/** The errors of FCM with their bodies, as <a href="https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode">FCM</a> sends them. */
public enum FcmError {
    UNREGISTERED(404, "NOT_FOUND", "UNREGISTERED", "Requested entity was not found."),
    BAD_TOKEN(
            400,
            "INVALID_ARGUMENT",
            "INVALID_ARGUMENT",
            "The registration token is not a valid FCM registration token"),
    BAD_MESSAGE(400, "INVALID_ARGUMENT", "INVALID_ARGUMENT", "Android message is too big"),
    SENDER_ID_MISMATCH(403, "PERMISSION_DENIED", "SENDER_ID_MISMATCH", "SenderId mismatch"),
    QUOTA_OF_PROJECT(429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED", "Quota exceeded for quota metric 'Send requests'"),
    QUOTA_OF_DEVICE(429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED", "Device message rate exceeded"),
    UNAVAILABLE(503, "UNAVAILABLE", "UNAVAILABLE", "The service is currently unavailable."),
    INTERNAL(500, "INTERNAL", "INTERNAL", "Internal error encountered."),
    THIRD_PARTY_AUTH_ERROR(
            401, "UNAUTHENTICATED", "THIRD_PARTY_AUTH_ERROR", "Auth error from APNS or Web Push Service"),
    UNAUTHENTICATED(401, "UNAUTHENTICATED", "", "Request had invalid authentication credentials."),
    PERMISSION_DENIED(403, "PERMISSION_DENIED", "", "Permission 'cloudmessaging.messages.create' denied");

    private final int status;
    private final String name;
    private final String code;
    private final String message;

    FcmError(int status, String name, String code, String message) {
        this.status = status;
        this.name = name;
        this.code = code;
        this.message = message;
    }

    /** The answer with this error. */
    public Fault.Answer answer() {
        return answer(Map.of());
    }

    /** The answer with this error and headers. */
    public Fault.Answer answer(Map<String, String> headers) {
        JsonObject error = new JsonObject();
        error.addProperty("code", status);
        error.addProperty("message", message);
        error.addProperty("status", name);
        if (!code.isEmpty()) {
            JsonObject detail = new JsonObject();
            detail.addProperty("@type", "type.googleapis.com/google.firebase.fcm.v1.FcmError");
            detail.addProperty("errorCode", code);
            JsonArray details = new JsonArray();
            details.add(detail);
            error.add("details", details);
        }
        JsonObject body = new JsonObject();
        body.add("error", error);
        return new Fault.Answer(status, body.toString(), headers);
    }
}
