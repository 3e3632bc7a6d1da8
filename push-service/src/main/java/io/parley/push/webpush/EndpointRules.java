package io.parley.push.webpush;

import io.parley.push.webpush.WebPushSettings.Endpoints;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** Which of the addresses that users register are sent to, as far as their text tells. What their names resolve to is for {@link AddressRules}. */
final class EndpointRules {
    private static final int LONGEST = 2048;
    private static final int HTTPS_PORT = 443;

    private final Endpoints allowed;

    EndpointRules(Endpoints allowed) {
        this.allowed = allowed;
    }

    /** What came of an endpoint's check. */
    sealed interface Verdict {

        /**
         * It may be sent to.
         *
         * @param uri the endpoint
         * @param audience its origin, for whom the VAPID token is
         */
        record Allowed(URI uri, String audience) implements Verdict {}

        /**
         * It may not.
         *
         * @param reason for operators
         */
        record NotAllowed(String reason) implements Verdict {}
    }

    Verdict check(String endpoint) {
        if (endpoint.length() > LONGEST) {
            return new Verdict.NotAllowed("EndpointTooLong");
        }
        try {
            return check(new URI(endpoint));
        } catch (URISyntaxException e) {
            return new Verdict.NotAllowed("EndpointInvalid");
        }
    }

    private Verdict check(URI uri) {
        if (uri.getHost() == null || uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            return new Verdict.NotAllowed("EndpointInvalid");
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !(allowed.local() && scheme.equals("http"))) {
            return new Verdict.NotAllowed("EndpointNotHttps");
        }
        int port = uri.getPort() < 0 ? HTTPS_PORT : uri.getPort();
        if (!allowed.local() && !allowed.ports().contains(port)) {
            return new Verdict.NotAllowed("PortNotAllowed");
        }
        if (allowed.hosts().stream().noneMatch(pattern -> pattern.matches(uri.getHost()))) {
            return new Verdict.NotAllowed("HostNotAllowed");
        }
        String origin = scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT);
        return new Verdict.Allowed(uri, uri.getPort() < 0 ? origin : origin + ":" + uri.getPort());
    }
}
