package io.parley.push.fcm;

import com.google.api.client.http.LowLevelHttpRequest;
import com.google.api.client.http.LowLevelHttpResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One request of the SDK. Blocks its thread, which is one of the provider's pool, until the answer is there or the deadline is over. */
final class FcmRequest extends LowLevelHttpRequest {
    private final HttpClient client;
    private final String method;
    private final HttpRequest.Builder request;
    private final Duration timeout;
    private boolean retries = true;

    FcmRequest(HttpClient client, String method, URI target, Duration timeout) {
        this.client = client;
        this.method = method;
        this.request = HttpRequest.newBuilder(target).timeout(timeout);
        this.timeout = timeout;
    }

    /** What goes wrong becomes an exception that the SDK passes on, instead of one after which it tries again. */
    FcmRequest withoutRetries() {
        retries = false;
        return this;
    }

    @Override
    public void addHeader(String name, String value) {
        // Answers are short; uncompressed, they can be read without the SDK.
        if (!name.equalsIgnoreCase("Accept-Encoding")) {
            request.header(name, value);
        }
    }

    @Override
    public LowLevelHttpResponse execute() throws IOException {
        try {
            HttpResponse<byte[]> response = send();
            if (!retries && response.statusCode() / 100 != 2) {
                throw new FcmAnswer(
                        response.statusCode(),
                        new String(response.body(), StandardCharsets.UTF_8),
                        response.headers().firstValue("Retry-After"));
            }
            return new FcmResponse(response);
        } catch (IOException e) {
            if (retries) {
                throw e;
            }
            throw new UncheckedIOException(e);
        }
    }

    private HttpResponse<byte[]> send() throws IOException {
        CompletableFuture<HttpResponse<byte[]>> sent = client.sendAsync(built(), BodyHandlers.ofByteArray());
        try {
            // The request's own timeout ends with the answer's headers; this one covers its body.
            return sent.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            sent.cancel(true);
            throw (IOException) new HttpTimeoutException("no answer in time").initCause(e);
        } catch (InterruptedException e) {
            sent.cancel(true);
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("closed").initCause(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IOException(e.getCause());
        }
    }

    private HttpRequest built() throws IOException {
        if (getContentType() != null) {
            request.header("Content-Type", getContentType());
        }
        if (getContentEncoding() != null) {
            request.header("Content-Encoding", getContentEncoding());
        }
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        if (getStreamingContent() != null) {
            getStreamingContent().writeTo(content);
        }
        return request.method(method, HttpRequest.BodyPublishers.ofByteArray(content.toByteArray()))
                .build();
    }
}
