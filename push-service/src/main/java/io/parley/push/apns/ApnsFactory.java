package io.parley.push.apns;

import io.parley.protocol.push.PushPlatform;
import io.parley.push.content.DigestText;
import io.parley.push.provider.PushProvider;
import io.parley.push.provider.PushProviderFactory;
import io.parley.runtime.BadSetting;
import io.parley.runtime.Settings;
import java.io.IOException;
import java.util.Optional;

/** Opens the provider of Apple's service. */
public final class ApnsFactory implements PushProviderFactory {

    @Override
    public PushPlatform platform() {
        return PushPlatform.APNS;
    }

    @Override
    public String credentialsKey() {
        return ApnsSettings.APPS;
    }

    @Override
    public Optional<PushProvider> open(Settings settings) {
        ApnsSettings apns = ApnsSettings.from(settings);
        if (apns.apps().isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ApnsProvider(apns, DigestText.from(settings)));
        } catch (IOException e) {
            throw new BadSetting("credentials below " + ApnsSettings.APPS + " cannot be used: " + e.getMessage());
        }
    }
}
