package io.parley.push.apns;

import io.parley.runtime.Settings;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where one of Apple's two environments is.
 *
 * @param host name of the server, which its certificate must have
 * @param port TCP port
 * @param trusted a PEM file with the certificates to trust instead of the JVM's
 */
record ApnsServer(String host, int port, Optional<Path> trusted) {

    static ApnsServer from(Settings settings, String key) {
        return new ApnsServer(
                settings.text(key + ".host"),
                settings.integer(key + ".port", 1, 65_535),
                settings.optionalText(key + ".trusted-certificates").map(Path::of));
    }
}
