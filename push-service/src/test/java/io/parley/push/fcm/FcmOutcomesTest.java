package io.parley.push.fcm;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.push.provider.PushOutcome;
import io.parley.push.provider.PushOutcome.Later;
import io.parley.push.provider.PushOutcome.Refused;
import io.parley.push.provider.PushOutcome.TokenGone;
import io.parley.push.provider.PushOutcome.Trouble;
import io.parley.push.sink.Fault;
import io.parley.push.sink.FcmError;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FcmOutcomesTest {
    private static final long NOW_MILLIS = 1_800_000_000_000L;

    private static PushOutcome of(FcmError error) {
        return of(error.answer());
    }

    private static PushOutcome of(Fault.Answer answer) {
        return of(
                answer.status(),
                answer.body(),
                Optional.ofNullable(answer.headers().get("Retry-After")));
    }

    private static PushOutcome of(int status, String body, Optional<String> retryAfter) {
        return FcmOutcomes.of(new FcmAnswer(status, body, retryAfter), NOW_MILLIS);
    }

    @Test
    void an_unregistered_token_is_gone() {
        assertThat(of(FcmError.UNREGISTERED)).isEqualTo(new TokenGone(0, "UNREGISTERED"));
    }

    @Test
    void a_malformed_token_is_gone() {
        assertThat(of(FcmError.BAD_TOKEN)).isEqualTo(new TokenGone(0, "INVALID_ARGUMENT"));
    }

    @Test
    void a_malformed_token_is_told_by_the_field_alone() {
        String body = """
                {"error": {"code": 400, "message": "Request contains an invalid argument.", "status": "INVALID_ARGUMENT", "details": [
                  {"@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", "errorCode": "INVALID_ARGUMENT"},
                  {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [{"field": "message.token", "description": "?"}]}]}}
                """;

        assertThat(of(400, body, Optional.empty())).isEqualTo(new TokenGone(0, "INVALID_ARGUMENT"));
    }

    @Test
    void an_invalid_message_takes_no_token_away() {
        assertThat(of(FcmError.BAD_MESSAGE)).isEqualTo(new Refused("INVALID_ARGUMENT"));
    }

    @Test
    void a_token_of_another_project_stays() {
        assertThat(of(FcmError.SENDER_ID_MISMATCH)).isEqualTo(new Refused("SENDER_ID_MISMATCH"));
    }

    @Test
    void a_project_without_the_right_keys_for_others_is_refused() {
        assertThat(of(FcmError.THIRD_PARTY_AUTH_ERROR)).isEqualTo(new Refused("THIRD_PARTY_AUTH_ERROR"));
    }

    @Test
    void a_project_over_its_quota_waits_a_minute() {
        assertThat(of(FcmError.QUOTA_OF_PROJECT))
                .isEqualTo(new Later(Duration.ofMinutes(1), "QUOTA_EXCEEDED", Trouble.PROVIDER));
    }

    @Test
    void a_device_over_its_quota_is_the_trouble_of_its_token() {
        assertThat(of(FcmError.QUOTA_OF_DEVICE.answer(Map.of("Retry-After", "90"))))
                .isEqualTo(new Later(Duration.ofSeconds(90), "QUOTA_EXCEEDED", Trouble.TOKEN));
    }

    @Test
    void an_unavailable_service_says_when_to_come_again() {
        assertThat(of(FcmError.UNAVAILABLE.answer(Map.of("Retry-After", "7"))))
                .isEqualTo(new Later(Duration.ofSeconds(7), "UNAVAILABLE", Trouble.PROVIDER));
    }

    @Test
    void an_internal_error_passes() {
        assertThat(of(FcmError.INTERNAL)).isEqualTo(new Later(Duration.ZERO, "INTERNAL", Trouble.PROVIDER));
    }

    @ParameterizedTest
    @EnumSource(names = {"UNAUTHENTICATED", "PERMISSION_DENIED"})
    void wrong_credentials_are_the_providers_trouble(FcmError error) {
        assertThat(of(error)).isEqualTo(new Later(Duration.ZERO, error.name(), Trouble.PROVIDER));
    }

    @Test
    void an_answer_that_is_not_of_fcm_counts_by_its_status() {
        assertThat(of(502, "<html>Bad gateway</html>", Optional.empty()))
                .isEqualTo(new Later(Duration.ZERO, "5xx", Trouble.PROVIDER));
        assertThat(of(404, "", Optional.empty())).isEqualTo(new Refused("4xx"));
        assertThat(of(400, "{\"error\":{\"details\":[null]}}", Optional.empty()))
                .isEqualTo(new Refused("400"));
    }

    @Test
    void what_happens_to_a_connection_passes() {
        assertThat(FcmOutcomes.of(new HttpTimeoutException("")))
                .isEqualTo(new Later(Duration.ZERO, "Timeout", Trouble.PROVIDER));
        assertThat(FcmOutcomes.of(new ConnectException()))
                .isEqualTo(new Later(Duration.ZERO, "Unreachable", Trouble.PROVIDER));
        assertThat(FcmOutcomes.of(new EOFException()))
                .isEqualTo(new Later(Duration.ZERO, "ConnectionLost", Trouble.PROVIDER));
    }
}
