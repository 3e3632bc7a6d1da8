package io.parley.push.webpush;

import io.parley.protocol.push.PushPlatform;
import io.parley.push.content.DigestText;
import io.parley.push.provider.PushProvider;
import io.parley.push.provider.PushProviderFactory;
import io.parley.runtime.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.util.Optional;

/** Opens {@link WebPushProvider} where a key is set. */
public final class WebPushProviderFactory implements PushProviderFactory {

    @Override
    public PushPlatform platform() {
        return PushPlatform.WEB_PUSH;
    }

    @Override
    public String credentialsKey() {
        return WebPushSettings.KEY;
    }

    @Override
    public Optional<PushProvider> open(Settings settings) {
        return WebPushSettings.from(settings).map(found -> open(settings, found));
    }

    private static PushProvider open(Settings settings, WebPushSettings found) {
        try {
            return new WebPushProvider(found, DigestText.from(settings), InetAddress::getAllByName, Clock.systemUTC());
        } catch (IOException e) {
            throw settings.bad(WebPushSettings.KEY, "must name a file with a key (" + e.getMessage() + ")");
        }
    }
}
