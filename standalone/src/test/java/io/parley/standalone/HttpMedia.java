package io.parley.standalone;

import com.google.gson.JsonParser;
import io.parley.protocol.UserId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Attachments of a platform, by HTTP. */
final class HttpMedia {
    private final HttpClient http = HttpClient.newHttpClient();
    private final Platform platform;

    HttpMedia(Platform platform) {
        this.platform = platform;
    }

    /** Uploads bytes and returns the attachment's id. */
    String upload(UserId user, byte[] bytes, String contentType, String name) throws Exception {
        HttpResponse<String> uploaded = http.send(
                request(user, "")
                        .header("Content-Type", contentType)
                        .header("Content-Disposition", "attachment; filename=\"" + name + "\"")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(bytes))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (uploaded.statusCode() != 201) {
            throw new IOException("not uploaded: " + uploaded.body());
        }
        return JsonParser.parseString(uploaded.body())
                .getAsJsonObject()
                .get("id")
                .getAsString();
    }

    HttpResponse<byte[]> get(UserId user, String id) throws Exception {
        return http.send(request(user, "/" + id).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private HttpRequest.Builder request(UserId user, String path) {
        return HttpRequest.newBuilder(URI.create(
                        "http://" + Addresses.HOST + ":" + platform.addresses().http() + "/v1/attachments" + path))
                .header("Authorization", "Bearer " + platform.token(user, Duration.ofMinutes(10)));
    }
}
