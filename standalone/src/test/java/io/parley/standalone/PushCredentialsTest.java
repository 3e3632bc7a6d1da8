package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigResolveOptions;
import io.parley.runtime.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PushCredentialsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "parley.push.apns.apps.main.key-file = key.p8",
                "parley.push.apns.apps.other.certificate-file = other.p12",
                "parley.push.fcm.service-accounts = fcm.json",
                "parley.push.web-push.vapid-key = vapid.pem"
            })
    void those_of_one_provider_are_enough(String setting) {
        assertThat(PushCredentials.areIn(with(setting))).isTrue();
    }

    @Test
    void the_defaults_have_none() {
        assertThat(PushCredentials.areIn(with(""))).isFalse();
    }

    private static Settings with(String text) {
        return Settings.of(ConfigFactory.parseString(text).withFallback(ConfigFactory.parseResources("reference.conf"))
                .resolve(ConfigResolveOptions.noSystem()));
    }
}
