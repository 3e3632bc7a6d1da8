package io.parley.identity;

import java.util.concurrent.CompletionStage;

/** Who knows whose the tokens are that Parley does not know itself. Called on any thread. */
public interface TokenAuthority {
    /** Which tokens it has to be asked about. */
    enum Asked {
        NONE,
        /** Those that are not Parley's own. */
        OTHERS,
        ALL
    }

    /** Which tokens it has to be asked about now; must answer at once. */
    Asked asked();

    /**
     * Asks about a token.
     *
     * @return {@link Verification.Verified} as it was told, unchecked, or {@link Verification.Refused}; fails when there is no answer now
     */
    CompletionStage<Verification> ask(String token);
}
