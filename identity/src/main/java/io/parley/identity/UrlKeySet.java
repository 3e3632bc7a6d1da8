package io.parley.identity;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys from a URL, cached. They are fetched again when they are old and when a token names an unknown key, but never more often than
 * {@link #MIN_INTERVAL} (a flood of forged key ids must not become a flood of requests). A failed fetch leaves the old keys in force.
 */
final class UrlKeySet implements KeySet {
    static final Duration MAX_AGE = Duration.ofMinutes(15);
    static final Duration MIN_INTERVAL = Duration.ofSeconds(10);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int MAX_LENGTH = 1 << 20;
    private static final Logger LOG = LoggerFactory.getLogger(UrlKeySet.class);

    private final URI url;
    private final LongSupplier nanoTime;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private @Nullable List<JWK> cached;
    private long fetchedNanos;
    private long triedNanos;
    private boolean tried;

    UrlKeySet(URI url, LongSupplier nanoTime) {
        this.url = url;
        this.nanoTime = nanoTime;
    }

    @Override
    public synchronized List<JWK> keys() throws IOException {
        boolean fresh = cached != null && nanoTime.getAsLong() - fetchedNanos < MAX_AGE.toNanos();
        return fresh ? known() : fetchUnlessJustTried();
    }

    @Override
    public synchronized List<JWK> keysAfterMiss() throws IOException {
        return fetchUnlessJustTried();
    }

    private List<JWK> known() throws IOException {
        List<JWK> keys = cached;
        if (keys == null) {
            throw new IOException("no JWK set from " + url);
        }
        return keys;
    }

    private List<JWK> fetchUnlessJustTried() throws IOException {
        long now = nanoTime.getAsLong();
        if (tried && now - triedNanos < MIN_INTERVAL.toNanos()) {
            return known();
        }
        tried = true;
        triedNanos = now;
        try {
            List<JWK> fetched = fetch();
            cached = fetched;
            fetchedNanos = now;
            LOG.info("read keys={} from url={}", fetched.size(), url);
        } catch (IOException | ParseException e) {
            LOG.warn("url={} gives no JWK set: {}", url, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return known();
    }

    private List<JWK> fetch() throws IOException, InterruptedException, ParseException {
        HttpRequest request = HttpRequest.newBuilder(url)
                .timeout(TIMEOUT)
                .header("Accept", "application/json")
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200 || response.body().length() > MAX_LENGTH) {
            throw new IOException(
                    "status " + response.statusCode() + ", " + response.body().length() + " characters");
        }
        return JWKSet.parse(response.body()).getKeys();
    }
}
