package io.parley.examples.hostileplugin;

import io.parley.plugin.FilterTerms;
import io.parley.plugin.FilterTerms.WhenMissed;
import io.parley.plugin.Plugin;
import io.parley.plugin.PluginContext;
import io.parley.plugin.PluginRequest;
import io.parley.plugin.Publication;
import io.parley.plugin.RequestRefusedException;
import io.parley.plugin.TokenVerdict;
import io.parley.plugin.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Does what a message's text, or a token, says. */
public final class HostilePlugin implements Plugin {
    private static final int MIB = 1 << 20;
    private static final List<byte[]> EATEN = new ArrayList<>();
    private static volatile boolean going = true;

    @Override
    public void start(PluginContext context) {
        context.handle("echo", HostilePlugin::echo);
        if (Boolean.parseBoolean(context.settings().get("tokens"))) {
            context.authenticate(HostilePlugin::authenticate, Duration.ofMillis(200));
        }
        context.filter(
                HostilePlugin::filter,
                new FilterTerms(
                        Duration.ofMillis(Long.parseLong(context.settings().getOrDefault("deadline", "1000"))),
                        WhenMissed.valueOf(context.settings().getOrDefault("when-missed", "PASS"))));
    }

    private static CompletionStage<String> echo(PluginRequest request) throws RequestRefusedException {
        return switch (request.body()) {
            case "refuse" -> throw new RequestRefusedException("as you wished");
            case "throw" -> throw new IllegalStateException("as it was told");
            default ->
                CompletableFuture.completedFuture(request.user() + "/" + request.device() + " says " + request.body());
        };
    }

    private static CompletionStage<TokenVerdict> authenticate(String token) {
        return switch (token) {
            case "hostile: never" -> new CompletableFuture<>();
            case "hostile: throw" -> throw new IllegalStateException("as it was told");
            case "hostile: null" -> CompletableFuture.completedFuture(null);
            case "hostile: nobody" -> accepted("No User", List.of());
            case "hostile: topics" -> accepted("ann", List.of("t".repeat(9_000)));
            case "hostile: for ever" ->
                CompletableFuture.completedFuture(TokenVerdict.accept("ann", Instant.EPOCH, Instant.MAX));
            default -> CompletableFuture.completedFuture(TokenVerdict.unknown());
        };
    }

    private static CompletionStage<TokenVerdict> accepted(String user, List<String> topics) {
        Instant now = Instant.now();
        return CompletableFuture.completedFuture(
                TokenVerdict.accept(user, now, now.plusSeconds(60)).withTopics(topics, topics));
    }

    private static CompletionStage<Verdict> filter(Publication publication) throws Exception {
        switch (publication.text().orElse("")) {
            case "hostile: hang" -> TimeUnit.MINUTES.sleep(1);
            case "hostile: never" -> {
                return new CompletableFuture<>();
            }
            case "hostile: throw" -> throw new IllegalStateException("as it was told");
            case "hostile: recurse" -> recurse(0);
            case "hostile: spin" -> spin();
            case "hostile: eat" -> {
                while (true) {
                    EATEN.add(new byte[MIB]);
                }
            }
            case "hostile: nibble" -> EATEN.add(new byte[4 * MIB]);
            default -> {}
        }
        return CompletableFuture.completedFuture(Verdict.pass());
    }

    private static int recurse(int depth) {
        return depth < 0 ? 0 : recurse(depth + 1) + depth;
    }

    private static void spin() {
        while (going) {
            Thread.onSpinWait();
        }
    }
}
