package io.parley.standalone;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** The folder of plugins of a platform, and what its plugin service shows. */
final class PluginsOf {
    private final HttpClient http = HttpClient.newHttpClient();
    private final Path folder;
    private final URI operations;

    PluginsOf(Platform platform) {
        this(platform, platform.addresses().of(Port.PLUGINS_OPERATIONS));
    }

    /** As another plugin service shows them. */
    PluginsOf(Platform platform, int operationsPort) {
        folder = platform.data().resolve("plugins");
        operations = URI.create("http://" + Addresses.HOST + ":" + operationsPort);
    }

    /** Puts an example there, with settings. */
    void addExample(String id, String settings) throws IOException, PlatformException {
        Files.writeString(folder.resolve(id + ".properties"), settings);
        Path target = Installation.find().home().resolve("broker-extensions/example-plugin/" + id + "/target");
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(target, "parley-" + id + "-*.jar")) {
            add(jars.iterator().next(), id);
        }
    }

    private void add(Path jar, String id) throws IOException {
        Path fresh = folder.resolve(id + ".new");
        Files.copy(jar, fresh, StandardCopyOption.REPLACE_EXISTING);
        Files.move(fresh, folder.resolve(id + ".jar"), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Takes everything away. */
    void clear() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }

    /** What {@code GET /plugins} shows of one; empty while it shows nothing. */
    Optional<JsonObject> shown(String id) {
        try {
            String body = http.send(
                            HttpRequest.newBuilder(operations.resolve("/plugins"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            for (JsonElement one :
                    JsonParser.parseString(body).getAsJsonObject().getAsJsonArray("plugins")) {
                if (one.getAsJsonObject().get("id").getAsString().equals(id)) {
                    return Optional.of(one.getAsJsonObject());
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** Its state, or nothing. */
    String state(String id) {
        return shown(id).map(one -> one.get("state").getAsString()).orElse("");
    }

    /** Why it does not run. */
    String reason(String id) {
        return shown(id).map(one -> one.get("reason").getAsString()).orElse("");
    }

    /** One of its figures. */
    long figure(String id, String name) {
        return shown(id)
                .map(one -> one.getAsJsonObject("figures").get(name))
                .map(JsonElement::getAsLong)
                .orElse(0L);
    }

    /** Enables or disables one; the status of the answer. */
    int post(String path, String contentType) throws IOException, InterruptedException {
        return http.send(
                        HttpRequest.newBuilder(operations.resolve(path))
                                .header("Content-Type", contentType)
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }
}
