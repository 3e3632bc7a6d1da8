package io.parley.gateway.publishing;

/** The result of a publication. A refusal is final: the same publication is accepted only when something has changed. */
public enum Outcome {
    /** The log has it, or, for what is no message, the node. */
    ACCEPTED,
    NOT_A_MEMBER,
    NOT_ALLOWED,
    /** There is no user for whom it is. */
    NOT_FOUND,
    /** The user began as many conversations as one may within an hour. */
    RATE_LIMITED,
    /** It is not what the topic takes. */
    MALFORMED,
    /** It asks for something that is not offered. */
    NOT_OFFERED,
    /** It has more bytes than may ever pass. */
    TOO_LARGE
}
