package io.parley.plugins.hosting;

import io.parley.plugin.Publication;
import io.parley.plugin.Verdict;
import io.parley.plugins.running.PluginFigures;
import io.parley.plugins.running.RunningPlugin;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A filter that has to be asked.
 *
 * @param plugin whose it is
 * @param deadline for one publication
 * @param refuses whether what it does not decide on is refused
 * @param running null while it is switched off
 * @param figures of its plugin
 */
public record ActiveFilter(
        String plugin,
        Duration deadline,
        boolean refuses,
        @Nullable RunningPlugin running,
        PluginFigures figures) {

    /** Its verdict; fails when there is none. */
    public CompletableFuture<Verdict> filter(Publication publication) {
        return running == null
                ? CompletableFuture.failedFuture(new IllegalStateException("the plugin is switched off"))
                : running.filter(publication);
    }
}
