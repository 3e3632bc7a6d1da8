package io.parley.plugins.acting;

import io.parley.plugin.ChatClient;
import io.parley.protocol.UserId;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;

/** Makes the clients of plugins. */
public final class Bots {
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();
    private final URI api;
    private final List<String> allowed;
    private final BotTokens tokens;

    /**
     * @param api where the HTTP API is
     * @param allowed user ids that plugins may act as; one that ends in * stands for all that begin so
     */
    public Bots(URI api, List<String> allowed, BotTokens tokens) {
        this.api = api;
        this.allowed = List.copyOf(allowed);
        this.tokens = tokens;
    }

    /**
     * A client that acts as a bot.
     *
     * @throws IllegalArgumentException when plugins may not act as that user
     */
    public ChatClient client(String bot) {
        if (!UserId.isValid(bot) || allowed.stream().noneMatch(pattern -> fits(pattern, bot))) {
            throw new IllegalArgumentException(
                    "plugins may not act as " + bot + ": parley.plugins.bots allows " + String.join(", ", allowed));
        }
        return new HttpChatClient(http, api, UserId.parse(bot), tokens);
    }

    private static boolean fits(String pattern, String bot) {
        return pattern.endsWith("*") ? bot.startsWith(pattern.substring(0, pattern.length() - 1)) : bot.equals(pattern);
    }
}
