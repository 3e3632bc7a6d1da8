package io.parley.plugins;

import io.parley.identity.DevKeys;
import io.parley.plugins.acting.BotTokens;
import io.parley.plugins.acting.Bots;
import io.parley.plugins.acting.FileTokens;
import io.parley.plugins.acting.SignedTokens;
import io.parley.plugins.running.PluginCalls;
import io.parley.runtime.JwtSettings;
import io.parley.runtime.Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The settings of this service.
 *
 * @param bind address to listen on
 * @param port for nodes
 * @param operationsPort for operators
 * @param folder of the plugins
 * @param limits of each plugin
 * @param failures after which a plugin is switched off
 * @param bots as which plugins act
 */
record PluginSettings(
        String bind, int port, int operationsPort, Path folder, PluginCalls.Limits limits, int failures, Bots bots) {

    private static final String BOT_KEYS = "parley.plugins.bot-keys";

    static PluginSettings from(Settings settings) {
        return new PluginSettings(
                settings.text("parley.bind"),
                settings.port("parley.plugins.port"),
                settings.port("parley.plugins.operations-port"),
                Path.of(settings.text("parley.plugins.folder")),
                new PluginCalls.Limits(
                        settings.integer("parley.plugins.threads", 1, 64),
                        settings.integer("parley.plugins.calls-waiting", 1, 100_000)),
                settings.integer("parley.plugins.failures", 1, 1000),
                bots(settings));
    }

    private static Bots bots(Settings settings) {
        String api = settings.text("parley.plugins.api");
        try {
            return new Bots(URI.create(api), settings.list("parley.plugins.bots"), tokens(settings));
        } catch (IllegalArgumentException e) {
            throw settings.bad("parley.plugins.api", "must be the URL of the HTTP API");
        }
    }

    private static BotTokens tokens(Settings settings) {
        Optional<String> keys = settings.optionalText(BOT_KEYS);
        if (keys.isPresent()) {
            JwtSettings jwt = JwtSettings.from(settings);
            try {
                return new SignedTokens(DevKeys.openOrCreate(Path.of(keys.get()), jwt.issuer(), jwt.audience()));
            } catch (IOException e) {
                throw settings.bad(BOT_KEYS, "must be a folder with the platform's own keys: " + e.getMessage());
            }
        }
        return settings.optionalText("parley.plugins.bot-tokens")
                .<BotTokens>map(folder -> new FileTokens(Path.of(folder)))
                .orElse(bot -> {
                    throw new IOException("set parley.plugins.bot-tokens to a folder with " + bot + ".jwt");
                });
    }
}
