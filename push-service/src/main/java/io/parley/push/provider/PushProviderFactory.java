package io.parley.push.provider;

import io.parley.protocol.push.PushPlatform;
import io.parley.runtime.Settings;
import java.util.Optional;

/**
 * Opens the provider of one platform from the service's settings. The service finds the factories with {@link java.util.ServiceLoader}: a deployment adds its own
 * as a jar on the class path, with the class's name in {@code META-INF/services/io.parley.push.provider.PushProviderFactory}. When several serve one platform,
 * {@code parley.push.factories} names the class to take. A factory needs a public constructor without parameters.
 */
public interface PushProviderFactory {

    /** The platform of the provider that it opens. */
    PushPlatform platform();

    /** The setting that is missing when {@link #open} returns nothing: the service tells it to the operator. */
    String credentialsKey();

    /**
     * Opens the provider; connects when it has something to send, not now.
     *
     * @return empty if no credentials are set: then the service counts the platform's notifications, and sends none
     * @throws io.parley.runtime.BadSetting when something set cannot be used; the process does not start then. Secrets are never in its message
     */
    Optional<PushProvider> open(Settings settings);
}
