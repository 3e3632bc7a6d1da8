package io.parley.history.page;

import com.google.gson.JsonObject;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The page at {@code /}, and what it has to know about the server at {@code /v1/configuration}. Its policy allows nothing inline, nothing from elsewhere, and
 * connections only to this server and to MQTT over WebSocket.
 */
public final class PageRoutes {
    private static final String INDEX = "index.html";
    private static final String NOT_BUILT =
            "The page was not built: install npm (Debian: apt-get install npm), then build Parley again.\n";

    /** What stands in {@code Host}; anything else must not get into the policy. */
    private static final Pattern HOST = Pattern.compile("([A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(:[0-9]{1,5})?");

    private final PageSettings settings;

    private PageRoutes(PageSettings settings) {
        this.settings = settings;
    }

    /** Adds the routes. Without a page that was built, {@code /} says so. */
    public static void add(RoutesConfig routes, PageSettings settings) {
        PageRoutes page = new PageRoutes(settings);
        List<PageFile> files = PageFiles.load();
        for (PageFile file : files) {
            routes.get("/" + file.path(), context -> page.send(context, file));
            if (file.path().equals(INDEX)) {
                routes.get("/", context -> page.send(context, file));
            }
        }
        if (files.isEmpty()) {
            routes.get("/", context -> context.status(404).result(NOT_BUILT));
        }
        routes.get("/v1/configuration", page::configuration);
        DevelopmentTokens.add(routes, settings);
    }

    private void configuration(Context context) {
        JsonObject told = new JsonObject();
        told.addProperty("webSocket", webSocket(context).toString());
        told.addProperty("developmentTokens", settings.developmentKeys().isPresent());
        settings.applicationServerKey().ifPresent(key -> told.addProperty("applicationServerKey", key));
        context.header("Cache-Control", "no-store")
                .contentType("application/json")
                .result(told.toString());
    }

    private void send(Context context, PageFile file) {
        context.header("Cache-Control", file.isImmutable() ? "public, max-age=31536000, immutable" : "no-cache");
        context.header("ETag", file.tag());
        context.header("Vary", "Accept-Encoding");
        context.header("X-Content-Type-Options", "nosniff");
        context.header("Referrer-Policy", "no-referrer");
        context.header("Cross-Origin-Opener-Policy", "same-origin");
        context.header("Cross-Origin-Resource-Policy", "same-origin");
        context.header("Permissions-Policy", "camera=(), microphone=(), geolocation=()");
        context.header("Content-Security-Policy", policy(webSocket(context)));
        if (file.tag().equals(context.header("If-None-Match"))) {
            context.status(304);
            return;
        }
        String accepted = context.header("Accept-Encoding");
        boolean asGzip = file.compresses() && accepted != null && accepted.contains("gzip");
        if (asGzip) {
            context.header("Content-Encoding", "gzip");
        }
        context.contentType(file.type()).result(asGzip ? file.compressed() : file.content());
    }

    private static String policy(URI webSocket) {
        return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; connect-src 'self' "
                + webSocket.getScheme() + "://" + webSocket.getRawAuthority()
                + "; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
                + " require-trusted-types-for 'script'; trusted-types parley";
    }

    /** Where this browser reaches MQTT over WebSocket. */
    private URI webSocket(Context context) {
        return settings.webSocketUrl().orElseGet(() -> {
            String scheme = "https".equals(context.scheme()) ? "wss" : "ws";
            return URI.create(scheme + "://" + host(context) + ":" + settings.webSocketPort() + "/mqtt");
        });
    }

    /** The host by which the browser reached this server, without its port. */
    private static String host(Context context) {
        String header = context.header("Host");
        var parts = HOST.matcher(header == null ? "" : header);
        return parts.matches() ? parts.group(1) : "127.0.0.1";
    }
}
