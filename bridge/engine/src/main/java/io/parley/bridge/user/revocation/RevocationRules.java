package io.parley.bridge.user.revocation;

import static io.parley.bridge.user.Connections.close;
import static io.parley.bridge.user.Connections.device;
import static io.parley.bridge.user.Connections.isConnected;

import io.parley.bridge.Effect;
import io.parley.bridge.state.Revocation;
import io.parley.bridge.user.UserChange;
import io.parley.bridge.user.UserDecision;
import io.parley.bridge.user.UserHandlers;
import io.parley.bridge.user.UserState;
import io.parley.protocol.log.CloseConnection.Reason;
import io.parley.protocol.log.TokensRevoked;
import io.parley.protocol.log.UserCommand.CommandCase;
import java.time.Duration;

/**
 * Voids every token that was issued to a user so far. Connections end; sessions stay, and go on with a new token. Where a token is checked without the
 * user machine (HTTP), the same time is known by {@link io.parley.protocol.LogTopics#REVOCATIONS}.
 */
public final class RevocationRules implements UserHandlers.Feature {
    private final long longestLifeMillis;

    /** @param longestLife of a token: after it the row is not needed */
    public RevocationRules(Duration longestLife) {
        this.longestLifeMillis = longestLife.toMillis();
    }

    @Override
    public void register(UserHandlers handlers) {
        handlers.on(CommandCase.REVOKE_TOKENS, (state, command, nowMillis) -> revoke(state, nowMillis));
    }

    /** Whether the token with which a connection came is void. */
    public static boolean isRevoked(UserState state, long issuedAtMillis) {
        return issuedAtMillis > 0 && issuedAtMillis <= state.revocation().getNotBeforeMillis();
    }

    private UserDecision revoke(UserState state, long nowMillis) {
        // The log's clock may be set back; a token that is void stays so.
        long notBefore = Math.max(nowMillis, state.revocation().getNotBeforeMillis());
        UserDecision decision = UserDecision.none()
                .and(new UserChange.TokensRevoked(Revocation.newBuilder()
                        .setNotBeforeMillis(notBefore)
                        .setEndsAtMillis(notBefore + longestLifeMillis)
                        .build()))
                .and(new Effect.TellRevoked(
                        state.id(),
                        TokensRevoked.newBuilder().setNotBeforeMillis(notBefore).build()));
        state.devices().forEach((name, device) -> {
            if (isConnected(device)) {
                decision.and(close(state.id(), name, device, Reason.TOKEN_REVOKED));
            }
            if (device.hasNewcomer()) {
                decision.and(close(state.id(), name, device(device.getNewcomer()), Reason.TOKEN_REVOKED));
            }
        });
        return decision;
    }
}
