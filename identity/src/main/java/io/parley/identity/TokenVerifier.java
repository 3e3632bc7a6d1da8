package io.parley.identity;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.parley.identity.Verification.Reason;
import io.parley.identity.Verification.Refused;
import io.parley.identity.Verification.Verified;
import io.parley.protocol.UserId;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks tokens: signature by a key of the JWK set with RS256, ES256 or EdDSA (Ed25519), {@code iss}, {@code aud}, {@code exp},
 * {@code nbf} and a {@code sub} that is a user id. Safe for any number of threads. Keys from a file cost one look at the file's time
 * per check; keys from a URL may, at the first token and after a rotation, wait up to 5 s for the server, so keep it off event loops.
 */
public final class TokenVerifier {
    private static final Logger LOG = LoggerFactory.getLogger(TokenVerifier.class);
    /** The longest token, in characters. */
    static final int MAX_LENGTH = 8 * 1024;

    private static final long SKEW_SECONDS = 5;

    private final KeySet keySet;
    private final String issuer;
    private final String audience;
    private final Duration longestLife;
    private final Revocations revocations;
    private final Clock clock;
    private final CheckedSignatures signatures = new CheckedSignatures();

    TokenVerifier(
            KeySet keySet, String issuer, String audience, Duration longestLife, Revocations revocations, Clock clock) {
        this.keySet = keySet;
        this.issuer = issuer;
        this.audience = audience;
        this.longestLife = longestLife;
        this.revocations = revocations;
        this.clock = clock;
    }

    /**
     * A verifier with keys from a file or a URL. Neither is read before the first token.
     *
     * @param jwks the path of a file with a JWK set, or an {@code http(s)://} URL of one
     * @param longestLife how long a token is good at most
     * @param revocations which tokens are void
     * @throws IllegalArgumentException when {@code jwks} is neither
     */
    public static TokenVerifier of(
            String jwks, String issuer, String audience, Duration longestLife, Revocations revocations) {
        boolean url = jwks.startsWith("http://") || jwks.startsWith("https://");
        KeySet keys = url ? new UrlKeySet(URI.create(jwks), System::nanoTime) : new FileKeySet(Path.of(jwks));
        return new TokenVerifier(keys, issuer, audience, longestLife, revocations, Clock.systemUTC());
    }

    /** Checks a token in its compact form. */
    public Verification verify(String jwt) {
        if (jwt.length() > MAX_LENGTH) {
            return new Refused(Reason.MALFORMED);
        }
        try {
            return verify(SignedJWT.parse(jwt));
        } catch (ParseException e) {
            // The library refuses "none" and encrypted tokens here as "not signed"; tell the first apart for the
            // metrics.
            return new Refused(isUnsigned(jwt) ? Reason.ALGORITHM : Reason.MALFORMED);
        } catch (IOException e) {
            LOG.warn("token keys cannot be had: {}", e.getMessage());
            return new Refused(Reason.KEYS_UNAVAILABLE);
        }
    }

    /** Whether it says that it is one of the issuer's: a signed JWT with its {@code iss}. Nothing else of it is checked. */
    boolean isOwn(String jwt) {
        try {
            return issuer.equals(SignedJWT.parse(jwt).getJWTClaimsSet().getIssuer());
        } catch (ParseException e) {
            return false;
        }
    }

    private static boolean isUnsigned(String jwt) {
        try {
            com.nimbusds.jwt.PlainJWT.parse(jwt);
            return true;
        } catch (ParseException e) {
            return false;
        }
    }

    private Verification verify(SignedJWT token) throws IOException, ParseException {
        JWSHeader header = token.getHeader();
        boolean critical = header.getCriticalParams() != null
                && !header.getCriticalParams().isEmpty();
        if (critical || !Signatures.ALGORITHMS.contains(header.getAlgorithm())) {
            return new Refused(Reason.ALGORITHM);
        }
        List<JWK> keys = fitting(keySet.keys(), header);
        if (keys.isEmpty()) {
            keys = fitting(keySet.keysAfterMiss(), header);
        }
        if (keys.isEmpty()) {
            return new Refused(Reason.UNKNOWN_KEY);
        }
        if (keys.stream().noneMatch(key -> signatures.verify(token, key))) {
            return new Refused(Reason.SIGNATURE);
        }
        return verify(token.getJWTClaimsSet());
    }

    /** The keys that the header may mean: the one with its key id, or without a key id every key of the algorithm. */
    private static List<JWK> fitting(List<JWK> keys, JWSHeader header) {
        JWSAlgorithm algorithm = header.getAlgorithm();
        String id = header.getKeyID();
        return keys.stream()
                .filter(key -> id == null || id.equals(key.getKeyID()))
                .filter(key -> Signatures.fits(key, algorithm))
                .toList();
    }

    private Verification verify(JWTClaimsSet claims) throws ParseException {
        if (!issuer.equals(claims.getIssuer())) {
            return new Refused(Reason.ISSUER);
        }
        if (!claims.getAudience().contains(audience)) {
            return new Refused(Reason.AUDIENCE);
        }
        if (claims.getExpirationTime() == null) {
            return new Refused(Reason.EXPIRED);
        }
        Instant issuedAt = claims.getIssueTime() == null
                ? claims.getExpirationTime().toInstant().minus(longestLife)
                : claims.getIssueTime().toInstant();
        if (claims.getNotBeforeTime() != null
                && claims.getNotBeforeTime().toInstant().isAfter(latest())) {
            return new Refused(Reason.NOT_YET_VALID);
        }
        TopicClaims topics = topics(claims);
        return user(claims.getSubject())
                .map(user -> now(
                        new Verified(user, issuedAt, claims.getExpirationTime().toInstant(), topics)))
                .orElseGet(() -> new Refused(Reason.SUBJECT));
    }

    /** What a token of which this was told is worth now: it may have ended, be too old, or be revoked. */
    Verification now(Verified token) {
        Instant expiresAt = earlier(token.expiresAt(), token.issuedAt().plus(longestLife));
        if (!expiresAt.isAfter(clock.instant())) {
            return new Refused(Reason.EXPIRED);
        }
        if (token.issuedAt().isAfter(latest())) {
            return new Refused(Reason.NOT_YET_VALID);
        }
        return unlessRevoked(new Verified(token.user(), token.issuedAt(), expiresAt, token.topics()));
    }

    private Instant latest() {
        return clock.instant().plusSeconds(SKEW_SECONDS);
    }

    private static TopicClaims topics(JWTClaimsSet claims) throws ParseException {
        return new TopicClaims(texts(claims, TopicClaims.PUBLISH), texts(claims, TopicClaims.SUBSCRIBE));
    }

    private static List<String> texts(JWTClaimsSet claims, String name) throws ParseException {
        List<String> texts = claims.getStringListClaim(name);
        return texts == null
                ? List.of()
                : texts.stream().filter(Objects::nonNull).toList();
    }

    private Verification unlessRevoked(Verified token) {
        Instant notBefore = revocations.notBefore(token.user());
        if (notBefore.equals(Instant.MAX)) {
            return new Refused(Reason.REVOCATIONS_UNKNOWN);
        }
        return token.issuedAt().isAfter(notBefore) ? token : new Refused(Reason.REVOKED);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Optional<UserId> user(@org.jspecify.annotations.Nullable String subject) {
        try {
            return Optional.ofNullable(subject).map(UserId::parse);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
