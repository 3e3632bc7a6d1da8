package io.parley.examples.autoresponder;

import io.parley.plugin.ChatClient;
import io.parley.plugin.ChatException;
import io.parley.plugin.Event;
import io.parley.plugin.Plugin;
import io.parley.plugin.PluginContext;
import io.parley.plugin.SubscriptionTerms;
import java.util.concurrent.ExecutionException;

/**
 * Answers messages that begin with a word. Settings, in {@code auto-responder.properties}: {@code bot}, the user who answers (default {@code bot-help});
 * {@code word} (default {@code /help}); {@code answer}. The bot has to be a member of the conversation.
 */
public final class AutoResponder implements Plugin {
    @Override
    public void start(PluginContext context) {
        String bot = context.settings().getOrDefault("bot", "bot-help");
        String word = context.settings().getOrDefault("word", "/help");
        String answer = context.settings().getOrDefault("answer", "Write to the operators' group for help.");
        ChatClient client = context.client(bot);
        context.subscribe("answers", event -> answer(client, event, word, answer), SubscriptionTerms.usual());
    }

    private static void answer(ChatClient client, Event event, String word, String answer) throws Exception {
        if (event.from().equals(client.user())
                || event.text().filter(text -> text.startsWith(word)).isEmpty()) {
            return;
        }
        try {
            // The same event again is the same id, and so the same message: it comes once.
            client.send(event.conversation(), "auto-" + event.seq(), answer)
                    .toCompletableFuture()
                    .get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ChatException refused && !refused.isRepeatable()) {
                // Such as: it is no member. Another attempt would not help.
                return;
            }
            throw e;
        }
    }
}
