package io.parley.plugins.operating;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.parley.plugins.hosting.PluginHost;
import io.parley.plugins.hosting.PluginStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Plugins for operators: {@code GET /plugins} ({@code {"plugins":[…]}}), {@code POST /plugins/ID/enable} and {@code POST /plugins/ID/disable}, which answer with the
 * plugin's status. A POST has {@code Content-Type: application/json}: a page in a browser on this machine cannot send that here.
 */
public final class PluginRoutes implements HttpHandler {
    /** Below which everything is for this handler. */
    public static final String PATH = "/plugins";

    private static final Pattern CHANGE = Pattern.compile(PATH + "/([a-z0-9-]{1,64})/(enable|disable)");
    private static final String JSON = "application/json";
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    private final PluginHost host;

    public PluginRoutes(PluginHost host) {
        this.host = host;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        Matcher change = CHANGE.matcher(path);
        switch (exchange.getRequestMethod()) {
            case "GET" -> {
                if (path.equals(PATH)) {
                    answer(exchange, 200, Map.of("plugins", host.list()));
                } else {
                    error(exchange, 404, "no such page: GET /plugins lists the plugins");
                }
            }
            case "POST" -> {
                if (!change.matches()) {
                    error(exchange, 404, "no such page: POST /plugins/ID/enable or /plugins/ID/disable");
                } else if (!JSON.equals(exchange.getRequestHeaders().getFirst("Content-Type"))) {
                    error(exchange, 415, "send Content-Type: application/json");
                } else {
                    set(exchange, change.group(1), change.group(2).equals("enable"));
                }
            }
            default -> error(exchange, 405, "GET or POST");
        }
    }

    private void set(HttpExchange exchange, String id, boolean enabled) throws IOException {
        try {
            Optional<PluginStatus> status = host.set(id, enabled);
            if (status.isPresent()) {
                answer(exchange, 200, status.get());
            } else {
                error(exchange, 404, "there is no plugin " + id + ": GET /plugins lists them");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            error(exchange, 503, "the plugin service stops");
        } catch (ExecutionException e) {
            error(exchange, 500, String.valueOf(e.getCause()));
        }
    }

    private static void error(HttpExchange exchange, int status, String message) throws IOException {
        answer(exchange, status, Map.of("error", Map.of("message", message)));
    }

    private static void answer(HttpExchange exchange, int status, Object body) throws IOException {
        try (exchange) {
            byte[] bytes = GSON.toJson(body).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", JSON);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
