package io.parley.push.webpush;

import io.parley.push.http.BoundedPool;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/**
 * Sends requests to hosts that users name: without redirects, with a deadline that covers the answer's body, and with few connections. The JDK's client keeps a
 * connection to each host as long as the host likes; a new client after so many hosts ends those of the one before.
 */
final class WebPushSender {
    private static final int MOST_HOSTS = 64;

    private final Duration timeout;
    private final SSLContext tls;
    private final Executor threads = BoundedPool.ofClient("web-push-client");
    private final Set<String> hosts = new HashSet<>();
    private HttpClient client;

    WebPushSender(Duration timeout, SSLContext tls) {
        this.timeout = timeout;
        this.tls = tls;
        this.client = newClient();
    }

    /** The answer; fails with a {@link java.util.concurrent.TimeoutException} when it is not complete in time. To cancel it ends the request. */
    CompletableFuture<HttpResponse<Boolean>> send(HttpRequest request) {
        CompletableFuture<HttpResponse<Boolean>> sent =
                clientFor(request.uri().getRawAuthority()).sendAsync(request, answer -> new BoundedBody());
        CompletableFuture<HttpResponse<Boolean>> inTime = new CompletableFuture<>();
        var unused = sent.whenComplete((answer, failure) -> {
            if (failure == null) {
                inTime.complete(answer);
            } else {
                inTime.completeExceptionally(failure);
            }
        });
        var unusedToo = inTime.whenComplete((answer, failure) -> sent.cancel(true));
        return inTime.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized HttpClient clientFor(String host) {
        if (hosts.size() >= MOST_HOSTS && !hosts.contains(host)) {
            hosts.clear();
            client = newClient();
        }
        hosts.add(host);
        return client;
    }

    private HttpClient newClient() {
        return HttpClient.newBuilder()
                .connectTimeout(timeout)
                .sslContext(tls)
                .followRedirects(Redirect.NEVER)
                .executor(threads)
                .build();
    }
}
