package io.parley.protocol;

import io.parley.protocol.wire.Attachment;
import java.util.Optional;

/** What an attachment may be, in a message and as an avatar. */
public final class Attachments {
    /** The most that one message carries. */
    public static final int MAX_COUNT = 16;

    private static final TextLimit ID = new TextLimit("id of an attachment", 255);
    /** A type and a subtype of 127 characters each (RFC 6838), and the slash. */
    private static final TextLimit CONTENT_TYPE = new TextLimit("contentType of an attachment", 255);

    private static final TextLimit NAME = new TextLimit("name of an attachment", 255);

    private Attachments() {}

    /** Why the attachment is refused: one line for its sender; empty if it is not. */
    public static Optional<String> refusal(Attachment attachment) {
        if (attachment.getId().isEmpty()) {
            return Optional.of("id of an attachment is missing: set it");
        }
        if (!ID.allows(attachment.getId())) {
            return Optional.of(ID.exceeded());
        }
        if (!CONTENT_TYPE.allows(attachment.getContentType())) {
            return Optional.of(CONTENT_TYPE.exceeded());
        }
        return NAME.allows(attachment.getName()) ? Optional.empty() : Optional.of(NAME.exceeded());
    }
}
