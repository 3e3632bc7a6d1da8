package io.parley.gateway;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.UserCommand;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Appends commands to the log. Never blocks; commands of one key are appended in the order of the calls. */
public interface CommandLog {
    /**
     * Appends a command to a conversation.
     *
     * @param done called on any thread, with null when every in-sync replica has the command, or with what went wrong
     */
    void append(ConversationId conversation, ConversationCommand command, Consumer<@Nullable Exception> done);

    /** Appends a command to a user, likewise. */
    void append(UserId user, UserCommand command, Consumer<@Nullable Exception> done);

    /**
     * Appends a command to every partition of the users.
     *
     * @param taken called on any thread, with each partition whose in-sync replicas have the command
     */
    void appendToAllUsers(UserCommand command, IntConsumer taken);
}
