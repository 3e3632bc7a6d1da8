package io.parley.bridge.user.push;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.bridge.Effect;
import io.parley.bridge.Replies;
import io.parley.bridge.Rows;
import io.parley.bridge.state.TokenOwner;
import io.parley.bridge.user.UserFamily;
import io.parley.protocol.UserId;
import io.parley.protocol.log.ClaimToken;
import io.parley.protocol.log.ReleaseToken;
import io.parley.protocol.log.TokenStep;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.push.PushToken;
import io.parley.protocol.wire.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Who has a push token, in a row under the token's hash. A user gets a token only after the one before has given it up, so that nothing of the one is
 * shown to the other. While a claim waits for that, a later one takes its place.
 */
public final class TokenDirectory {
    /** No user's name begins so. */
    private static final String MARK = "#";

    private static final int HASH_BYTES = 16;

    private final String key;
    private final Rows rows;

    /** @param key as of a command: {@link #isKey} */
    public TokenDirectory(String key, Rows rows) {
        this.key = key;
        this.rows = rows;
    }

    /** Whether a command with that key is about a token, and not about a user. */
    public static boolean isKey(String key) {
        return key.startsWith(MARK);
    }

    /** Which token of all platforms it is. */
    static String hash(PushToken token) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((byte) token.getPlatformValue());
            if (!token.getProvider().isEmpty()) {
                digest.update((token.getProvider() + "\n").getBytes(StandardCharsets.UTF_8));
            }
            byte[] hash = digest.digest(token.getToken().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JRE has SHA-256", e);
        }
    }

    /** Tells the directory something of a token. */
    static Effect tell(String hash, UserCommand command) {
        return new Effect.TellTokenDirectory(MARK + hash, command);
    }

    /** The user has the token no more. */
    static Effect release(UserId user, String hash, long registeredAtMillis) {
        return tell(
                hash,
                UserCommand.newBuilder()
                        .setTokenStep(TokenStep.newBuilder()
                                .setRelease(ReleaseToken.newBuilder()
                                        .setUser(user.value())
                                        .setRegisteredAtMillis(registeredAtMillis)))
                        .build());
    }

    /** Carries out a command about the token. */
    public List<Effect> run(UserCommand command) {
        TokenStep step = command.getTokenStep();
        return switch (step.getStepCase()) {
            case CLAIM -> claim(command, step.getClaim());
            case RELEASE -> release(step.getRelease());
            default -> throw new IllegalArgumentException("unknown step " + step.getStepCase());
        };
    }

    private List<Effect> claim(UserCommand command, ClaimToken claim) {
        TokenOwner owner = owner();
        boolean own = owner.getUser().equals(claim.getUser());
        if (owner.hasWaiting()) {
            put(owner.toBuilder().setWaiting(command));
            UserCommand before = owner.getWaiting();
            return List.of(
                    Replies.error(
                            before.getOrigin(),
                            before.getRequestId(),
                            Replies.refusal(ErrorCode.CONFLICT, "the token was registered again meanwhile")),
                    moved(owner, claim));
        }
        if (owner.getUser().isEmpty() || own) {
            return List.of(owned(command, claim));
        }
        put(owner.toBuilder().setWaiting(command));
        return List.of(moved(owner, claim));
    }

    private static Effect moved(TokenOwner owner, ClaimToken claim) {
        return step(
                owner.getUser(),
                UserCommand.newBuilder(),
                TokenStep.newBuilder()
                        .setMoved(claim.toBuilder().setHeldRegisteredAtMillis(owner.getRegisteredAtMillis())));
    }

    private List<Effect> release(ReleaseToken release) {
        TokenOwner owner = owner();
        // Of an earlier registration nothing is to be released any more.
        if (!owner.getUser().equals(release.getUser())
                || owner.getRegisteredAtMillis() != release.getRegisteredAtMillis()) {
            return List.of();
        }
        if (owner.hasWaiting()) {
            return List.of(
                    owned(owner.getWaiting(), owner.getWaiting().getTokenStep().getClaim()));
        }
        rows.delete(row());
        return List.of();
    }

    private Effect owned(UserCommand command, ClaimToken claim) {
        put(TokenOwner.newBuilder()
                .setUser(claim.getUser())
                .setRegisteredAtMillis(claim.getToken().getRegisteredAtMillis()));
        return step(claim.getUser(), command.toBuilder(), TokenStep.newBuilder().setClaimed(claim));
    }

    private static Effect step(String user, UserCommand.Builder command, TokenStep.Builder step) {
        return new Effect.TellUser(
                UserId.parse(user), command.setTokenStep(step).build());
    }

    private String row() {
        return UserFamily.TOKEN_OWNER.prefix() + key;
    }

    private void put(TokenOwner.Builder owner) {
        rows.put(row(), owner.build().toByteArray());
    }

    private TokenOwner owner() {
        byte[] row = rows.get(row());
        try {
            return row == null ? TokenOwner.getDefaultInstance() : TokenOwner.parseFrom(row);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("state row cannot be read, key=" + row(), e);
        }
    }
}
