package io.parley.push.plugins;

import io.parley.protocol.push.PushPlatform;
import io.parley.push.content.DigestText;
import io.parley.push.provider.PushProvider;
import io.parley.push.provider.PushProviderFactory;
import io.parley.runtime.Settings;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Opens {@link PluginPushProvider} where push systems are named. */
public final class PluginPushFactory implements PushProviderFactory {
    private static final String NAMES = "parley.push.plugins";
    private static final String ADDRESS = "parley.plugins.address";
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,32}");
    private static final Pattern HOST_AND_PORT = Pattern.compile("[^/:\\s]+:\\d{1,5}");

    @Override
    public PushPlatform platform() {
        return PushPlatform.PLUGIN;
    }

    @Override
    public String credentialsKey() {
        return NAMES;
    }

    @Override
    public Optional<PushProvider> open(Settings settings) {
        if (settings.optionalText(NAMES).isEmpty()) {
            return Optional.empty();
        }
        Set<String> names = Set.copyOf(settings.list(NAMES));
        if (!names.stream().allMatch(name -> NAME.matcher(name).matches())) {
            throw settings.bad(NAMES, "must be names of 1-32 of a-z, 0-9 and -, comma-separated");
        }
        String address = settings.optionalText(ADDRESS).orElse("");
        if (!HOST_AND_PORT.matcher(address).matches()) {
            throw settings.bad(ADDRESS, "must be host:port of the plugin service, since " + NAMES + " is set");
        }
        return Optional.of(new PluginPushProvider(
                URI.create("http://" + address),
                names,
                DigestText.from(settings),
                settings.duration("parley.push.deadline")));
    }
}
