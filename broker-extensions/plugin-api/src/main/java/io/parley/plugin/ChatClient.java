package io.parley.plugin;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** Acts as a bot, over the HTTP API: what a bot may do is what every user may. Its methods return at once and complete on any thread. */
public interface ChatClient {
    /** The user who acts. */
    String user();

    /**
     * Sends a message.
     *
     * @param conversation the conversation's id, or {@code @user}
     * @param id the message's id, 1-36 of [A-Za-z0-9_-]: the same id is the same message, so that an attempt may be repeated
     * @return done when the log has it; fails with a {@link ChatException}
     */
    CompletionStage<Void> send(String conversation, String id, String text);

    /**
     * Makes a group, whose owner is the bot.
     *
     * @return the conversation's id; fails with a {@link ChatException}
     */
    CompletionStage<String> createGroup(String name, List<String> members);

    /**
     * Any request of {@code POST /v1/requests}: add and remove members, rename, list …
     *
     * @param json the request's body
     * @return the reply's body; fails with a {@link ChatException}
     */
    CompletionStage<String> request(String json);
}
