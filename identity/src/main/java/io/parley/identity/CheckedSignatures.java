package io.parley.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.SignedJWT;
import java.nio.ByteBuffer;

/**
 * Remembers which key signed the tokens that came last: a device comes back with the same token many times, and checking a signature costs more than all
 * the rest of its connection. Only signatures that are right are remembered, and each with its key: a key that has left the set signs nothing any more.
 */
final class CheckedSignatures {
    /** Some 300 bytes each. */
    private static final int MAX_TOKENS = 20_000;

    private final Cache<ByteBuffer, JWK> signers =
            Caffeine.newBuilder().maximumSize(MAX_TOKENS).build();

    /** Whether the token is signed with the private half of {@code key}, which must fit the token's algorithm. */
    boolean verify(SignedJWT token, JWK key) {
        ByteBuffer digest = Digests.of(token.getParsedString());
        if (key.equals(signers.getIfPresent(digest))) {
            return true;
        }
        boolean right = Signatures.verify(token, key);
        if (right) {
            signers.put(digest, key);
        }
        return right;
    }

    /** How many tokens are remembered. */
    long size() {
        return signers.estimatedSize();
    }
}
