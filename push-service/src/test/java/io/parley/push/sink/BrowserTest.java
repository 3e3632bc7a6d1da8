package io.parley.push.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECPrivateKeySpec;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** The example of <a href="https://www.rfc-editor.org/rfc/rfc8291#section-5">RFC 8291</a>. */
class BrowserTest {
    private static final String PRIVATE = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94";
    private static final String PUBLIC =
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    private static final String AUTH = "BTBZMqHH6r4Tts7J_aSIgg";
    private static final String MESSAGE =
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";

    private static byte[] bytes(String base64) {
        return Base64.getUrlDecoder().decode(base64);
    }

    private static Browser browser(String auth) throws GeneralSecurityException {
        ECPrivateKey key = (ECPrivateKey) KeyFactory.getInstance("EC")
                .generatePrivate(new ECPrivateKeySpec(new BigInteger(1, bytes(PRIVATE)), Curve.curve()));
        return new Browser(bytes(PUBLIC), key, bytes(auth));
    }

    @Test
    void the_example_is_decrypted() throws GeneralSecurityException {
        assertThat(browser(AUTH).decrypt(bytes(MESSAGE)))
                .hasValueSatisfying(text -> assertThat(new String(text, StandardCharsets.UTF_8))
                        .isEqualTo("When I grow up, I want to be a watermelon"));
    }

    @Test
    void another_secret_decrypts_nothing() throws GeneralSecurityException {
        assertThat(browser("ATBZMqHH6r4Tts7J_aSIgg").decrypt(bytes(MESSAGE))).isEmpty();
    }

    @Test
    void a_changed_message_is_not_decrypted() throws GeneralSecurityException {
        byte[] changed = bytes(MESSAGE);
        changed[changed.length - 1] ^= 1;

        assertThat(browser(AUTH).decrypt(changed)).isEmpty();
    }

    @Test
    void what_is_no_message_is_not_decrypted() throws GeneralSecurityException {
        assertThat(browser(AUTH).decrypt(new byte[5])).isEmpty();
    }
}
