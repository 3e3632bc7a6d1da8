package io.parley.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.parley.identity.Verification.Reason;
import io.parley.identity.Verification.Refused;
import io.parley.identity.Verification.Verified;
import io.parley.protocol.UserId;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TokenVerifierTest {
    private static final Duration LONGEST = Duration.ofDays(30);
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    private final RSAKey rsa = rsa("r");
    private final ECKey ec = new ECKeyGenerator(Curve.P_256).keyID("e").generate();
    private final KeyPair ed = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    private final TokenVerifier verifier =
            verifier(List.of(rsa.toPublicJWK(), ec.toPublicJWK(), publicEd25519(ed, "d")));

    TokenVerifierTest() throws JOSEException, GeneralSecurityException {}

    @Test
    void a_good_token_of_each_algorithm_names_its_user() throws Exception {
        Verified expected = new Verified(
                UserId.parse("alice"), NOW.plusSeconds(60).minus(LONGEST), NOW.plusSeconds(60), TopicClaims.NONE);

        assertThat(verifier.verify(rs256(rsa, good().build()))).isEqualTo(expected);
        assertThat(verifier.verify(signed(JWSAlgorithm.ES256, "e", new ECDSASigner(ec), good().build())))
                .isEqualTo(expected);
        assertThat(verifier.verify(ed25519(good().build(), 0))).isEqualTo(expected);
    }

    @Test
    void an_unsigned_token_is_refused() {
        refused(new PlainJWT(good().build()).serialize(), Reason.ALGORITHM);
    }

    @Test
    void a_token_signed_with_a_shared_secret_is_refused_even_when_the_secret_is_the_public_key() throws Exception {
        byte[] publicKey = rsa.toRSAPublicKey().getEncoded();

        refused(signed(JWSAlgorithm.HS256, "r", new MACSigner(publicKey), good().build()), Reason.ALGORITHM);
    }

    @Test
    void other_rsa_algorithms_are_refused() throws Exception {
        refused(signed(JWSAlgorithm.RS512, "r", new RSASSASigner(rsa), good().build()), Reason.ALGORITHM);
        refused(signed(JWSAlgorithm.PS256, "r", new RSASSASigner(rsa), good().build()), Reason.ALGORITHM);
    }

    @Test
    void a_critical_header_that_nobody_understands_is_refused() throws Exception {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .keyID("r")
                .criticalParams(Set.of("pay"))
                .customParam("pay", "first")
                .build();
        SignedJWT token = new SignedJWT(header, good().build());
        token.sign(new RSASSASigner(rsa));

        refused(token.serialize(), Reason.ALGORITHM);
    }

    @Test
    void a_key_that_is_not_in_the_set_is_refused() throws Exception {
        refused(rs256(rsa("other"), good().build()), Reason.UNKNOWN_KEY);
    }

    @Test
    void a_foreign_key_under_a_known_id_is_refused() throws Exception {
        refused(rs256(rsa("r"), good().build()), Reason.SIGNATURE);
        refused(ed25519(good().build(), 1), Reason.SIGNATURE);
    }

    @Test
    void a_key_id_of_another_type_of_key_is_refused() throws Exception {
        refused(signed(JWSAlgorithm.RS256, "e", new RSASSASigner(rsa), good().build()), Reason.UNKNOWN_KEY);
    }

    @Test
    void a_changed_claim_breaks_the_signature() throws Exception {
        String[] parts = rs256(rsa, good().build()).split("\\.", -1);
        String other =
                Base64URL.encode(good().subject("bob").build().toString()).toString();

        refused(parts[0] + "." + other + "." + parts[2], Reason.SIGNATURE);
    }

    @Test
    void issuer_audience_and_times_must_fit() throws Exception {
        refused(rs256(rsa, good().issuer("someone").build()), Reason.ISSUER);
        refused(rs256(rsa, good().issuer(null).build()), Reason.ISSUER);
        refused(rs256(rsa, good().audience("elsewhere").build()), Reason.AUDIENCE);
        refused(rs256(rsa, good().audience((String) null).build()), Reason.AUDIENCE);
        refused(rs256(rsa, good().expirationTime(Date.from(NOW)).build()), Reason.EXPIRED);
        refused(rs256(rsa, good().expirationTime(null).build()), Reason.EXPIRED);
        refused(rs256(rsa, good().notBeforeTime(Date.from(NOW.plusSeconds(30))).build()), Reason.NOT_YET_VALID);
    }

    @Test
    void a_token_ends_when_it_is_as_old_as_a_token_may_be() throws Exception {
        Instant far = NOW.plus(Duration.ofDays(3_650));
        Instant issued = NOW.minus(Duration.ofDays(1));
        String long1 = rs256(
                rsa,
                good().issueTime(Date.from(issued))
                        .expirationTime(Date.from(far))
                        .build());

        assertThat(verifier.verify(long1))
                .isEqualTo(new Verified(UserId.parse("alice"), issued, issued.plus(LONGEST), TopicClaims.NONE));
        refused(
                rs256(
                        rsa,
                        good().issueTime(Date.from(NOW.minus(LONGEST)))
                                .expirationTime(Date.from(far))
                                .build()),
                Reason.EXPIRED);
        refused(rs256(rsa, good().expirationTime(Date.from(far)).build()), Reason.NOT_YET_VALID);
        refused(rs256(rsa, good().issueTime(Date.from(NOW.plusSeconds(30))).build()), Reason.NOT_YET_VALID);
    }

    @Test
    void a_token_is_void_that_was_issued_in_the_second_of_the_revocation_or_before() throws Exception {
        Instant revoked = NOW.minusMillis(500);
        TokenVerifier strict = verifier(List.of(rsa.toPublicJWK()), user -> revoked);
        TokenVerifier ignorant = verifier(List.of(rsa.toPublicJWK()), user -> Instant.MAX);
        String before =
                rs256(rsa, good().issueTime(Date.from(NOW.minusSeconds(1))).build());
        String after = rs256(rsa, good().issueTime(Date.from(NOW)).build());

        assertThat(strict.verify(before)).isEqualTo(new Refused(Reason.REVOKED));
        assertThat(strict.verify(after)).isInstanceOf(Verified.class);
        assertThat(ignorant.verify(after)).isEqualTo(new Refused(Reason.REVOCATIONS_UNKNOWN));
    }

    @Test
    void the_subject_must_be_a_user_id() throws Exception {
        refused(rs256(rsa, good().subject("Alice").build()), Reason.SUBJECT);
        refused(rs256(rsa, good().subject("alice/phone").build()), Reason.SUBJECT);
        refused(rs256(rsa, good().subject("").build()), Reason.SUBJECT);
        refused(rs256(rsa, good().subject(null).build()), Reason.SUBJECT);
    }

    @Test
    void what_is_no_token_is_refused() {
        refused("", Reason.MALFORMED);
        refused("alice", Reason.MALFORMED);
        refused("a.b.c", Reason.MALFORMED);
        refused("a".repeat(10_000), Reason.MALFORMED);
    }

    @Test
    void small_rsa_keys_and_keys_for_encryption_are_not_used() throws Exception {
        RSAKey small = new RSAKeyGenerator(1024, true).keyID("s").generate();
        RSAKey encryption = new RSAKey.Builder(rsa)
                .keyUse(com.nimbusds.jose.jwk.KeyUse.ENCRYPTION)
                .build();
        TokenVerifier strict = verifier(List.of(small.toPublicJWK(), encryption.toPublicJWK()));

        assertThat(strict.verify(rs256(rsa, good().build()))).isEqualTo(new Refused(Reason.UNKNOWN_KEY));
    }

    private void refused(String token, Reason reason) {
        assertThat(verifier.verify(token)).isEqualTo(new Refused(reason));
    }

    private static TokenVerifier verifier(List<JWK> keys) {
        return verifier(keys, Revocations.NONE);
    }

    private static TokenVerifier verifier(List<JWK> keys, Revocations revocations) {
        KeySet fixed = new KeySet() {
            @Override
            public List<JWK> keys() {
                return keys;
            }

            @Override
            public List<JWK> keysAfterMiss() {
                return keys;
            }
        };
        return new TokenVerifier(fixed, "parley", "parley", LONGEST, revocations, Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private static JWTClaimsSet.Builder good() {
        return new JWTClaimsSet.Builder()
                .subject("alice")
                .issuer("parley")
                .audience(List.of("parley", "other"))
                .expirationTime(Date.from(NOW.plusSeconds(60)));
    }

    private static RSAKey rsa(String id) throws JOSEException {
        return new RSAKeyGenerator(2048).keyID(id).generate();
    }

    private static String rs256(RSAKey key, JWTClaimsSet claims) throws JOSEException {
        return signed(JWSAlgorithm.RS256, key.getKeyID(), new RSASSASigner(key), claims);
    }

    private static String signed(JWSAlgorithm algorithm, String keyId, JWSSigner signer, JWTClaimsSet claims)
            throws JOSEException {
        SignedJWT token =
                new SignedJWT(new JWSHeader.Builder(algorithm).keyID(keyId).build(), claims);
        token.sign(signer);
        return token.serialize();
    }

    private String ed25519(JWTClaimsSet claims, int flip) throws GeneralSecurityException {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.EdDSA).keyID("d").build();
        SignedJWT token = new SignedJWT(header, claims);
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(ed.getPrivate());
        signature.update(token.getSigningInput());
        byte[] bytes = signature.sign();
        bytes[5] = (byte) (bytes[5] ^ flip);
        return new String(token.getSigningInput(), java.nio.charset.StandardCharsets.US_ASCII)
                + "."
                + Base64URL.encode(bytes);
    }

    private static JWK publicEd25519(KeyPair pair, String id) {
        byte[] encoded = pair.getPublic().getEncoded();
        byte[] raw = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
        return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(raw))
                .keyID(id)
                .build();
    }
}
