package io.parley.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.SignedJWT;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.Set;

/** Which keys may check which algorithm, and the check itself. The list of algorithms is closed and no setting widens it. */
final class Signatures {
    static final Set<JWSAlgorithm> ALGORITHMS = Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256, JWSAlgorithm.EdDSA);

    /** RFC 8410: what stands before the 32 bytes of an Ed25519 key in its X.509 form. */
    private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final int MIN_RSA_BITS = 2048;

    private Signatures() {}

    /** Whether {@code key} may check signatures of {@code algorithm}: type, curve, size, and what the key itself allows. */
    static boolean fits(JWK key, JWSAlgorithm algorithm) {
        if (key.getKeyUse() != null && !key.getKeyUse().equals(KeyUse.SIGNATURE)) {
            return false;
        }
        if (key.getAlgorithm() != null && !key.getAlgorithm().equals(algorithm)) {
            return false;
        }
        if (algorithm.equals(JWSAlgorithm.RS256)) {
            return key instanceof RSAKey rsa && rsa.size() >= MIN_RSA_BITS;
        }
        if (algorithm.equals(JWSAlgorithm.ES256)) {
            return key instanceof ECKey ec && ec.getCurve().equals(Curve.P_256);
        }
        return algorithm.equals(JWSAlgorithm.EdDSA)
                && key instanceof OctetKeyPair pair
                && pair.getCurve().equals(Curve.Ed25519);
    }

    /** Whether the token is signed with the private half of {@code key}, which must fit the token's algorithm. */
    static boolean verify(SignedJWT token, JWK key) {
        try {
            if (key instanceof RSAKey rsa) {
                return token.verify(new RSASSAVerifier(rsa));
            }
            if (key instanceof ECKey ec) {
                return token.verify(new ECDSAVerifier(ec));
            }
            return key instanceof OctetKeyPair pair && verifyEd25519(token, pair);
        } catch (JOSEException | GeneralSecurityException e) {
            return false;
        }
    }

    /** By the JDK: the JOSE library would need another one for this curve. */
    private static boolean verifyEd25519(SignedJWT token, OctetKeyPair key) throws GeneralSecurityException {
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        encoded.writeBytes(ED25519_PREFIX);
        encoded.writeBytes(key.getDecodedX());
        PublicKey publicKey =
                KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded.toByteArray()));
        Signature check = Signature.getInstance("Ed25519");
        check.initVerify(publicKey);
        check.update(token.getSigningInput());
        return check.verify(token.getSignature().decode());
    }
}
