package io.parley.push.webpush;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.push.provider.PushOutcome.Accepted;
import io.parley.push.provider.PushOutcome.Later;
import io.parley.push.secrets.TestCertificate;
import io.parley.push.sink.WebPushCounterpart;
import java.net.InetAddress;
import java.security.KeyStore;
import java.time.Clock;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

/** A browser's service as the real ones are: over TLS, which only a certificate that is trusted makes usable. */
class WebPushTlsTest extends WebPushBench {

    @Test
    void a_server_is_sent_to_only_with_a_certificate_that_is_trusted() throws Exception {
        TestCertificate certificate = TestCertificate.make(folder, "browsers", "CN=localhost");
        counterpart.close();
        counterpart = new WebPushCounterpart(0, serving(certificate), Clock.systemUTC(), accepted::add);
        browser = counterpart.subscribe();
        assertThat(browser.endpoint()).startsWith("https://localhost:");

        assertThat(send(browser, ALERT))
                .isInstanceOfSatisfying(
                        Later.class, later -> assertThat(later.reason()).isEqualTo("Tls"));
        assertThat(accepted).isEmpty();

        tls = TrustedCertificates.of(certificate.pem());
        reopen(local(), LONG, 4, 100, InetAddress::getAllByName);
        assertThat(send(browser, ALERT)).isEqualTo(new Accepted());
        assertThat(accepted).hasSize(1);
    }

    private static SSLContext serving(TestCertificate certificate) throws Exception {
        char[] password = "only in memory".toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "server",
                certificate.key(),
                password,
                List.of(certificate.certificate()).toArray(java.security.cert.Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }
}
