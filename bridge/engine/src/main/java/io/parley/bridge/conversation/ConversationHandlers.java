package io.parley.bridge.conversation;

import io.parley.bridge.Handlers;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.ConversationCommand.CommandCase;
import java.util.Set;

/** The handlers of a conversation's commands. A conversation of two in which nothing was said has some of its own. */
public final class ConversationHandlers {
    /** What a feature contributes. */
    public interface Feature {
        /** Puts the feature's handlers in. */
        void register(ConversationHandlers handlers);
    }

    private final Handlers<CommandCase, Handling> always = new Handlers<>(CommandCase.class);
    private final Handlers<CommandCase, Handling> before = new Handlers<>(CommandCase.class);

    /** That kind of command is decided so. */
    public ConversationHandlers on(CommandCase kind, Handling handling) {
        always.on(kind, handling);
        return this;
    }

    /** In a conversation of two in which nothing was said, that kind of command is decided so. */
    public ConversationHandlers before(CommandCase kind, Handling handling) {
        before.on(kind, handling);
        return this;
    }

    /** The kinds of commands that are decided. */
    public Set<CommandCase> kinds() {
        return always.kinds();
    }

    /**
     * Decides by the handler of the command's kind.
     *
     * @throws IllegalArgumentException if no feature handles it
     */
    public Decision decide(ConversationState state, ConversationCommand command, long nowMillis) {
        CommandCase kind = command.getCommandCase();
        boolean silent = state.id().isDirect() && state.head().getSeq() == 0;
        Handling early = silent ? before.get(kind) : null;
        Handling handling = early == null ? always.get(kind) : early;
        if (handling == null) {
            throw new IllegalArgumentException("unknown command " + kind);
        }
        return handling.decide(state, command, nowMillis);
    }
}
