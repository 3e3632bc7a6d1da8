package io.parley.identity;

import io.parley.protocol.UserId;
import java.time.Instant;

/** Which tokens are void before they expire. Asked for each token that is otherwise good; must answer at once. */
@FunctionalInterface
public interface Revocations {
    /** For who asks elsewhere: no token is refused here. */
    Revocations NONE = user -> Instant.MIN;

    /**
     * Since when tokens of the user are good.
     *
     * @return tokens that were issued then or earlier are void; {@link Instant#MAX} while that is not known
     */
    Instant notBefore(UserId user);
}
