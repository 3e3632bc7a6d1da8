package io.parley.plugins.acting;

import io.parley.protocol.UserId;
import java.io.IOException;

/** Where the tokens of bots come from. Called on any thread. */
@FunctionalInterface
public interface BotTokens {
    /**
     * A token that is good for some minutes at least.
     *
     * @throws IOException when there is none; the message says what to do
     */
    String of(UserId bot) throws IOException;
}
