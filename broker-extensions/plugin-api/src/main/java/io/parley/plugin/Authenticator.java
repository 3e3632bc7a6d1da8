package io.parley.plugin;

import java.util.concurrent.CompletionStage;

/**
 * Tells whose a token is that Parley does not know itself: opaque tokens, or JWTs of another issuer, whose claims it maps to a user. It is asked when a device
 * connects over MQTT and when a program calls the HTTP API; an answer is remembered for a minute or so. Questions come at the same time, on several threads.
 */
@FunctionalInterface
public interface Authenticator {
    /**
     * Decides on a token.
     *
     * @param token what the client sent as MQTT's password, or after {@code Bearer}; 1 to 8,192 characters, of any kind. It is a secret: do not log it
     * @return done on any thread, within the deadline of {@link PluginContext#authenticate}. Without an answer in time, or after a failure, the client is told to come
     *     again later, and is not refused for good: fail when whoever knows cannot be asked
     */
    CompletionStage<TokenVerdict> authenticate(String token) throws Exception;
}
