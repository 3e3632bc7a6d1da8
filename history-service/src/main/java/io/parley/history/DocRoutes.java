package io.parley.history;

import static io.parley.history.HistoryServer.named;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;

/** What the API is: {@code /openapi.json}, and a page to try it, {@code /docs}. All of it is served from here; the page may load from nowhere else. */
final class DocRoutes implements Routes {
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
            + "img-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

    private static final Map<String, String> FILES = Map.of(
            "swagger-ui-bundle.js", "text/javascript; charset=utf-8", "swagger-ui.css", "text/css; charset=utf-8");

    private static final String PAGE = """
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><title>Parley HTTP API</title>
            <link rel="stylesheet" href="/docs/swagger-ui.css"></head>
            <body><div id="api"></div>
            <script src="/docs/swagger-ui-bundle.js"></script>
            <script src="/docs/start.js"></script></body>
            </html>
            """;

    private static final String START = """
            SwaggerUIBundle({url: "/openapi.json", dom_id: "#api", deepLinking: true, validatorUrl: null});
            """;

    private final String folder = "/META-INF/resources/webjars/swagger-ui/" + version() + "/";

    @Override
    public void add(RoutesConfig routes) {
        routes.get(
                "/openapi.json", named("openapi", context -> resource(context, "/openapi.json", "application/json")));
        routes.get(
                "/docs",
                named(
                        "docs",
                        context -> page(context)
                                .contentType("text/html; charset=utf-8")
                                .result(PAGE)));
        routes.get(
                "/docs/start.js",
                named(
                        "docs",
                        context -> page(context)
                                .contentType("text/javascript; charset=utf-8")
                                .result(START)));
        FILES.forEach((file, type) ->
                routes.get("/docs/" + file, named("docs", context -> resource(page(context), folder + file, type))));
    }

    private static Context page(Context context) {
        return context.header("Content-Security-Policy", POLICY)
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "no-referrer");
    }

    private static void resource(Context context, String name, String type) {
        InputStream content = DocRoutes.class.getResourceAsStream(name);
        if (content == null) {
            throw Refusal.notFound();
        }
        context.contentType(type).result(content);
    }

    private static String version() {
        try (InputStream pom =
                DocRoutes.class.getResourceAsStream("/META-INF/maven/org.webjars/swagger-ui/pom.properties")) {
            Properties properties = new Properties();
            if (pom != null) {
                properties.load(pom);
            }
            return properties.getProperty("version", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
