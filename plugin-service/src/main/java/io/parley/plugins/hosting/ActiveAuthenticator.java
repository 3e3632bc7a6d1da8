package io.parley.plugins.hosting;

import io.parley.plugin.TokenVerdict;
import io.parley.plugins.running.PluginFigures;
import io.parley.plugins.running.RunningPlugin;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * An authenticator that has to be asked.
 *
 * @param plugin whose it is
 * @param deadline for one token
 * @param running null while it is switched off
 * @param figures of its plugin
 */
public record ActiveAuthenticator(
        String plugin, Duration deadline, @Nullable RunningPlugin running, PluginFigures figures) {

    /** What it says of a token; fails when it says nothing. */
    public CompletableFuture<TokenVerdict> authenticate(String token) {
        return running == null
                ? CompletableFuture.failedFuture(new IllegalStateException("the plugin is switched off"))
                : running.authenticate(token);
    }
}
