package io.parley.push.webpush;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.parley.push.message.Notifications;
import io.parley.push.provider.PushOutcome.Accepted;
import io.parley.push.provider.PushOutcome.Later;
import io.parley.push.provider.PushOutcome.Refused;
import io.parley.push.provider.PushOutcome.Trouble;
import io.parley.push.sink.Fault;
import io.parley.push.sink.SinkRecord;
import io.parley.push.sink.Subscription;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What users cannot make the service do. */
class WebPushHostilityTest extends WebPushBench {

    @Test
    void a_redirect_is_not_followed() throws Exception {
        Subscription elsewhere = counterpart.subscribe();
        counterpart.misbehave(browser, new Fault.Answer(307, "", Map.of("Location", elsewhere.endpoint())));

        assertThat(send(browser, ALERT)).isEqualTo(new Refused("Redirect"));
        assertThat(send(elsewhere, ALERT)).isEqualTo(new Accepted());
        assertThat(accepted).hasSize(1);
    }

    @Test
    void keys_that_are_no_keys_are_refused() throws Exception {
        byte[] offCurve = browser.p256dh().toByteArray();
        offCurve[64] ^= 1;

        assertThat(send(new Subscription(browser.endpoint(), ByteString.copyFrom(offCurve), browser.auth()), ALERT))
                .isEqualTo(new Refused("BadKeys"));
        assertThat(send(new Subscription(browser.endpoint(), ByteString.EMPTY, browser.auth()), ALERT))
                .isEqualTo(new Refused("BadKeys"));
        assertThat(send(
                        new Subscription(browser.endpoint(), browser.p256dh(), ByteString.copyFrom(new byte[15])),
                        ALERT))
                .isEqualTo(new Refused("BadKeys"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://127.0.0.1/",
                "https://2130706433/",
                "https://[::1]/",
                "https://[::ffff:127.0.0.1]/",
                "https://10.0.0.1/",
                "https://169.254.169.254/latest/meta-data/",
                "https://[fd00::1]/"
            })
    void an_address_of_a_private_network_is_never_connected_to(String endpoint) throws Exception {
        reopen(untrusted(), LONG, 4, 100, InetAddress::getAllByName);

        assertThat(sendTo(endpoint)).isEqualTo(new Refused("AddressNotPublic"));
    }

    @Test
    void plain_http_is_not_sent_to() throws Exception {
        reopen(untrusted(), LONG, 4, 100, InetAddress::getAllByName);

        assertThat(send(browser, ALERT)).isEqualTo(new Refused("EndpointNotHttps"));
    }

    @Test
    void a_name_with_one_private_address_is_not_connected_to() throws Exception {
        InetAddress[] both = {InetAddress.getByName("1.1.1.1"), InetAddress.getByName("192.168.1.1")};
        reopen(untrusted(), LONG, 4, 100, host -> both);

        assertThat(sendTo("https://rebound.example/")).isEqualTo(new Refused("AddressNotPublic"));
    }

    @Test
    void a_name_that_does_not_exist_may_exist_later() throws Exception {
        reopen(untrusted(), LONG, 4, 100, host -> {
            throw new UnknownHostException(host);
        });

        assertThat(sendTo("https://nobody.example/")).isEqualTo(new Later(Duration.ZERO, "UnknownHost", Trouble.TOKEN));
    }

    @Test
    void what_no_thread_can_take_waits() throws Exception {
        CountDownLatch resolved = new CountDownLatch(1);
        reopen(local(), LONG, 1, 1, host -> {
            await(resolved);
            return InetAddress.getAllByName(host);
        });
        var first = provider.send(token(browser.endpoint(), browser), ALERT);
        var second = provider.send(token(browser.endpoint(), browser), ALERT);

        assertThat(send(browser, ALERT)).isEqualTo(new Later(Duration.ZERO, "Busy", Trouble.TOKEN));
        resolved.countDown();
        assertThat(first.toCompletableFuture().get(30, TimeUnit.SECONDS)).isEqualTo(new Accepted());
        assertThat(second.toCompletableFuture().get(30, TimeUnit.SECONDS)).isEqualTo(new Accepted());
    }

    @Test
    void what_was_cancelled_does_not_go_out() throws Exception {
        CountDownLatch resolved = new CountDownLatch(1);
        reopen(local(), LONG, 1, 10, host -> {
            await(resolved);
            return InetAddress.getAllByName(host);
        });
        var first = provider.send(token(browser.endpoint(), browser), ALERT).toCompletableFuture();
        var second = provider.send(token(browser.endpoint(), browser), ALERT).toCompletableFuture();
        first.cancel(true);
        second.cancel(true);
        resolved.countDown();

        assertThat(send(browser, Notifications.digest(1, 1))).isEqualTo(new Accepted());
        assertThat(accepted).extracting(SinkRecord::title).containsExactly("New messages");
    }

    private static void await(CountDownLatch latch) throws UnknownHostException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new UnknownHostException("interrupted");
        }
    }
}
