package io.parley.history;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.parley.history.visiting.RefusedException;
import io.parley.history.visiting.UnavailableException;
import io.parley.protocol.wire.Error;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Reply;
import io.parley.runtime.Health;
import io.parley.storage.HistoryBehindException;
import io.parley.storage.ReadsLimitedException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server around the API: routes, error bodies, metrics. */
final class HistoryServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HistoryServer.class);
    private static final long MAX_BODY_BYTES = 256 * 1024;
    private static final int MAX_HEAD_BYTES = 24 * 1024;
    private static final String ENDPOINT = "endpoint";

    private final Javalin app;

    private HistoryServer(Javalin app) {
        this.app = app;
    }

    /**
     * Starts to listen.
     *
     * @param beside registers what is served beside the routes
     * @throws io.javalin.util.JavalinException when the port is taken
     */
    static HistoryServer start(
            HistorySettings settings,
            List<Routes> classes,
            Consumer<JavalinConfig> beside,
            PrometheusMeterRegistry registry,
            Supplier<Health> health) {
        Javalin app = Javalin.create(config -> {
            configure(config, settings, registry);
            beside.accept(config);
            classes.forEach(one -> one.add(config.routes));
            route(config.routes, registry, health);
            mapErrors(config.routes);
        });
        return new HistoryServer(app.start(settings.bind(), settings.port()));
    }

    /** The TCP port that it listens on for HTTP. */
    int port() {
        return Stream.of(app.jettyServer().server().getConnectors())
                .filter(ServerConnector.class::isInstance)
                .map(ServerConnector.class::cast)
                .filter(connector -> connector.getConnectionFactory(SslConnectionFactory.class) == null)
                .mapToInt(ServerConnector::getLocalPort)
                .findFirst()
                .orElseThrow();
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
        config.http.maxRequestSize = MAX_BODY_BYTES;
        config.jetty.modifyHttpConfiguration(http -> {
            // A cursor and a token have up to 8 KiB each.
            http.setRequestHeaderSize(MAX_HEAD_BYTES);
            http.setSendServerVersion(false);
        });
        CrossOrigin.allow(config, settings.web().origins());
        settings.web().tls().ifPresent(tls -> listen(config, settings, tls));
        config.requestLogger.http((context, millis) -> Timer.builder("parley.http.requests")
                .description("Requests by endpoint and status")
                .tag(ENDPOINT, endpoint(context))
                .tag("status", Integer.toString(context.statusCode()))
                .register(registry)
                .record(Duration.ofNanos((long) (millis * 1_000_000))));
    }

    private static void listen(JavalinConfig config, HistorySettings settings, WebSettings.Tls tls) {
        TlsFiles files = new TlsFiles(tls);
        // Javalin adds its own only where there is no other.
        config.jetty.addConnector((server, http) -> {
            ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
            connector.setHost(settings.bind());
            connector.setPort(settings.port());
            return connector;
        });
        config.jetty.addConnector((server, http) -> {
            HttpConfiguration secure = new HttpConfiguration(http);
            secure.addCustomizer(new SecureRequestCustomizer(false));
            ServerConnector connector = new ServerConnector(
                    server,
                    new SslConnectionFactory(files.factory(), HttpVersion.HTTP_1_1.asString()),
                    new HttpConnectionFactory(secure));
            connector.setHost(settings.bind());
            connector.setPort(tls.port());
            connector.addBean(files);
            return connector;
        });
    }

    private static void route(RoutesConfig routes, PrometheusMeterRegistry registry, Supplier<Health> health) {
        for (String path : List.of("/healthz", "/readyz")) {
            routes.get(path, named("healthz", context -> {
                Health now = health.get();
                context.status(now.ready() ? 200 : 503)
                        .contentType("application/json")
                        .result(now.toJson());
            }));
        }
        routes.get(
                "/livez",
                named(
                        "livez",
                        context -> context.contentType("application/json").result(Health.ALIVE)));
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

    /** The handler of a call, under a name for the metrics. */
    static Handler named(String name, Handler handler) {
        return context -> {
            context.attribute(ENDPOINT, name);
            handler.handle(context);
        };
    }

    private static void mapErrors(RoutesConfig routes) {
        routes.exception(Refusal.class, (refusal, context) -> Answers.refuse(context, refusal));
        routes.exception(HttpResponseException.class, (answer, context) -> {
            if (answer.getStatus() == 404) {
                Answers.refuse(context, Refusal.notFound());
            } else {
                ErrorCode code = code(answer.getStatus());
                Answers.error(context, answer.getStatus(), code, "the request cannot be served");
            }
        });
        routes.exception(CompletionException.class, (failure, context) -> failed(failure, context));
        routes.exception(Exception.class, HistoryServer::failed);
    }

    private static ErrorCode code(int status) {
        if (status == 413) {
            return ErrorCode.TOO_LARGE;
        }
        return status >= 500 ? ErrorCode.UNAVAILABLE : ErrorCode.BAD_REQUEST;
    }

    private static void failed(Exception failure, Context context) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof HistoryBehindException) {
            // The reader has said so, once.
            Answers.refuse(context, Refusal.behind());
            return;
        }
        if (cause instanceof ReadsLimitedException) {
            Answers.refuse(context, Refusal.tooMuch());
            return;
        }
        if (cause instanceof Refusal refusal) {
            Answers.refuse(context, refusal);
            return;
        }
        if (cause instanceof RefusedException refused) {
            Error error = refused.error();
            Answers.refuse(
                    context,
                    Refusal.of(error),
                    Reply.newBuilder().setError(error).build());
            return;
        }
        if (cause instanceof UnavailableException || (cause instanceof TimeoutException && isPost(context))) {
            Answers.refuse(context, Refusal.noLog("the log took too long; it may or may not have happened"));
            return;
        }
        LOG.warn("endpoint={} failed: {}", endpoint(context), failure.toString());
        Answers.refuse(context, Refusal.unavailable());
    }

    private static boolean isPost(Context context) {
        return context.method().equals(HandlerType.POST);
    }
}
