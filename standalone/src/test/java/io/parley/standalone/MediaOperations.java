package io.parley.standalone;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;

/** Plays the operations of attachments, of uploads that resume, and of the page, and compares the answers with the description. */
final class MediaOperations {
    private static final String ATTACHMENT = "/v1/attachments/{attachment}";
    private static final String UPLOAD = "/v1/uploads/{upload}";
    private static final String TUS = "Tus-Resumable";
    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    private final HttpCaller user;
    private final ApiDescription api;
    private final List<String> faults = new ArrayList<>();

    MediaOperations(HttpCaller user, ApiDescription api) {
        this.user = user;
        this.api = api;
    }

    /** What was found wrong. */
    List<String> play() throws Exception {
        attachments();
        uploads();
        answered("GET /v1/configuration", 200, "/v1/configuration", Map.of(), "");
        answered("POST /v1/development/token", 200, "/v1/development/token", JSON, "{\"user\":\"api-ann\"}");
        answered("POST /v1/development/token", 400, "/v1/development/token", JSON, "{}");
        answered("GET /openapi.json", 200, "/openapi.json", Map.of(), "");
        answered("GET /docs", 200, "/docs", Map.of(), "");
        return faults;
    }

    private void attachments() throws Exception {
        HttpResponse<byte[]> uploaded =
                user.call("POST", "/v1/attachments", Map.of("Content-Type", "image/png"), picture());
        compare("POST /v1/attachments", 201, uploaded);
        Map<String, String> png = Map.of("Content-Type", "image/png");
        answered("POST /v1/attachments", 400, "/v1/attachments", png, "no picture");
        JsonObject info = JsonParser.parseString(text(uploaded)).getAsJsonObject();
        String path = "/v1/attachments/" + info.get("id").getAsString();
        Map<String, String> same =
                Map.of("If-None-Match", "\"" + info.get("sha256").getAsString() + "\"");
        for (String method : List.of("GET", "HEAD")) {
            String operation = method + " " + ATTACHMENT;
            answered(operation, 200, path, Map.of(), "");
            answered(operation, 206, path, Map.of("Range", "bytes=0-3"), "");
            answered(operation, 416, path, Map.of("Range", "bytes=1000000-"), "");
            answered(operation, 304, path, same, "");
            answered(operation, 404, "/v1/attachments/none", Map.of(), "");
            answered(operation + "/thumbnail", 200, path + "/thumbnail?size=16", Map.of(), "");
            answered(operation + "/thumbnail", 404, "/v1/attachments/none/thumbnail", Map.of(), "");
        }
        answered("POST " + ATTACHMENT + "/link", 200, path + "/link?seconds=60", Map.of(), "");
        answered("POST " + ATTACHMENT + "/link", 400, path + "/link?seconds=0", Map.of(), "");
        // This platform has no bucket; those that have one are played where there is one.
        answered("POST /v1/attachments/direct", 404, "/v1/attachments/direct?size=4", png, "");
        answered("POST " + ATTACHMENT + "/confirm", 404, "/v1/attachments/none/confirm", Map.of(), "");
    }

    private void uploads() throws Exception {
        answered("OPTIONS /v1/uploads", 204, "/v1/uploads", Map.of(), "");
        answered("POST /v1/uploads", 412, "/v1/uploads", Map.of("Upload-Length", "4"), "");
        Map<String, String> length = Map.of(TUS, "1.0.0", "Upload-Length", "4");
        String path = answered("POST /v1/uploads", 201, "/v1/uploads", length, "")
                .headers()
                .firstValue("Location")
                .orElseThrow();
        answered("HEAD " + UPLOAD, 200, path, Map.of(TUS, "1.0.0"), "");
        answered("HEAD " + UPLOAD, 404, "/v1/uploads/none", Map.of(TUS, "1.0.0"), "");
        String patch = "PATCH " + UPLOAD;
        answered(patch, 415, path, Map.of(TUS, "1.0.0", "Upload-Offset", "0", "Content-Type", "text/plain"), "ab");
        answered(patch, 409, path, part("Upload-Offset", "1"), "ab");
        answered(patch, 460, path, part("Upload-Checksum", "md5 AAAA"), "ab");
        answered(patch, 204, path, part("Upload-Offset", "0"), "ab");
        answered("DELETE " + UPLOAD, 204, path, Map.of(TUS, "1.0.0"), "");
        answered("DELETE " + UPLOAD, 404, path, Map.of(TUS, "1.0.0"), "");
    }

    private static Map<String, String> part(String header, String value) {
        Map<String, String> headers = new HashMap<>(
                Map.of(TUS, "1.0.0", "Upload-Offset", "0", "Content-Type", "application/offset+octet-stream"));
        headers.put(header, value);
        return headers;
    }

    private HttpResponse<byte[]> answered(
            String operation, int status, String path, Map<String, String> headers, String body) throws Exception {
        String method = operation.split(" ", 2)[0];
        HttpResponse<byte[]> answer = user.call(method, path, headers, body.getBytes(StandardCharsets.UTF_8));
        compare(operation, status, answer);
        return answer;
    }

    private void compare(String operation, int status, HttpResponse<byte[]> answer) {
        if (answer.statusCode() != status) {
            faults.add(operation + " was answered with " + answer.statusCode() + " and not " + status + ": "
                    + text(answer));
        }
        boolean isJson = answer.headers()
                .firstValue("Content-Type")
                .filter(type -> type.startsWith("application/json") && answer.body().length > 0)
                .isPresent();
        JsonElement body = isJson ? JsonParser.parseString(text(answer)) : new JsonObject();
        faults.addAll(api.faults(operation, answer.statusCode(), body));
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    private static byte[] picture() throws Exception {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB), "png", png);
        return png.toByteArray();
    }
}
