package io.parley.standalone;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The plugin service of a platform that runs, asked at its operations port. */
public final class PluginService {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int OK = 200;

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI address;

    public PluginService(Addresses addresses) {
        this.address = URI.create("http://" + Addresses.HOST + ":" + addresses.of(Port.PLUGINS_OPERATIONS));
    }

    /** The plugins, as {@code GET /plugins} shows them. */
    public List<JsonObject> list() throws IOException, PlatformException, InterruptedException {
        JsonObject answer = send(request("/plugins").build());
        List<JsonObject> plugins = new ArrayList<>();
        for (JsonElement one : answer.getAsJsonArray("plugins")) {
            plugins.add(one.getAsJsonObject());
        }
        return plugins;
    }

    /**
     * Enables or disables one.
     *
     * @return as it is then
     * @throws PlatformException when there is none of that id
     */
    public JsonObject set(String id, boolean enabled) throws IOException, PlatformException, InterruptedException {
        if (!PluginsFolder.isId(id)) {
            throw PluginsFolder.unknown(id);
        }
        return send(request("/plugins/" + id + (enabled ? "/enable" : "/disable"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.noBody())
                .build());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(address.resolve(path)).timeout(PATIENCE);
    }

    private JsonObject send(HttpRequest request) throws IOException, PlatformException, InterruptedException {
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        JsonObject body = JsonParser.parseString(response.body()).getAsJsonObject();
        if (response.statusCode() != OK) {
            throw new PlatformException(
                    body.getAsJsonObject("error").get("message").getAsString());
        }
        return body;
    }
}
