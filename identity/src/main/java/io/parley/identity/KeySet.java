package io.parley.identity;

import com.nimbusds.jose.jwk.JWK;
import java.io.IOException;
import java.util.List;

/** Where the public keys come from. */
interface KeySet {

    /**
     * The keys of now; may read a file or fetch from a server.
     *
     * @throws IOException when they cannot be had and none are cached
     */
    List<JWK> keys() throws IOException;

    /**
     * The keys of now, after a token named one that was not among them: a cached set is fetched again, not more often than the
     * source allows.
     */
    List<JWK> keysAfterMiss() throws IOException;
}
