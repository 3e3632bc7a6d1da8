package io.parley.history.page;

import io.parley.runtime.BadSetting;
import io.parley.runtime.JwtSettings;
import io.parley.runtime.Settings;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The settings of the web page.
 *
 * @param webSocketUrl where browsers reach MQTT over WebSocket; empty: at the page's own host
 * @param webSocketPort its port there
 * @param applicationServerKey the public key for Web Push; empty: the page offers none
 * @param developmentKeys the directory with the key that signs tokens for whoever asks; empty: nobody gets any
 * @param jwt whose tokens are believed
 */
public record PageSettings(
        Optional<URI> webSocketUrl,
        int webSocketPort,
        Optional<String> applicationServerKey,
        Optional<Path> developmentKeys,
        JwtSettings jwt) {
    private static final String URL = "parley.page.websocket-url";
    private static final String SERVER_KEY = "parley.page.application-server-key";
    private static final String TOKENS = "parley.page.development-tokens";

    /** @throws BadSetting when a value is none, or tokens would be given to other machines */
    public static PageSettings from(Settings settings) {
        Optional<Path> developmentKeys = settings.optionalText(TOKENS).map(Path::of);
        if (developmentKeys.isPresent() && !isLoopback(settings.text("parley.bind"))) {
            throw settings.bad(
                    TOKENS, "must be empty unless parley.bind is a loopback address: it signs in whoever asks");
        }
        Optional<String> serverKey = settings.optionalText(SERVER_KEY);
        if (serverKey.isPresent() && !serverKey.get().matches("[A-Za-z0-9_-]{87}")) {
            throw settings.bad(
                    SERVER_KEY, "must be the 87 characters that the push service logs as applicationServerKey");
        }
        return new PageSettings(
                settings.optionalText(URL).map(text -> webSocket(settings, text)),
                settings.integer("parley.page.websocket-port", 1, 65_535),
                serverKey,
                developmentKeys,
                JwtSettings.from(settings));
    }

    private static URI webSocket(Settings settings, String text) {
        try {
            URI url = new URI(text);
            if (("ws".equals(url.getScheme()) || "wss".equals(url.getScheme())) && url.getHost() != null) {
                return url;
            }
        } catch (URISyntaxException e) {
            // Said below, as for an address of another kind.
        }
        throw settings.bad(URL, "must be a ws:// or wss:// address such as wss://chat.example/mqtt");
    }

    private static boolean isLoopback(String bind) {
        try {
            return InetAddress.getByName(bind).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
