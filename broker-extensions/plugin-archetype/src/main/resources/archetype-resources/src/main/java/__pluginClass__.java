package ${package};

import io.parley.plugin.FilterTerms;
import io.parley.plugin.FilterTerms.WhenMissed;
import io.parley.plugin.Plugin;
import io.parley.plugin.PluginContext;
import io.parley.plugin.Publication;
import io.parley.plugin.Verdict;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/**
 * Writes messages that begin with {@code !} in capitals, and refuses those that shout without it: replace this by what your plugin does. Its setting, in
 * {@code ${artifactId}.properties} beside the jar: {@code longest}, so many capitals are no shouting.
 */
public final class ${pluginClass} implements Plugin {
    @Override
    public void start(PluginContext context) {
        int longest = Integer.parseInt(context.settings().getOrDefault("longest", "20"));
        context.filter(
                publication -> CompletableFuture.completedFuture(decide(publication, longest)),
                new FilterTerms(Duration.ofMillis(200), WhenMissed.PASS));
    }

    private static Verdict decide(Publication publication, int longest) {
        String text = publication.text().orElse("");
        if (text.startsWith("!")) {
            return Verdict.changeText(text.substring(1).toUpperCase(Locale.ROOT));
        }
        if (text.length() > longest && text.equals(text.toUpperCase(Locale.ROOT))) {
            return Verdict.refuse("do not shout");
        }
        return Verdict.pass();
    }
}
