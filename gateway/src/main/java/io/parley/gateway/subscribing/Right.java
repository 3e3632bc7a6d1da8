package io.parley.gateway.subscribing;

import io.parley.protocol.log.Attached;
import io.parley.protocol.wire.Error;
import org.jspecify.annotations.Nullable;

/**
 * Whether a user may publish to a conversation.
 *
 * @param permission GRANTED, DENIED or UNKNOWN
 * @param refusal why a conversation of two may not begin; null: it has begun, or may
 */
public record Right(Permission permission, @Nullable Error refusal) {
    /** What the node knows by itself. */
    public static Right of(boolean member) {
        return new Right(member ? Permission.GRANTED : Permission.DENIED, null);
    }

    /** What the engine answered; null: nothing. */
    public static Right of(@Nullable Attached answer) {
        if (answer == null) {
            return new Right(Permission.UNKNOWN, null);
        }
        return answer.hasRefused() ? new Right(Permission.DENIED, answer.getRefused()) : of(answer.getMember());
    }
}
