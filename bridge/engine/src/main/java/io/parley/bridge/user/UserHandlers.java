package io.parley.bridge.user;

import io.parley.bridge.Handlers;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.log.UserCommand.CommandCase;
import java.util.Set;

/** The handlers of the commands to a user. */
public final class UserHandlers {
    /** What a feature contributes. */
    public interface Feature {
        /** Puts the feature's handlers in. */
        void register(UserHandlers handlers);
    }

    private final Handlers<CommandCase, UserHandling> handlers = new Handlers<>(CommandCase.class);

    /** That kind of command is decided so. */
    public UserHandlers on(CommandCase kind, UserHandling handling) {
        handlers.on(kind, handling);
        return this;
    }

    /** The kinds of commands that are decided. */
    public Set<CommandCase> kinds() {
        return handlers.kinds();
    }

    /**
     * Decides by the handler of the command's kind.
     *
     * @throws IllegalArgumentException if no feature handles it
     */
    public UserDecision decide(UserState state, UserCommand command, long nowMillis) {
        UserHandling handling = handlers.get(command.getCommandCase());
        if (handling == null) {
            throw new IllegalArgumentException("unknown command " + command.getCommandCase());
        }
        return handling.decide(state, command, nowMillis);
    }
}
