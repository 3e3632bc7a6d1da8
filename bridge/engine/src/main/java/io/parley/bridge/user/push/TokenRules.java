package io.parley.bridge.user.push;

import static io.parley.bridge.user.Connections.isConnected;

import io.parley.bridge.Replies;
import io.parley.bridge.state.Device;
import io.parley.bridge.state.TokenRow;
import io.parley.bridge.user.PushLimits;
import io.parley.bridge.user.UserChange;
import io.parley.bridge.user.UserDecision;
import io.parley.bridge.user.UserState;
import io.parley.protocol.log.ClaimToken;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.TokenStep;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.push.PushPlatform;
import io.parley.protocol.push.PushToken;
import io.parley.protocol.push.TokenGone;
import io.parley.protocol.wire.RegisterPush;
import io.parley.protocol.wire.UnregisterPush;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A user's push tokens. Each is bound to a device: it goes with the device, or when the device was not seen for long. Registering asks the
 * {@link TokenDirectory} first, so that no two users have the same token.
 */
public final class TokenRules {
    /** So much later a device is seen again. */
    private static final long SEEN_AGAIN_MILLIS = Duration.ofHours(12).toMillis();

    private final PushLimits limits;

    TokenRules(PushLimits limits) {
        this.limits = limits;
    }

    UserDecision register(UserState state, UserCommand command, RegisterPush wish, long nowMillis) {
        Origin origin = command.getOrigin();
        PushToken.Builder token = PushToken.newBuilder()
                .setPlatform(wish.getPlatform())
                .setToken(wish.getToken())
                .setTopic(wish.getTopic())
                .setEnvironment(wish.getEnvironment())
                .setProvider(wish.getProvider())
                .setDevice(origin.getDevice())
                .setRegisteredAtMillis(nowMillis);
        if (wish.getPlatform() == PushPlatform.WEB_PUSH) {
            token.setP256Dh(wish.getWebPush().getP256Dh())
                    .setAuth(wish.getWebPush().getAuth());
        }
        ClaimToken claim = ClaimToken.newBuilder()
                .setUser(state.id().value())
                .setToken(token)
                .build();
        return UserDecision.none()
                .and(TokenDirectory.tell(
                        TokenDirectory.hash(claim.getToken()),
                        UserCommand.newBuilder()
                                .setOrigin(origin)
                                .setRequestId(command.getRequestId())
                                .setTokenStep(TokenStep.newBuilder().setClaim(claim))
                                .build()));
    }

    public UserDecision step(UserState state, UserCommand command, long nowMillis) {
        TokenStep step = command.getTokenStep();
        if (step.hasMoved()) {
            return moved(state, step.getMoved());
        }
        return claimed(state, command, step.getClaimed().getToken(), nowMillis);
    }

    /** Whether or not the user still has it, the directory waits for an answer. */
    private static UserDecision moved(UserState state, ClaimToken claim) {
        String hash = TokenDirectory.hash(claim.getToken());
        UserDecision decision = UserDecision.none();
        if (state.push().token(hash) != null) {
            decision.and(new UserChange.TokenRemoved(hash));
        }
        return decision.and(TokenDirectory.release(state.id(), hash, claim.getHeldRegisteredAtMillis()));
    }

    private UserDecision claimed(UserState state, UserCommand command, PushToken token, long nowMillis) {
        String hash = TokenDirectory.hash(token);
        UserDecision decision = UserDecision.none();
        if (!state.isKnown()) {
            // Erased meanwhile.
            return decision.and(TokenDirectory.release(state.id(), hash, token.getRegisteredAtMillis()));
        }
        Map<String, TokenRow> others = new LinkedHashMap<>(state.push().tokens());
        others.remove(hash);
        evict(decision, state, others, token.getDevice(), limits.deviceTokens() - 1);
        evict(decision, state, others, "", limits.tokens() - 1);
        return decision.and(set(hash, token, nowMillis)).and(Replies.ok(command.getOrigin(), command.getRequestId()));
    }

    /** @param device whose tokens count; empty: all */
    private static void evict(
            UserDecision decision, UserState state, Map<String, TokenRow> tokens, String device, int most) {
        tokens.entrySet().stream()
                .filter(entry -> device.isEmpty()
                        || entry.getValue().getToken().getDevice().equals(device))
                .sorted(Comparator.comparing((Map.Entry<String, TokenRow> entry) ->
                                entry.getValue().getSeenMillis())
                        .reversed())
                .skip(most)
                .toList()
                .forEach(entry -> {
                    remove(decision, state, entry.getKey(), entry.getValue());
                    tokens.remove(entry.getKey());
                });
    }

    private UserChange set(String hash, PushToken token, long seenMillis) {
        return new UserChange.TokenSet(
                hash,
                TokenRow.newBuilder()
                        .setToken(token)
                        .setSeenMillis(seenMillis)
                        .setDueMillis(seenMillis + limits.forgottenMillis())
                        .build());
    }

    private static void remove(UserDecision decision, UserState state, String hash, TokenRow row) {
        decision.and(new UserChange.TokenRemoved(hash))
                .and(TokenDirectory.release(state.id(), hash, row.getToken().getRegisteredAtMillis()));
    }

    static UserDecision unregister(UserState state, UserCommand command, UnregisterPush wish) {
        UserDecision decision = UserDecision.none();
        state.push().tokens().forEach((hash, row) -> {
            if (row.getToken().getToken().equals(wish.getToken())) {
                remove(decision, state, hash, row);
            }
        });
        return decision.and(Replies.ok(command.getOrigin(), command.getRequestId()));
    }

    /** A provider knows no such token. If it was registered since, the provider spoke of the time before. */
    public static UserDecision gone(UserState state, TokenGone gone) {
        UserDecision decision = UserDecision.none();
        String hash = TokenDirectory.hash(PushToken.newBuilder()
                .setPlatform(gone.getPlatform())
                .setToken(gone.getToken())
                .setProvider(gone.getProvider())
                .build());
        TokenRow row = state.push().token(hash);
        if (row != null && row.getToken().getRegisteredAtMillis() <= gone.getAsOfMillis()) {
            remove(decision, state, hash, row);
        }
        return decision;
    }

    /** The user removed the device. */
    static void deviceRemoved(UserDecision decision, UserState state, String device) {
        state.push().tokens().forEach((hash, row) -> {
            if (row.getToken().getDevice().equals(device)) {
                remove(decision, state, hash, row);
            }
        });
    }

    /** The user is erased. The rows go with the others. */
    static void releaseAll(UserDecision decision, UserState state) {
        state.push()
                .tokens()
                .forEach((hash, row) -> decision.and(
                        TokenDirectory.release(state.id(), hash, row.getToken().getRegisteredAtMillis())));
    }

    /** A device connected. */
    void seen(UserDecision decision, UserState state, String device, long nowMillis) {
        state.push().tokens().forEach((hash, row) -> {
            boolean own = row.getToken().getDevice().equals(device);
            if (own && nowMillis - row.getSeenMillis() > SEEN_AGAIN_MILLIS) {
                decision.and(set(hash, row.getToken(), nowMillis));
            }
        });
    }

    /** Forgets tokens whose devices were not seen for long. */
    public void due(UserDecision decision, UserState state, long nowMillis) {
        state.push().tokens().forEach((hash, row) -> {
            if (row.getDueMillis() > nowMillis) {
                return;
            }
            Device device = state.devices().get(row.getToken().getDevice());
            if (device != null && isConnected(device)) {
                decision.and(set(hash, row.getToken(), nowMillis));
            } else {
                remove(decision, state, hash, row);
            }
        });
    }
}
