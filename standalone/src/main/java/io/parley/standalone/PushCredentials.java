package io.parley.standalone;

import io.parley.runtime.Settings;
import java.util.stream.Stream;

/** Whether the push service has somebody to send to by its settings: with credentials of any platform it belongs to the platform on this machine. */
public final class PushCredentials {
    private static final String APNS_APPS = "parley.push.apns.apps";

    private PushCredentials() {}

    /** Whether there are any. Whether they are good is found out by the push service. */
    public static boolean areIn(Settings settings) {
        Stream<String> apns = settings.names(APNS_APPS).stream()
                .flatMap(app ->
                        Stream.of("key-file", "certificate-file").map(file -> APNS_APPS + "." + app + "." + file));
        Stream<String> others =
                Stream.of("parley.push.fcm.service-accounts", "parley.push.web-push.vapid-key", "parley.push.plugins");
        return Stream.concat(apns, others)
                .anyMatch(key -> settings.optionalText(key).isPresent());
    }
}
