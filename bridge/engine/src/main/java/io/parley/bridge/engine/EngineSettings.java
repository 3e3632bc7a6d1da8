package io.parley.bridge.engine;

import io.parley.bridge.conversation.ConversationLimits;
import io.parley.bridge.conversation.ConversationSizes;
import io.parley.bridge.user.ConsentLimits;
import io.parley.bridge.user.PushLimits;
import io.parley.bridge.user.UserLimits;
import io.parley.runtime.JwtSettings;
import io.parley.runtime.Settings;
import java.time.Duration;

/**
 * How the engine runs; the keys are explained in reference.conf.
 *
 * @param commitIntervalMillis between transactions
 * @param threads stream threads
 * @param store where the state is kept
 * @param sessionTimeout after which Kafka takes an engine that is silent for dead
 * @param transactionTimeout after which Kafka aborts a transaction of an engine that says nothing
 * @param presenceGraceMillis a user is offline when no device has been connected for so long
 * @param limits what the operator allows in every conversation
 * @param users what the operator allows each user
 * @param push how users are notified
 * @param admissionWait how long a conversation of two remembers that it asks whether it may begin, or may
 */
public record EngineSettings(
        int commitIntervalMillis,
        int threads,
        StoreSettings store,
        Duration sessionTimeout,
        Duration transactionTimeout,
        int presenceGraceMillis,
        ConversationLimits limits,
        UserLimits users,
        PushLimits push,
        Duration admissionWait) {
    /** A node waits for half a minute, and as long for the log after that. */
    private static final Duration SHORTEST_WAIT = Duration.ofMinutes(2);

    private static final Duration LONGEST_WAIT = Duration.ofHours(1);
    private static final Duration SHORTEST_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration SHORTEST_DORMANCY = Duration.ofHours(1);
    private static final Duration LONGEST_DORMANCY = Duration.ofDays(3_650);
    private static final Duration SHORTEST_INVITATION = Duration.ofMinutes(1);
    private static final Duration LONGEST_INVITATION = Duration.ofDays(90);

    /** Reads and checks the settings. */
    public static EngineSettings from(Settings settings) {
        return new EngineSettings(
                settings.integer("parley.engine.commit-interval-millis", 1, 1000),
                settings.integer("parley.engine.threads", 1, 64),
                StoreSettings.from(settings),
                timeout(settings, "parley.engine.session-timeout"),
                timeout(settings, "parley.engine.transaction-timeout"),
                settings.integer("parley.engine.presence-grace-millis", 0, 600_000),
                new ConversationLimits(
                        settings.duration("parley.engine.edit.limit"),
                        settings.duration("parley.engine.delete.limit"),
                        settings.integer("parley.engine.retention.default-days", 0, 3_650),
                        settings.integer("parley.engine.retention.maximum-days", 0, 3_650),
                        settings.integer("parley.engine.retention.device-active-days", 1, 3_650),
                        settings.integer("parley.engine.presence-members", 0, 1024),
                        settings.integer("parley.engine.presence-blocks", 0, 1024),
                        new ConversationSizes(
                                settings.integer(
                                        "parley.engine.limits.group-members", 2, ConversationSizes.MOST_MEMBERS),
                                settings.integer("parley.engine.limits.pins", 1, 1_000)),
                        dormancy(settings)),
                new UserLimits(
                        settings.flag("parley.engine.admission.unknown-users-refused"),
                        settings.integer("parley.engine.limits.conversations", 1, 100_000),
                        settings.integer("parley.engine.limits.conversations-per-hour", 1, 100_000),
                        settings.integer("parley.engine.limits.groups-per-hour", 1, 100_000),
                        settings.integer("parley.engine.limits.settings-per-hour", 1, 100_000),
                        settings.integer("parley.engine.limits.blocked-users", 1, 2_000),
                        settings.integer("parley.engine.limits.remembered-group-requests", 1, 1_000),
                        consent(settings),
                        JwtSettings.longestLife(settings)),
                new PushLimits(
                        settings.integer("parley.engine.push.tokens-per-user", 1, 100),
                        settings.integer("parley.engine.push.tokens-per-device", 1, 100),
                        settings.integer("parley.engine.push.forgotten-after-days", 1, 3_650),
                        settings.flag("parley.engine.push.previews")),
                admissionWait(settings));
    }

    private static Duration dormancy(Settings settings) {
        String key = "parley.engine.dormancy";
        Duration window = settings.duration(key);
        if (window.compareTo(SHORTEST_DORMANCY) < 0 || window.compareTo(LONGEST_DORMANCY) > 0) {
            throw settings.bad(key, "must be from 1h to 3650d");
        }
        return window;
    }

    private static Duration timeout(Settings settings, String key) {
        Duration timeout = settings.duration(key);
        if (timeout.compareTo(SHORTEST_TIMEOUT) < 0 || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
            throw settings.bad(key, "must be from 1s to 60s");
        }
        return timeout;
    }

    private static ConsentLimits consent(Settings settings) {
        String key = "parley.engine.admission.consent";
        String whose = settings.text(key);
        if (!whose.equals("never") && !whose.equals("strangers")) {
            throw settings.bad(key, "must be never or strangers");
        }
        Duration kept = settings.duration("parley.engine.admission.invitation-kept");
        if (kept.compareTo(SHORTEST_INVITATION) < 0 || kept.compareTo(LONGEST_INVITATION) > 0) {
            throw settings.bad("parley.engine.admission.invitation-kept", "must be from 1m to 90d");
        }
        return new ConsentLimits(
                whose.equals("strangers"), settings.integer("parley.engine.admission.invitations", 1, 1_000), kept);
    }

    private static Duration admissionWait(Settings settings) {
        String key = "parley.engine.admission.wait";
        Duration wait = settings.duration(key);
        if (wait.compareTo(SHORTEST_WAIT) < 0 || wait.compareTo(LONGEST_WAIT) > 0) {
            throw settings.bad(key, "must be from 2m to 1h");
        }
        return wait;
    }
}
