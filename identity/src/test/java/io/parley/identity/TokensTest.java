package io.parley.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.parley.identity.TokenAuthority.Asked;
import io.parley.identity.Verification.Reason;
import io.parley.identity.Verification.Refused;
import io.parley.identity.Verification.Verified;
import io.parley.protocol.UserId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tokens that others know: who is asked when, and what is remembered. */
class TokensTest {
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private static final UserId ALICE = UserId.parse("alice");
    private static final Duration LONGEST = Duration.ofDays(30);

    private final SetClock clock = new SetClock();
    private final PlayedAuthority authority = new PlayedAuthority();
    private Instant notBefore = Instant.MIN;
    private final Tokens tokens = tokens(Duration.ofMinutes(1));

    private Tokens tokens(Duration life) {
        return Tokens.with(
                new TokenVerifier(new NoKeys(), "parley", "parley", LONGEST, user -> notBefore, clock),
                authority,
                new Tokens.Memory(life, 100),
                clock);
    }

    private Verification check(String token) {
        return tokens.check(token).toCompletableFuture().join();
    }

    private static Verified alice(Instant expiresAt) {
        return new Verified(ALICE, NOW, expiresAt, new TopicClaims(List.of("a/#"), List.of("b")));
    }

    @Test
    void parleys_own_tokens_are_never_shown_to_others_unless_they_are_asked_about_all() throws Exception {
        String own = jwt("parley");
        assertThat(check(own)).isEqualTo(new Refused(Reason.ALGORITHM));
        assertThat(authority.questions).isEmpty();

        check(jwt("someone"));
        assertThat(authority.questions).hasSize(1);

        authority.asked = Asked.ALL;
        check(own);
        assertThat(authority.questions).hasSize(2).contains(own);

        authority.asked = Asked.NONE;
        assertThat(check("opaque")).isEqualTo(new Refused(Reason.MALFORMED));
        assertThat(authority.questions).hasSize(2);
    }

    @Test
    void nothing_and_what_is_too_long_is_refused_without_a_question() {
        assertThat(check("")).isEqualTo(new Refused(Reason.MALFORMED));
        assertThat(check("x".repeat(8 * 1024 + 1))).isEqualTo(new Refused(Reason.MALFORMED));
        assertThat(authority.questions).isEmpty();
        check("x".repeat(8 * 1024));
        assertThat(authority.questions).hasSize(1);
    }

    @Test
    void an_answer_is_remembered_for_its_time_and_no_longer_than_its_token() {
        authority.answer = alice(NOW.plusSeconds(90));
        assertThat(check("opaque")).isEqualTo(authority.answer);
        clock.now = NOW.plusSeconds(59);
        assertThat(check("opaque")).isEqualTo(authority.answer);
        assertThat(authority.questions).hasSize(1);
        clock.now = NOW.plusSeconds(91);
        assertThat(check("opaque")).isEqualTo(new Refused(Reason.EXPIRED));
    }

    @Test
    void a_revocation_counts_for_what_is_remembered_too() {
        authority.answer = alice(NOW.plusSeconds(90));
        assertThat(check("opaque")).isInstanceOf(Verified.class);

        notBefore = NOW;
        assertThat(check("opaque")).isEqualTo(new Refused(Reason.REVOKED));
        notBefore = Instant.MAX;
        assertThat(check("opaque")).isEqualTo(new Refused(Reason.REVOCATIONS_UNKNOWN));
        assertThat(authority.questions).hasSize(1);
    }

    @Test
    void a_token_is_good_no_longer_than_any_token_may_be() {
        authority.answer = alice(NOW.plus(Duration.ofDays(365)));

        assertThat(check("opaque"))
                .isInstanceOfSatisfying(
                        Verified.class, token -> assertThat(token.expiresAt()).isEqualTo(NOW.plus(LONGEST)));
    }

    @Test
    void without_an_answer_it_is_not_refused_for_good_and_asked_about_again() {
        authority.failure = new IllegalStateException("away");
        assertThat(check("opaque")).isEqualTo(new Refused(Reason.UNANSWERED));

        authority.failure = null;
        authority.answer = alice(NOW.plusSeconds(90));
        assertThat(check("opaque")).isInstanceOf(Verified.class);
    }

    @Test
    void what_is_not_to_be_remembered_is_asked_each_time() {
        Tokens forgetful = tokens(Duration.ZERO);
        authority.answer = alice(NOW.plusSeconds(90));
        for (int i = 1; i <= 3; i++) {
            assertThat(forgetful.check("opaque").toCompletableFuture().join()).isInstanceOf(Verified.class);
            assertThat(authority.questions).hasSize(i);
        }
    }

    @Test
    void equal_questions_at_the_same_time_are_one() {
        CompletableFuture<Verification> held = new CompletableFuture<>();
        authority.held = held;
        CompletionStage<Verification> first = tokens.check("opaque");
        CompletionStage<Verification> second = tokens.check("opaque");
        tokens.check("another");
        assertThat(authority.questions).containsExactly("opaque", "another");

        held.complete(new Refused(Reason.DENIED, "no such token"));
        assertThat(first.toCompletableFuture()).isCompletedWithValue(new Refused(Reason.DENIED, "no such token"));
        assertThat(second.toCompletableFuture()).isCompletedWithValue(new Refused(Reason.DENIED, "no such token"));
    }

    /** Of an algorithm that is not Parley's, so that no key is needed. */
    private static String jwt(String issuer) throws Exception {
        SignedJWT token = new SignedJWT(
                new JWSHeader(JWSAlgorithm.HS256),
                new JWTClaimsSet.Builder().issuer(issuer).subject("alice").build());
        token.sign(new MACSigner("0".repeat(32)));
        return token.serialize();
    }

    private static final class NoKeys implements KeySet {
        @Override
        public List<JWK> keys() {
            return List.of();
        }

        @Override
        public List<JWK> keysAfterMiss() {
            return List.of();
        }
    }

    private static final class PlayedAuthority implements TokenAuthority {
        private final List<String> questions = new ArrayList<>();
        private Asked asked = Asked.OTHERS;
        private Verification answer = new Refused(Reason.DENIED);
        private @Nullable RuntimeException failure;
        private @Nullable CompletableFuture<Verification> held;

        @Override
        public Asked asked() {
            return asked;
        }

        @Override
        public CompletionStage<Verification> ask(String token) {
            questions.add(token);
            if (held != null) {
                return held;
            }
            return failure == null
                    ? CompletableFuture.completedFuture(answer)
                    : CompletableFuture.failedFuture(failure);
        }
    }

    private static final class SetClock extends Clock {
        private Instant now = NOW;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
