package io.parley.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import org.junit.jupiter.api.Test;

class CheckedSignaturesTest {
    private final ECKey key = new ECKeyGenerator(Curve.P_256).keyID("k").generate();
    private final ECKey successor = new ECKeyGenerator(Curve.P_256).keyID("k").generate();
    private final CheckedSignatures signatures = new CheckedSignatures();

    CheckedSignaturesTest() throws Exception {}

    @Test
    void a_token_that_comes_again_is_remembered_with_its_key() throws Exception {
        SignedJWT token = token("alice");

        assertThat(signatures.verify(token, key.toPublicJWK())).isTrue();
        assertThat(signatures.size()).isEqualTo(1);
        assertThat(signatures.verify(SignedJWT.parse(token.serialize()), key.toPublicJWK()))
                .isTrue();
        assertThat(signatures.verify(token, successor.toPublicJWK()))
                .as("another key of the same name")
                .isFalse();
    }

    @Test
    void a_wrong_signature_is_not_remembered() throws Exception {
        SignedJWT token = token("alice");
        String[] other = token("mallory").serialize().split("\\.", -1);
        SignedJWT forged = SignedJWT.parse(other[0] + "." + other[1] + "." + token.getSignature());

        assertThat(signatures.verify(token, key.toPublicJWK())).isTrue();
        assertThat(signatures.verify(forged, key.toPublicJWK())).isFalse();
        assertThat(signatures.verify(forged, key.toPublicJWK())).isFalse();
        assertThat(signatures.size()).isEqualTo(1);
    }

    private SignedJWT token(String user) throws Exception {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("k").build(),
                new JWTClaimsSet.Builder().subject(user).build());
        token.sign(new ECDSASigner(key));
        return SignedJWT.parse(token.serialize());
    }
}
