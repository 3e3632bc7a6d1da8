package io.parley.push.webpush;

import io.parley.runtime.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/**
 * {@code parley.push.web-push}.
 *
 * @param vapidKey the file with the key that this service signs with
 * @param subject whom the browsers' services write to when something is wrong
 * @param endpoints which addresses it sends to
 * @param noWithdrawals hosts that are sent no withdrawals
 * @param tls with which certificates servers are trusted
 * @param requestTimeout how long one request may take, from its first byte to the last of its answer
 * @param threads how many messages are encrypted, and how many hosts looked up, at once
 * @param waiting how many wait for a thread
 */
public record WebPushSettings(
        Path vapidKey,
        String subject,
        Endpoints endpoints,
        List<HostPattern> noWithdrawals,
        SSLContext tls,
        Duration requestTimeout,
        int threads,
        int waiting) {
    static final String KEY = "parley.push.web-push.vapid-key";
    private static final String SUBJECT = "parley.push.web-push.subject";
    private static final String PORTS = "parley.push.web-push.ports";
    private static final String TRUSTED = "parley.push.web-push.trusted-certificates";
    private static final String TIMEOUT = "parley.push.web-push.request-timeout";
    /** It goes into a JSON text without escapes. */
    private static final Pattern CONTACT = Pattern.compile("(mailto:|https://)[\\x21\\x23-\\x5b\\x5d-\\x7e]+");

    /**
     * Which addresses a subscription may have.
     *
     * @param hosts the hosts
     * @param ports the ports of {@code https}
     * @param local whether plain {@code http}, any port and addresses of private networks are allowed too
     */
    record Endpoints(List<HostPattern> hosts, List<Integer> ports, boolean local) {
        Endpoints {
            hosts = List.copyOf(hosts);
            ports = List.copyOf(ports);
        }
    }

    public WebPushSettings {
        noWithdrawals = List.copyOf(noWithdrawals);
    }

    /** Reads {@code parley.push.web-push}; empty if no key is set. */
    static Optional<WebPushSettings> from(Settings settings) {
        return settings.optionalText(KEY).map(key -> from(settings, Path.of(key)));
    }

    private static WebPushSettings from(Settings settings, Path key) {
        String subject = settings.text(SUBJECT);
        if (!CONTACT.matcher(subject).matches()) {
            throw settings.bad(SUBJECT, "must be an address such as mailto:push@example.org or https://example.org");
        }
        Duration timeout = settings.duration(TIMEOUT);
        if (timeout.isZero()) {
            throw settings.bad(TIMEOUT, "must be longer than zero");
        }
        Endpoints endpoints = new Endpoints(
                hosts(settings.list("parley.push.web-push.hosts")),
                ports(settings),
                settings.flag("parley.push.web-push.local-endpoints"));
        return new WebPushSettings(
                key,
                subject,
                endpoints,
                hosts(settings.list("parley.push.web-push.no-withdrawals")),
                tls(settings),
                timeout,
                settings.integer("parley.push.web-push.threads", 1, 256),
                settings.integer("parley.push.web-push.waiting", 1, 100_000));
    }

    private static SSLContext tls(Settings settings) {
        Optional<String> file = settings.optionalText(TRUSTED);
        try {
            return file.isPresent() ? TrustedCertificates.of(Path.of(file.get())) : TrustedCertificates.ofTheJvm();
        } catch (IOException e) {
            throw settings.bad(TRUSTED, "must name a PEM file with certificates (" + e.getMessage() + ")");
        }
    }

    private static List<HostPattern> hosts(List<String> names) {
        return names.stream().map(HostPattern::new).toList();
    }

    private static List<Integer> ports(Settings settings) {
        try {
            return settings.list(PORTS).stream().map(Integer::valueOf).toList();
        } catch (NumberFormatException e) {
            throw settings.bad(PORTS, "must be port numbers, separated by commas");
        }
    }
}
