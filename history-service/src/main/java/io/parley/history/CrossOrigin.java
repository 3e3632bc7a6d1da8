package io.parley.history;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;

/**
 * Lets pages of other origins call the API. Tokens come in a header that a page sets itself, never by cookies: no credentials are allowed.
 *
 * @param origins those that may; {@code *} stands for all
 */
record CrossOrigin(List<String> origins) implements Routes {
    private static final String ALL = "*";

    @Override
    public void add(RoutesConfig routes) {
        if (!origins.isEmpty()) {
            routes.before("/v1/*", this::allow);
            routes.options("/v1/*", CrossOrigin::asked);
        }
    }

    private void allow(Context context) {
        String origin = context.header("Origin");
        if (origin != null && (origins.contains(ALL) || origins.contains(origin))) {
            context.header("Access-Control-Allow-Origin", origins.contains(ALL) ? ALL : origin)
                    .header("Access-Control-Expose-Headers", "ETag, Retry-After")
                    .header("Vary", "Origin");
        }
    }

    /** A browser asks before it calls. */
    private static void asked(Context context) {
        context.status(204)
                .header("Access-Control-Allow-Methods", "GET, POST, OPTIONS")
                .header(
                        "Access-Control-Allow-Headers",
                        "Authorization, Content-Type, Accept, If-None-Match, Last-Event-ID")
                .header("Access-Control-Max-Age", "3600");
    }
}
