package io.parley.push.fcm;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpRequest;
import io.parley.push.http.BoundedPool;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.time.Duration;

/**
 * How the SDK reaches FCM and the token endpoint of a service account: through the JDK's HTTP client, each request with a deadline. The SDK has FCM's host in
 * its code; requests to it go to the setting's endpoint instead. What FCM answers other than a success becomes an {@link FcmAnswer}.
 */
final class FcmTransport extends HttpTransport {
    /** Where the SDK sends messages. */
    private static final String SDK_HOST = "https://fcm.googleapis.com/";

    private final HttpClient client;
    private final URI endpoint;
    private final Duration timeout;

    FcmTransport(FcmSettings settings) {
        this.client = HttpClient.newBuilder()
                .connectTimeout(settings.requestTimeout())
                .followRedirects(Redirect.NEVER)
                .executor(BoundedPool.ofClient("fcm-client"))
                .build();
        this.endpoint = settings.endpoint();
        this.timeout = settings.requestTimeout();
    }

    @Override
    public boolean supportsMethod(String method) {
        return true;
    }

    @Override
    protected LowLevelHttpRequest buildRequest(String method, String url) {
        boolean toFcm = url.startsWith(SDK_HOST);
        String target = toFcm ? endpoint + "/" + url.substring(SDK_HOST.length()) : url;
        FcmRequest request = new FcmRequest(client, method, URI.create(target), timeout);
        return toFcm ? request.withoutRetries() : request;
    }
}
