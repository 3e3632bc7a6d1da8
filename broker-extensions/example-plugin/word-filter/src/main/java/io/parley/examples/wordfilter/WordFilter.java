package io.parley.examples.wordfilter;

import io.parley.plugin.FilterTerms;
import io.parley.plugin.FilterTerms.WhenMissed;
import io.parley.plugin.Plugin;
import io.parley.plugin.PluginContext;
import io.parley.plugin.Publication;
import io.parley.plugin.Verdict;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Refuses messages with some words, and masks others. Settings, in {@code word-filter.properties}: {@code refused} and {@code masked}, words separated by commas;
 * {@code when-missed}, {@code pass} (the default) or {@code refuse}.
 */
public final class WordFilter implements Plugin {
    private static final Duration DEADLINE = Duration.ofMillis(500);

    private Optional<Pattern> refused = Optional.empty();
    private Optional<Pattern> masked = Optional.empty();

    @Override
    public void start(PluginContext context) {
        Map<String, String> settings = context.settings();
        refused = words(settings.getOrDefault("refused", ""));
        masked = words(settings.getOrDefault("masked", ""));
        WhenMissed whenMissed = "refuse".equals(settings.get("when-missed")) ? WhenMissed.REFUSE : WhenMissed.PASS;
        context.filter(
                publication -> CompletableFuture.completedFuture(decide(publication)),
                new FilterTerms(DEADLINE, whenMissed));
    }

    private static Optional<Pattern> words(String list) {
        String alternatives = Arrays.stream(list.split(",", -1))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .map(Pattern::quote)
                .collect(Collectors.joining("|"));
        return alternatives.isEmpty()
                ? Optional.empty()
                : Optional.of(Pattern.compile(
                        "(?<!\\w)(?:" + alternatives + ")(?!\\w)",
                        Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.UNICODE_CHARACTER_CLASS));
    }

    private Verdict decide(Publication publication) {
        if (publication.text().isEmpty()) {
            return Verdict.pass();
        }
        String text = publication.text().get();
        if (refused.isPresent() && refused.get().matcher(text).find()) {
            return Verdict.refuse("the message has a word that is not allowed here");
        }
        String shown =
                masked.map(words -> words.matcher(text).replaceAll("***")).orElse(text);
        return shown.equals(text) ? Verdict.pass() : Verdict.changeText(shown);
    }
}
