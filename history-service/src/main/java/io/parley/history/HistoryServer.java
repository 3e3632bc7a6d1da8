package io.parley.history;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpResponseException;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.parley.protocol.wire.ErrorCode;
import io.parley.runtime.Health;
import io.parley.storage.HistoryBehindException;
import io.parley.storage.ReadsLimitedException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server around the API: routes, error bodies, metrics. */
final class HistoryServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HistoryServer.class);
    private static final String ENDPOINT = "endpoint";

    private final Javalin app;

    private HistoryServer(Javalin app) {
        this.app = app;
    }

    /**
     * Starts to listen.
     *
     * @throws io.javalin.util.JavalinException when the port is taken
     */
    static HistoryServer start(
            HistorySettings settings, HistoryApi api, PrometheusMeterRegistry registry, Supplier<Health> health) {
        return start(settings, api, registry, health, config -> {});
    }

    /**
     * Starts to listen.
     *
     * @param more registers what has addresses of its own
     */
    static HistoryServer start(
            HistorySettings settings,
            HistoryApi api,
            PrometheusMeterRegistry registry,
            Supplier<Health> health,
            Consumer<JavalinConfig> more) {
        Javalin app = Javalin.create(config -> {
            configure(config, settings, registry);
            more.accept(config);
            route(config.routes, api, registry, health);
            mapErrors(config.routes);
        });
        return new HistoryServer(app.start(settings.bind(), settings.port()));
    }

    /** The TCP port that it listens on. */
    int port() {
        return app.port();
    }

    @Override
    public void close() {
        app.stop();
    }

    private static void configure(JavalinConfig config, HistorySettings settings, PrometheusMeterRegistry registry) {
        config.startup.showJavalinBanner = false;
        config.startup.startupWatcherEnabled = false;
        config.jetty.threadPool = new QueuedThreadPool(settings.threads(), 4);
        // The API ends what takes too long; Javalin would do so with an error of another form.
        config.http.asyncTimeout = 0;
        config.requestLogger.http((context, millis) -> Timer.builder("parley.http.requests")
                .description("Requests by endpoint and status")
                .tag(ENDPOINT, endpoint(context))
                .tag("status", Integer.toString(context.statusCode()))
                .register(registry)
                .record(Duration.ofNanos((long) (millis * 1_000_000))));
    }

    private static void route(
            RoutesConfig routes, HistoryApi api, PrometheusMeterRegistry registry, Supplier<Health> health) {
        routes.get("/v1/conversations", named("conversations", api::conversations));
        routes.get("/v1/conversations/{conversation}/messages", named("messages", api::messages));
        routes.get("/healthz", named("healthz", context -> {
            Health now = health.get();
            context.status(now.ready() ? 200 : 503)
                    .contentType("application/json")
                    .result(now.toJson());
        }));
        routes.get(
                "/metrics",
                named(
                        "metrics",
                        context -> context.contentType("text/plain; version=0.0.4; charset=utf-8")
                                .result(registry.scrape())));
    }

    private static String endpoint(Context context) {
        String name = context.attribute(ENDPOINT);
        return name == null ? "other" : name;
    }

    private static Handler named(String name, Handler handler) {
        return context -> {
            context.attribute(ENDPOINT, name);
            handler.handle(context);
        };
    }

    private static void mapErrors(RoutesConfig routes) {
        routes.exception(Refusal.class, (refusal, context) -> HistoryApi.refuse(context, refusal));
        routes.exception(HttpResponseException.class, (answer, context) -> {
            if (answer.getStatus() == 404) {
                HistoryApi.refuse(context, Refusal.notFound());
            } else {
                ErrorCode code = answer.getStatus() >= 500 ? ErrorCode.UNAVAILABLE : ErrorCode.BAD_REQUEST;
                HistoryApi.error(context, answer.getStatus(), code, "the request cannot be served");
            }
        });
        routes.exception(CompletionException.class, (failure, context) -> failed(failure, context));
        routes.exception(Exception.class, HistoryServer::failed);
    }

    private static void failed(Exception failure, Context context) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof HistoryBehindException) {
            // The reader has said so, once.
            HistoryApi.refuse(context, Refusal.behind());
            return;
        }
        if (cause instanceof ReadsLimitedException) {
            HistoryApi.refuse(context, Refusal.tooMuch());
            return;
        }
        LOG.warn("endpoint={} failed: {}", endpoint(context), failure.toString());
        HistoryApi.refuse(context, Refusal.unavailable());
    }
}
