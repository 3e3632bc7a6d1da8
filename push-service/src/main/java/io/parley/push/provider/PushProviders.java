package io.parley.push.provider;

import io.parley.protocol.push.PushPlatform;
import io.parley.runtime.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the providers on the class path. */
public final class PushProviders {
    private static final Logger LOG = LoggerFactory.getLogger(PushProviders.class);
    private static final String FACTORIES = "parley.push.factories";
    private static final List<PushPlatform> PLATFORMS =
            List.of(PushPlatform.APNS, PushPlatform.FCM, PushPlatform.WEB_PUSH, PushPlatform.PLUGIN);

    private PushProviders() {}

    /**
     * One provider for each platform. A platform without credentials has one that sends nothing, and says so of each notification; here it is told once.
     *
     * @throws io.parley.runtime.BadSetting when credentials cannot be used, or it is not clear which factory to take
     */
    public static List<PushProvider> open(Settings settings) {
        Map<PushPlatform, PushProviderFactory> factories = factories(settings);
        List<PushProvider> providers = new ArrayList<>();
        for (PushPlatform platform : PLATFORMS) {
            PushProviderFactory factory = factories.get(platform);
            Optional<PushProvider> provider = factory == null ? Optional.empty() : factory.open(settings);
            if (provider.isEmpty()) {
                LOG.warn(
                        "platform={} its notifications are counted and not sent: {}",
                        platform,
                        factory == null
                                ? "there is no provider for it on the class path"
                                : "no credentials, see " + factory.credentialsKey());
            }
            providers.add(provider.orElseGet(() -> new NoProvider(platform)));
        }
        return List.copyOf(providers);
    }

    private static Map<PushPlatform, PushProviderFactory> factories(Settings settings) {
        List<String> preferred =
                Arrays.asList(settings.optionalText(FACTORIES).orElse("").split("\\s*,\\s*", -1));
        Map<PushPlatform, PushProviderFactory> found = new EnumMap<>(PushPlatform.class);
        for (PushProviderFactory factory : ServiceLoader.load(PushProviderFactory.class)) {
            PushProviderFactory other = found.get(factory.platform());
            if (other == null || isPreferred(factory, preferred)) {
                if (other != null && isPreferred(other, preferred)) {
                    throw settings.bad(FACTORIES, "must name one factory for " + factory.platform());
                }
                found.put(factory.platform(), factory);
            } else if (!isPreferred(other, preferred)) {
                throw settings.bad(
                        FACTORIES,
                        "must name the factory for " + factory.platform() + ": "
                                + other.getClass().getName() + " or "
                                + factory.getClass().getName());
            }
        }
        return found;
    }

    private static boolean isPreferred(PushProviderFactory factory, List<String> preferred) {
        return preferred.contains(factory.getClass().getName());
    }
}
