package io.parley.push.apns;

import io.parley.runtime.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is set for Apple's service.
 *
 * @param apps those with credentials
 * @param defaultTopic of tokens without a topic
 * @param connections to each server, for each app
 * @param deadline of an attempt: a connection that is to be closed waits as long for its last answers
 * @param production where production tokens go
 * @param sandbox where development tokens go
 */
record ApnsSettings(
        List<ApnsApp> apps,
        Optional<String> defaultTopic,
        int connections,
        Duration deadline,
        ApnsServer production,
        ApnsServer sandbox) {
    static final String APPS = "parley.push.apns.apps";

    /** Among the topics of an app: all that no app names. */
    static final String ALL_OTHERS = "*";

    ApnsSettings {
        apps = List.copyOf(apps);
    }

    static ApnsSettings from(Settings settings) {
        List<ApnsApp> apps = new ArrayList<>();
        for (String name : settings.names(APPS)) {
            ApnsApp.from(settings, name).ifPresent(apps::add);
        }
        Set<String> topics = new HashSet<>();
        for (ApnsApp app : apps) {
            for (String topic : app.topics()) {
                if (!topics.add(topic)) {
                    throw settings.bad(app.key("topics"), "must not name a topic of another app");
                }
            }
        }
        return new ApnsSettings(
                apps,
                settings.optionalText("parley.push.apns.default-topic")
                        .or(() -> apps.size() == 1 ? firstTopic(apps.get(0)) : Optional.empty()),
                settings.integer("parley.push.apns.connections", 1, 100),
                settings.duration("parley.push.deadline"),
                ApnsServer.from(settings, "parley.push.apns.production"),
                ApnsServer.from(settings, "parley.push.apns.sandbox"));
    }

    private static Optional<String> firstTopic(ApnsApp app) {
        return app.topics().stream().filter(topic -> !topic.equals(ALL_OTHERS)).findFirst();
    }
}
