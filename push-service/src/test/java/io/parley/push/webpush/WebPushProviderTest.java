package io.parley.push.webpush;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.protocol.push.Notification;
import io.parley.push.content.CollapseId;
import io.parley.push.message.Notifications;
import io.parley.push.provider.PushOutcome.Accepted;
import io.parley.push.provider.PushOutcome.Later;
import io.parley.push.provider.PushOutcome.NotConfigured;
import io.parley.push.provider.PushOutcome.Refused;
import io.parley.push.provider.PushOutcome.TokenGone;
import io.parley.push.provider.PushOutcome.Trouble;
import io.parley.push.sink.Fault;
import io.parley.push.sink.SinkRecord;
import io.parley.push.sink.Subscription;
import io.parley.push.sink.VapidKey;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent, and what comes of it. */
class WebPushProviderTest extends WebPushBench {

    @Test
    void a_browser_reads_what_was_encrypted_for_it() throws Exception {
        assertThat(send(browser, ALERT)).isEqualTo(new Accepted());

        SinkRecord shown = accepted.get(0);
        assertThat(shown)
                .isEqualTo(new SinkRecord(
                        shown.at(),
                        "WEB_PUSH",
                        browser.endpoint(),
                        "",
                        CollapseId.of(ALERT),
                        "high",
                        false,
                        3,
                        "Anna",
                        "Hello",
                        "c-1",
                        42,
                        false));
    }

    @Test
    void a_withdrawal_shows_nothing_and_is_no_hurry() throws Exception {
        assertThat(send(browser, Notifications.withdrawal())).isEqualTo(new Accepted());

        assertThat(accepted.get(0).silent()).isTrue();
        assertThat(accepted.get(0).withdraw()).isTrue();
        assertThat(accepted.get(0).priority()).isEqualTo("normal");
        assertThat(accepted.get(0).collapseId()).isEqualTo(CollapseId.of(ALERT));
    }

    @Test
    void the_longest_message_is_accepted() throws Exception {
        Notification longest = Notifications.alert("\u0001".repeat(700), "\u0001".repeat(9000));

        assertThat(send(browser, longest)).isEqualTo(new Accepted());
    }

    @Test
    void a_browser_that_must_show_something_gets_no_withdrawals() throws Exception {
        String endpoint = browser.endpoint().replace("127.0.0.1", "localhost");

        assertThat(send(token(endpoint, browser), Notifications.withdrawal()))
                .isEqualTo(new NotConfigured("NoWithdrawals"));
    }

    @Test
    void a_subscription_that_ended_is_gone() throws Exception {
        counterpart.unsubscribe(browser);

        assertThat(send(browser, ALERT)).isEqualTo(new TokenGone(0, "410"));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 413})
    void an_error_that_stays_is_refused(int status) throws Exception {
        counterpart.misbehave(browser, new Fault.Answer(status, "no", Map.of()));

        assertThat(send(browser, ALERT)).isEqualTo(new Refused(Integer.toString(status)));
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 502, 503})
    void an_error_that_passes_says_when_to_come_again(int status) throws Exception {
        counterpart.misbehave(browser, new Fault.Answer(status, "later", Map.of("Retry-After", "12")));

        assertThat(send(browser, ALERT))
                .isEqualTo(new Later(Duration.ofSeconds(12), status == 429 ? "429" : "5xx", Trouble.TOKEN));
    }

    @Test
    void a_slow_answer_is_given_up() throws Exception {
        reopen(local(), Duration.ofMillis(300), 4, 100, InetAddress::getAllByName);
        counterpart.misbehave(browser, new Fault.Slow(Duration.ofSeconds(3)));

        assertThat(send(browser, ALERT)).isEqualTo(new Later(Duration.ZERO, "Timeout", Trouble.TOKEN));
    }

    @Test
    void a_dropped_connection_passes() throws Exception {
        counterpart.misbehave(browser, new Fault.Drop());

        assertThat(send(browser, ALERT)).isEqualTo(new Later(Duration.ZERO, "ConnectionLost", Trouble.TOKEN));
    }

    @Test
    void a_service_that_is_away_is_the_trouble_of_its_token() throws Exception {
        counterpart.close();

        assertThat(send(browser, ALERT)).isEqualTo(new Later(Duration.ZERO, "Unreachable", Trouble.TOKEN));
    }

    @Test
    void what_was_encrypted_for_another_is_not_accepted() throws Exception {
        Subscription other = counterpart.subscribe();

        assertThat(send(token(browser.endpoint(), other), ALERT)).isEqualTo(new Refused("400"));
    }

    @Test
    void a_new_key_is_read_while_running() throws Exception {
        assertThat(send(browser, ALERT)).isEqualTo(new Accepted());
        Files.writeString(keyFile, VapidKey.newFile());
        Files.setLastModifiedTime(keyFile, FileTime.fromMillis(0));
        provider.reload();

        // The counterpart verifies with the key that the request names.
        assertThat(send(browser, ALERT)).isEqualTo(new Accepted());
        assertThat(counterpart.signers()).hasSize(2);
    }

    @Test
    void a_bad_file_leaves_the_key_before_in_use() throws Exception {
        Files.writeString(keyFile, "no key");
        provider.reload();

        assertThat(send(browser, ALERT)).isEqualTo(new Accepted());
    }

    @Test
    void without_a_key_it_does_not_start() throws Exception {
        Files.delete(keyFile);

        assertThatThrownBy(() -> open(local(), LONG, 1, 1, InetAddress::getAllByName))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("vapid.pem");
    }
}
