package io.parley.history;

import io.javalin.config.JavalinConfig;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jetty.server.handler.CrossOriginHandler;

/** Lets pages of other origins call the API, in front of everything that is served. Tokens come in a header that a page sets itself, never by cookies: no credentials are allowed. */
final class CrossOrigin {
    private static final String ALL = "*";
    private static final Duration REMEMBERED = Duration.ofHours(1);

    private CrossOrigin() {}

    /** @param origins those that may; {@code *} stands for all; nothing happens where there are none */
    static void allow(JavalinConfig config, List<String> origins) {
        if (origins.isEmpty()) {
            return;
        }
        config.jetty.modifyServletContextHandler(context -> context.insertHandler(handler(origins)));
    }

    private static CrossOriginHandler handler(List<String> origins) {
        CrossOriginHandler handler = new CrossOriginHandler();
        handler.setAllowCredentials(false);
        handler.setAllowedOriginPatterns(origins.stream()
                .map(origin -> origin.equals(ALL) ? ALL : Pattern.quote(origin))
                .collect(Collectors.toSet()));
        handler.setAllowedMethods(Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"));
        handler.setAllowedHeaders(Set.of(
                "Authorization",
                "Content-Type",
                "Accept",
                "If-None-Match",
                "If-Range",
                "Range",
                "Last-Event-ID",
                "Tus-Resumable",
                "Upload-Length",
                "Upload-Metadata",
                "Upload-Offset"));
        handler.setExposedHeaders(Set.of(
                "ETag",
                "Retry-After",
                "Location",
                "Content-Range",
                "Content-Disposition",
                "Tus-Resumable",
                "Tus-Version",
                "Tus-Extension",
                "Tus-Max-Size",
                "Upload-Length",
                "Upload-Offset",
                "Upload-Expires"));
        handler.setPreflightMaxAge(REMEMBERED);
        return handler;
    }
}
