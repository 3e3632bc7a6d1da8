package io.parley.gateway.subscribing;

/** What is known of a user's right to a conversation. */
public enum Permission {
    /** The user is a member. */
    GRANTED,
    /** The user is not. */
    DENIED,
    /** The log cannot be reached, or the engine gave no answer within 30 s: the device may ask again. */
    UNKNOWN,
    /** The connection has as many subscriptions as one may have. */
    TOO_MANY
}
