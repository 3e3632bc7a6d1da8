package io.parley.identity;

import io.parley.protocol.UserId;
import java.time.Instant;

/** What came out of checking a token. A refusal is a value: nothing is thrown for a bad token. */
public sealed interface Verification {

    /**
     * The token is good.
     *
     * @param user its {@code sub}
     * @param issuedAt its {@code iat}, a whole second; without it the earliest that it can be
     * @param expiresAt its {@code exp}, or when it is as old as a token may be; rights end then
     * @param topics what it allows beside the chat
     */
    record Verified(UserId user, Instant issuedAt, Instant expiresAt, TopicClaims topics) implements Verification {}

    /**
     * The token is refused.
     *
     * @param reason for logs and metrics
     * @param told what the client may be told; empty: only that it was refused
     */
    record Refused(Reason reason, String told) implements Verification {
        /** The client learns only that it was refused. */
        public Refused(Reason reason) {
            this(reason, "");
        }
    }

    /** Why a token is refused. */
    enum Reason {
        /** Not a signed JWT in compact form, larger than 8 KiB, or with a header or claim of the wrong type. */
        MALFORMED,
        /** Signed with anything but RS256, ES256 or EdDSA, {@code none} included; or with a critical header. */
        ALGORITHM,
        /** No key of the set fits its {@code kid} and algorithm. */
        UNKNOWN_KEY,
        /** The key set cannot be read now and no earlier one is at hand. */
        KEYS_UNAVAILABLE,
        /** The signature is not that of the key. */
        SIGNATURE,
        /** {@code iss} is not the one expected. */
        ISSUER,
        /** {@code aud} does not contain the one expected. */
        AUDIENCE,
        /** {@code exp} is missing or has passed. */
        EXPIRED,
        /** It was issued before the user's tokens were revoked. */
        REVOKED,
        /** It is not known yet which tokens were revoked. */
        REVOCATIONS_UNKNOWN,
        /** {@code nbf} or {@code iat} lies in the future, or there is no {@code iat} and {@code exp} is too far away. */
        NOT_YET_VALID,
        /** {@code sub} is missing or no user id. */
        SUBJECT,
        /** Who was asked about it knows it, and refuses it, or does not know it. */
        DENIED,
        /** Who has to be asked about it does not answer now. */
        UNANSWERED;

        /** Whether the same token may be good a moment later: its holder needs no other one. */
        public boolean isForNow() {
            return this == KEYS_UNAVAILABLE || this == REVOCATIONS_UNKNOWN || this == UNANSWERED;
        }
    }
}
