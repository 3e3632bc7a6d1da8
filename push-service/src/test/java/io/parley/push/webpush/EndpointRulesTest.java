package io.parley.push.webpush;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.push.webpush.EndpointRules.Verdict.Allowed;
import io.parley.push.webpush.EndpointRules.Verdict.NotAllowed;
import io.parley.push.webpush.WebPushSettings.Endpoints;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointRulesTest {
    private static final EndpointRules RULES = rules(false, "*");

    private static EndpointRules rules(boolean local, String... hosts) {
        return new EndpointRules(
                new Endpoints(Stream.of(hosts).map(HostPattern::new).toList(), List.of(443), local));
    }

    @Test
    void an_endpoint_of_a_browser_is_allowed() {
        String endpoint = "https://FCM.googleapis.com/fcm/send/abc:d-e_f?x=1";

        assertThat(RULES.check(endpoint)).isEqualTo(new Allowed(URI.create(endpoint), "https://fcm.googleapis.com"));
    }

    @ParameterizedTest
    @CsvSource({
        "http://example.org/, EndpointNotHttps",
        "ftp://example.org/, EndpointNotHttps",
        "file:///etc/passwd, EndpointInvalid",
        "//example.org/, EndpointNotHttps",
        "example.org, EndpointInvalid",
        "https://user:password@example.org/, EndpointInvalid",
        "https://example.org/#part, EndpointInvalid",
        "https://exa_mple.org/, EndpointInvalid",
        "https://example.org/a b, EndpointInvalid",
        "https:example.org, EndpointInvalid",
        "https://127.1/, EndpointInvalid",
        "'', EndpointInvalid",
        "https://example.org:22/, PortNotAllowed",
        "https://example.org:0/, PortNotAllowed"
    })
    void another_endpoint_is_not(String endpoint, String reason) {
        assertThat(RULES.check(endpoint)).isEqualTo(new NotAllowed(reason));
    }

    @Test
    void an_endpoint_cannot_bring_a_header() {
        assertThat(RULES.check("https://example.org/\r\nX: y")).isEqualTo(new NotAllowed("EndpointInvalid"));
    }

    @Test
    void an_endpoint_has_a_limit() {
        assertThat(RULES.check("https://example.org/" + "a".repeat(2100))).isEqualTo(new NotAllowed("EndpointTooLong"));
    }

    @Test
    void hosts_can_be_named() {
        EndpointRules named = rules(false, "fcm.googleapis.com", "*.push.apple.com");

        assertThat(named.check("https://fcm.googleapis.com/a")).isInstanceOf(Allowed.class);
        assertThat(named.check("https://web.push.apple.com/a")).isInstanceOf(Allowed.class);
        assertThat(named.check("https://push.apple.com/a")).isEqualTo(new NotAllowed("HostNotAllowed"));
        assertThat(named.check("https://web.push.apple.com.example.org/a")).isEqualTo(new NotAllowed("HostNotAllowed"));
        assertThat(named.check("https://a.fcm.googleapis.com/a")).isEqualTo(new NotAllowed("HostNotAllowed"));
    }

    @Test
    void what_is_local_is_allowed_by_a_setting() {
        assertThat(rules(true, "*").check("http://127.0.0.1:8090/push/1"))
                .isEqualTo(new Allowed(URI.create("http://127.0.0.1:8090/push/1"), "http://127.0.0.1:8090"));
    }
}
