package io.parley.push.sink;

import io.parley.runtime.Settings;
import java.nio.file.Path;

/**
 * {@code parley.push-sink}.
 *
 * @param directory where keys and what was accepted are kept
 * @param operationsPort TCP port of /healthz and /metrics
 * @param apnsPort TCP port of Apple's counterpart
 * @param fcmPort TCP port of Google's
 * @param webPushPort TCP port of the browsers'
 */
record SinkSettings(Path directory, int operationsPort, int apnsPort, int fcmPort, int webPushPort) {

    static SinkSettings from(Settings settings) {
        return new SinkSettings(
                Path.of(settings.text("parley.push-sink.directory")),
                settings.port("parley.push-sink.operations-port"),
                settings.port("parley.push-sink.apns-port"),
                settings.port("parley.push-sink.fcm-port"),
                settings.port("parley.push-sink.web-push-port"));
    }

    /** The keys' folder. */
    Path keys() {
        return directory.resolve("push-sink");
    }

    /** What was accepted. */
    Path log() {
        return directory.resolve("push-sink.jsonl");
    }
}
