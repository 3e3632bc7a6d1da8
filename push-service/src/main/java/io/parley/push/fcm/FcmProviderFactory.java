package io.parley.push.fcm;

import io.parley.protocol.push.PushPlatform;
import io.parley.push.content.DigestText;
import io.parley.push.provider.PushProvider;
import io.parley.push.provider.PushProviderFactory;
import io.parley.runtime.Settings;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;

/** Opens {@link FcmProvider} where service accounts are set. */
public final class FcmProviderFactory implements PushProviderFactory {

    @Override
    public PushPlatform platform() {
        return PushPlatform.FCM;
    }

    @Override
    public String credentialsKey() {
        return FcmSettings.ACCOUNTS;
    }

    @Override
    public Optional<PushProvider> open(Settings settings) {
        return FcmSettings.from(settings).map(found -> open(settings, found));
    }

    private static PushProvider open(Settings settings, FcmSettings found) {
        try {
            return new FcmProvider(found, DigestText.from(settings), Clock.systemUTC());
        } catch (IOException e) {
            throw settings.bad(
                    FcmSettings.ACCOUNTS, "must name readable files of service accounts (" + e.getMessage() + ")");
        }
    }
}
