package io.parley.push.fcm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.push.provider.PushOutcome.Accepted;
import io.parley.push.provider.PushOutcome.Later;
import io.parley.push.provider.PushOutcome.NotConfigured;
import io.parley.push.provider.PushOutcome.Trouble;
import io.parley.push.sink.Fault;
import io.parley.push.sink.FcmCounterpart;
import io.parley.push.sink.SinkRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whose credentials are used, and what comes of bad ones. */
class FcmAccountsTest extends FcmBench {

    @Test
    void each_topic_has_its_project() throws Exception {
        reopen(Map.of("com.example.shop", file("shop"), "com.example.news", file("news")), LONG, 4, 100);

        assertThat(send("t1", "com.example.news", ALERT)).isEqualTo(new Accepted());
        assertThat(send("t2", "com.example.shop", ALERT)).isEqualTo(new Accepted());
        assertThat(send("t3", "com.example.other", ALERT)).isEqualTo(new NotConfigured("NoServiceAccount"));
        assertThat(accepted).extracting(SinkRecord::topic).containsExactly("news", "shop");
    }

    @Test
    void an_account_without_a_topic_serves_all_other_tokens() throws Exception {
        reopen(Map.of("", file("shop"), "com.example.news", file("news")), LONG, 4, 100);

        assertThat(send("t1", "com.example.unknown", ALERT)).isEqualTo(new Accepted());
        assertThat(accepted).extracting(SinkRecord::topic).containsExactly("shop");
    }

    @Test
    void access_that_was_revoked_is_asked_for_again() throws Exception {
        assertThat(send("t1", ALERT)).isEqualTo(new Accepted());
        counterpart.revokeAccess();

        assertThat(send("t1", ALERT)).isEqualTo(new Later(Duration.ZERO, "UNAUTHENTICATED", Trouble.PROVIDER));
        assertThat(send("t1", ALERT)).isEqualTo(new Accepted());
    }

    @Test
    void an_account_that_google_does_not_know_is_the_providers_trouble() throws Exception {
        Files.writeString(folder.resolve("gone.json"), counterpart.serviceAccount("gone"));
        counterpart.serviceAccount("gone");
        reopen(Map.of("", folder.resolve("gone.json")), LONG, 1, 1);

        assertThat(send("t1", ALERT)).isEqualTo(new Later(Duration.ZERO, "Credentials", Trouble.PROVIDER));
    }

    @Test
    void a_new_service_account_is_read_while_running() throws Exception {
        assertThat(send("t1", ALERT)).isEqualTo(new Accepted());
        Files.writeString(folder.resolve("shop.json"), serviceAccounts.get("news"));
        Files.setLastModifiedTime(folder.resolve("shop.json"), FileTime.fromMillis(0));
        provider.reload();

        assertThat(send("t1", ALERT)).isEqualTo(new Accepted());
        assertThat(accepted).extracting(SinkRecord::topic).containsExactly("shop", "news");
    }

    @Test
    void a_bad_file_leaves_the_account_before_in_use() throws Exception {
        Files.writeString(folder.resolve("shop.json"), "{}");
        provider.reload();

        assertThat(send("t1", ALERT)).isEqualTo(new Accepted());
    }

    @Test
    void a_token_endpoint_in_trouble_is_asked_once() throws Exception {
        counterpart.misbehave(FcmCounterpart.TOKEN_ENDPOINT, new Fault.Answer(503, "", Map.of()));
        assertThat(send("t1", ALERT)).isEqualTo(new Later(Duration.ZERO, "Credentials", Trouble.PROVIDER));
        counterpart.behave();

        assertThat(send("t1", ALERT)).isEqualTo(new Accepted());
    }

    @Test
    void a_file_that_is_not_an_account_is_told_without_what_is_in_it() throws Exception {
        Path file = Files.writeString(
                folder.resolve("bad.json"), "{\"type\":\"service_account\",\"private_key\":\"secret\"}");

        assertThatThrownBy(() -> open(Map.of("", file), LONG, 1, 1))
                .hasMessageContaining("bad.json: not the JSON file of a service account")
                .hasMessageNotContaining("secret");
    }
}
