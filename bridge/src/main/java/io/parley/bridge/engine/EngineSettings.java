package io.parley.bridge.engine;

import io.parley.bridge.conversation.ConversationLimits;
import io.parley.runtime.Settings;

/**
 * How the engine runs; the keys are explained in reference.conf.
 *
 * @param commitIntervalMillis between transactions
 * @param threads stream threads
 * @param stateDirectory where Streams keeps its lock and checkpoints
 * @param presenceGraceMillis a user is offline when no device has been connected for so long
 * @param limits what the operator allows in every conversation
 */
public record EngineSettings(
        int commitIntervalMillis,
        int threads,
        String stateDirectory,
        int presenceGraceMillis,
        ConversationLimits limits) {
    /** Reads and checks the settings. */
    public static EngineSettings from(Settings settings) {
        return new EngineSettings(
                settings.integer("parley.engine.commit-interval-millis", 1, 1000),
                settings.integer("parley.engine.threads", 1, 64),
                settings.text("parley.engine.state-directory"),
                settings.integer("parley.engine.presence-grace-millis", 0, 600_000),
                new ConversationLimits(
                        settings.duration("parley.engine.edit.limit"),
                        settings.duration("parley.engine.delete.limit"),
                        settings.integer("parley.engine.retention.default-days", 0, 3_650),
                        settings.integer("parley.engine.retention.maximum-days", 0, 3_650),
                        settings.integer("parley.engine.retention.device-active-days", 1, 3_650),
                        settings.integer("parley.engine.presence-members", 0, 1024),
                        settings.integer("parley.engine.presence-blocks", 0, 1024)));
    }
}
