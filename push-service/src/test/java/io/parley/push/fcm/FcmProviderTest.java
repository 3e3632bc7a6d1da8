package io.parley.push.fcm;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.push.Notification;
import io.parley.protocol.push.PushToken;
import io.parley.push.content.CollapseId;
import io.parley.push.message.Notifications;
import io.parley.push.provider.PushOutcome.Accepted;
import io.parley.push.provider.PushOutcome.Later;
import io.parley.push.provider.PushOutcome.Refused;
import io.parley.push.provider.PushOutcome.TokenGone;
import io.parley.push.provider.PushOutcome.Trouble;
import io.parley.push.sink.Fault;
import io.parley.push.sink.FcmError;
import io.parley.push.sink.SinkRecord;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is sent, and what comes of it. */
class FcmProviderTest extends FcmBench {

    @Test
    void an_alert_is_shown_at_once() throws Exception {
        assertThat(send("t1", ALERT)).isEqualTo(new Accepted());

        SinkRecord shown = accepted.get(0);
        assertThat(shown)
                .isEqualTo(new SinkRecord(
                        shown.at(),
                        "FCM",
                        "t1",
                        "shop",
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
    void a_withdrawal_is_data_alone() throws Exception {
        Notification withdrawal = Notifications.withdrawal();

        assertThat(send("t1", withdrawal)).isEqualTo(new Accepted());

        SinkRecord silent = accepted.get(0);
        assertThat(silent)
                .isEqualTo(new SinkRecord(
                        silent.at(),
                        "FCM",
                        "t1",
                        "shop",
                        CollapseId.of(ALERT),
                        "normal",
                        true,
                        3,
                        "",
                        "",
                        "c-1",
                        42,
                        true));
    }

    @Test
    void a_digest_is_no_hurry() throws Exception {
        assertThat(send("t1", Notifications.digest(7, 2))).isEqualTo(new Accepted());

        assertThat(accepted.get(0).priority()).isEqualTo("normal");
        assertThat(accepted.get(0).title()).isEqualTo("New messages");
        assertThat(accepted.get(0).body()).isEqualTo("7 in 2");
        assertThat(accepted.get(0).conversation()).isEmpty();
    }

    @Test
    void a_long_text_is_cut_to_what_fcm_takes() throws Exception {
        assertThat(send("t1", Notifications.inGroup("Ü".repeat(2000), "Anna", "🎉".repeat(3000))))
                .isEqualTo(new Accepted());

        assertThat(accepted.get(0).body()).startsWith("Anna: 🎉").endsWith("🎉…");
    }

    @Test
    void an_error_is_answered_after_one_request() throws Exception {
        counterpart.misbehave("gone", FcmError.UNREGISTERED.answer());
        counterpart.misbehave("busy", FcmError.UNAVAILABLE.answer(Map.of("Retry-After", "55")));
        counterpart.misbehave("other", FcmError.THIRD_PARTY_AUTH_ERROR.answer());

        assertThat(send("gone", ALERT)).isEqualTo(new TokenGone(0, "UNREGISTERED"));
        // The SDK by itself would wait for 55 seconds, and longer than this test.
        assertThat(send("busy", ALERT)).isEqualTo(new Later(Duration.ofSeconds(55), "UNAVAILABLE", Trouble.PROVIDER));
        assertThat(send("other", ALERT)).isEqualTo(new Refused("THIRD_PARTY_AUTH_ERROR"));
        assertThat(send("good", ALERT)).isEqualTo(new Accepted());
        assertThat(accepted).hasSize(1);
    }

    @Test
    void a_slow_answer_is_given_up() throws Exception {
        reopen(Map.of("", file("shop")), Duration.ofMillis(1500), 4, 100);
        counterpart.misbehave("slow", new Fault.Slow(LONG));

        assertThat(send("slow", ALERT)).isEqualTo(new Later(Duration.ZERO, "Timeout", Trouble.PROVIDER));
    }

    @Test
    void a_dropped_connection_passes() throws Exception {
        counterpart.misbehave("dropped", new Fault.Drop());

        assertThat(send("dropped", ALERT)).isEqualTo(new Later(Duration.ZERO, "ConnectionLost", Trouble.PROVIDER));
        assertThat(send("t1", ALERT)).isEqualTo(new Accepted());
    }

    @Test
    void a_service_that_is_away_is_the_providers_trouble() throws Exception {
        assertThat(send("t1", ALERT)).isEqualTo(new Accepted());
        FcmSettings elsewhere = new FcmSettings(Map.of("", file("shop")), nobody(), LONG, 1, 1);
        provider.close();
        provider = new FcmProvider(elsewhere, Notifications.DIGEST, Clock.systemUTC());

        assertThat(send("t1", ALERT)).isEqualTo(new Later(Duration.ZERO, "Unreachable", Trouble.PROVIDER));
    }

    @Test
    void what_no_thread_can_take_waits() throws Exception {
        reopen(Map.of("", file("shop")), LONG, 1, 1);
        counterpart.misbehave("slow", new Fault.Slow(LONG));
        PushToken slow = PushToken.newBuilder().setToken("slow").build();
        var first = provider.send(slow, ALERT).toCompletableFuture();
        var second = provider.send(slow, ALERT).toCompletableFuture();

        assertThat(send("t2", ALERT)).isEqualTo(new Later(Duration.ZERO, "Busy", Trouble.PROVIDER));
        assertThat(List.of(first.isDone(), second.isDone())).containsOnly(false);
    }

    @Test
    void what_was_cancelled_does_not_go_out() throws Exception {
        reopen(Map.of("", file("shop")), LONG, 1, 10);
        counterpart.misbehave("slow", new Fault.Slow(LONG));
        PushToken slow = PushToken.newBuilder().setToken("slow").build();
        PushToken waiting = PushToken.newBuilder().setToken("waiting").build();
        var first = provider.send(slow, ALERT).toCompletableFuture();
        var second = provider.send(waiting, ALERT).toCompletableFuture();
        second.cancel(true);
        first.cancel(true);

        assertThat(send("t3", ALERT)).isEqualTo(new Accepted());
        assertThat(accepted).extracting(SinkRecord::token).containsExactly("t3");
    }
}
