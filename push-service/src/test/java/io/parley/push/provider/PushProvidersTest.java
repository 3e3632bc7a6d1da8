package io.parley.push.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.parley.protocol.push.Notification;
import io.parley.protocol.push.PushPlatform;
import io.parley.protocol.push.PushToken;
import io.parley.runtime.Settings;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PushProvidersTest {

    @Test
    void a_platform_without_credentials_has_a_provider_that_sends_nothing() {
        List<PushProvider> providers = PushProviders.open(Settings.of(ConfigFactory.defaultReference()));

        assertThat(providers)
                .extracting(PushProvider::platform)
                .containsExactly(PushPlatform.APNS, PushPlatform.FCM, PushPlatform.WEB_PUSH, PushPlatform.PLUGIN);
        assertThat(providers)
                .allSatisfy(provider -> assertThat(
                                provider.send(PushToken.getDefaultInstance(), Notification.getDefaultInstance())
                                        .toCompletableFuture()
                                        .join())
                        .isInstanceOf(PushOutcome.NotConfigured.class));
    }
}
