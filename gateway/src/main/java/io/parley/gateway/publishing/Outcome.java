package io.parley.gateway.publishing;

/** The result of a publication. A refusal is final: the same publication will never be accepted. */
public enum Outcome {
    /** The log has it, or, for what is no message, the node. */
    ACCEPTED,
    NOT_A_MEMBER,
    NOT_ALLOWED,
    /** It is not what the topic takes. */
    MALFORMED,
    /** It asks for something that is not offered. */
    NOT_OFFERED,
    /** It has more bytes than may ever pass. */
    TOO_LARGE
}
