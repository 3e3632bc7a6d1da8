package io.parley.identity;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.parley.identity.TokenAuthority.Asked;
import io.parley.identity.Verification.Reason;
import io.parley.identity.Verification.Refused;
import io.parley.identity.Verification.Verified;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Checks tokens: Parley's own by their signature, others by a question. Equal questions at the same time are one. An answer is remembered under the token's hash, at most until
 * the token ends; whether the token has ended or was revoked is decided anew each time. Safe for any number of threads.
 */
public final class Tokens {
    /** So that a client that comes again and again with a bad token is not a question each time. */
    private static final Duration REFUSAL_REMEMBERED = Duration.ofSeconds(1);

    private final TokenVerifier own;
    private final TokenAuthority authority;
    private final AsyncCache<ByteBuffer, Verification> answers;

    /**
     * How answers are remembered.
     *
     * @param life of an answer at most; zero: none is remembered
     * @param most how many
     */
    public record Memory(Duration life, int most) {
        static final Memory NONE = new Memory(Duration.ZERO, 0);
    }

    private Tokens(TokenVerifier own, TokenAuthority authority, Memory memory, Clock clock) {
        this.own = own;
        this.authority = authority;
        this.answers = Caffeine.newBuilder()
                .maximumSize(memory.most())
                .executor(Runnable::run)
                .expireAfter(Expiry.<ByteBuffer, Verification>creating((key, answer) ->
                        answer instanceof Verified token ? life(token, memory, clock) : REFUSAL_REMEMBERED))
                .buildAsync();
    }

    private static Duration life(Verified token, Memory memory, Clock clock) {
        Duration left = Duration.between(clock.instant(), token.expiresAt());
        if (left.isNegative()) {
            return Duration.ZERO;
        }
        return left.compareTo(memory.life()) < 0 ? left : memory.life();
    }

    /** Parley's own tokens alone. */
    public static Tokens own(TokenVerifier own) {
        return new Tokens(
                own,
                new TokenAuthority() {
                    @Override
                    public Asked asked() {
                        return Asked.NONE;
                    }

                    @Override
                    public CompletionStage<Verification> ask(String token) {
                        return CompletableFuture.completedFuture(new Refused(Reason.DENIED));
                    }
                },
                Memory.NONE,
                Clock.systemUTC());
    }

    /** Those that the authority knows, too. */
    public static Tokens with(TokenVerifier own, TokenAuthority authority, Memory memory) {
        return with(own, authority, memory, Clock.systemUTC());
    }

    static Tokens with(TokenVerifier own, TokenAuthority authority, Memory memory, Clock clock) {
        return new Tokens(own, authority, memory, clock);
    }

    /** Whether the check of this token is a question, whose answer may take a while. */
    public boolean isAsked(String token) {
        if (token.isEmpty() || token.length() > TokenVerifier.MAX_LENGTH) {
            return false;
        }
        Asked asked = authority.asked();
        return asked == Asked.ALL || (asked == Asked.OTHERS && !own.isOwn(token));
    }

    /** Checks a token; never fails. Where it is not asked about, the caller's thread may wait for the keys, as {@link TokenVerifier} says. */
    public CompletionStage<Verification> check(String token) {
        if (!isAsked(token)) {
            return CompletableFuture.completedFuture(own.verify(token));
        }
        return answers.get(
                        Digests.of(token),
                        (key, executor) -> authority.ask(token).toCompletableFuture())
                .handle((answer, failure) -> {
                    if (answer == null) {
                        return new Refused(Reason.UNANSWERED);
                    }
                    return answer instanceof Verified claimed ? own.now(claimed) : answer;
                });
    }
}
