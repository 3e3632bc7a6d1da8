package io.parley.bridge.user;

import io.parley.protocol.log.UserCommand;

/** Decides what follows from one kind of command to a user. Pure: the same state, command and time give the same decision. */
@FunctionalInterface
public interface UserHandling {
    /**
     * Decides; changes nothing.
     *
     * @param nowMillis the command record's time, epoch milliseconds
     */
    UserDecision decide(UserState state, UserCommand command, long nowMillis);
}
