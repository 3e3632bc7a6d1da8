package io.parley.plugin;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** What an {@link Authenticator} says of a token. */
public sealed interface TokenVerdict {
    /**
     * The token is good.
     *
     * @param user whose it is, 1-64 of [a-z0-9_.-]
     * @param issuedAt since when the token exists: it is void if the user's tokens were revoked then or later
     * @param expiresAt when it ends. The user's connections end then, too
     */
    static Accepted accept(String user, Instant issuedAt, Instant expiresAt) {
        return new Accepted(user, issuedAt, expiresAt, List.of(), List.of());
    }

    /**
     * The token is bad: the client needs another one.
     *
     * @param reason shown to the client, one line of at most 200 characters
     */
    static TokenVerdict refuse(String reason) {
        return new Refused(reason);
    }

    /** The token is none of this plugin's: the next plugin is asked, and when no plugin knows it, it is refused. */
    static TokenVerdict unknown() {
        return new Unknown();
    }

    /**
     * The token is good.
     *
     * @param publish MQTT topic filters of the ordinary topics to which its user may publish
     * @param subscribe those to which its user may subscribe; both together have 8,192 characters at most
     */
    record Accepted(String user, Instant issuedAt, Instant expiresAt, List<String> publish, List<String> subscribe)
            implements TokenVerdict {
        public Accepted {
            Objects.requireNonNull(user, "user");
            Objects.requireNonNull(issuedAt, "issuedAt");
            Objects.requireNonNull(expiresAt, "expiresAt");
            publish = List.copyOf(publish);
            subscribe = List.copyOf(subscribe);
        }

        /** The same, with ordinary topics: without this a user has the chat alone. */
        public Accepted withTopics(List<String> mayPublish, List<String> maySubscribe) {
            return new Accepted(user, issuedAt, expiresAt, mayPublish, maySubscribe);
        }
    }

    /** The token is bad. */
    record Refused(String reason) implements TokenVerdict {}

    /** The token is none of this plugin's. */
    record Unknown() implements TokenVerdict {}
}
