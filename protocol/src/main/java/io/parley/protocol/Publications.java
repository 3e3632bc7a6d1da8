package io.parley.protocol;

import io.parley.protocol.wire.Publication;
import java.util.regex.Pattern;

/** Reads and validates what a device publishes on {@code chat/{conversation}/msg}. */
public final class Publications {
    /** The most bytes of {@code data} or {@code text} that one message carries; larger things are attachments. */
    public static final int MAX_BODY_BYTES = 128 * 1024;

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,36}");

    private Publications() {}

    /**
     * Reads a payload; one that is no JSON object is, on a JSON connection, the text itself.
     *
     * @param payload the PUBLISH's payload
     * @param format the connection's encoding
     * @return a publication that passed every check; its id may be empty
     * @throws MalformedPayload if it is not a message
     */
    public static Publication read(byte[] payload, WireFormat format) throws MalformedPayload {
        Publication.Builder publication = Publication.newBuilder();
        if (format == WireFormat.JSON && !startsAnObject(payload)) {
            publication.setText(WireFormat.utf8(payload));
        } else {
            format.decode(payload, publication);
        }
        check(publication);
        return publication.build();
    }

    private static void check(Publication.Builder publication) throws MalformedPayload {
        if (!publication.getId().isEmpty() && !ID.matcher(publication.getId()).matches()) {
            throw new MalformedPayload("id is 1-36 of [A-Za-z0-9_-]");
        }
        switch (publication.getBodyCase()) {
            case TEXT -> require(publication.getTextBytes().size() <= MAX_BODY_BYTES, "text is larger than 128 KiB");
            case DATA -> require(publication.getData().size() <= MAX_BODY_BYTES, "data is larger than 128 KiB");
            case BODY_NOT_SET ->
                require(publication.getAttachmentsCount() > 0, "a message needs text, data or an attachment");
            case EDIT -> edit(publication);
            case DELETE -> change(publication, publication.getDelete().getSeq());
            case REACT -> {
                change(publication, publication.getReact().getSeq());
                require(Emoji.isValid(publication.getReact().getEmoji()), "emoji is one emoji of 1-32 bytes");
            }
        }
        require(publication.getAttachmentsCount() <= 16, "more than 16 attachments");
        require(publication.getMentionsCount() <= 50, "more than 50 mentions");
        require(publication.getMentionsList().stream().allMatch(UserId::isValid), "mentions are user ids");
        require(publication.getContentType().length() <= 127, "contentType is longer than 127 characters");
        require(publication.getReplyTo() >= 0, "replyTo is beyond every seq");
    }

    private static void edit(Publication.Builder publication) throws MalformedPayload {
        change(publication, publication.getEdit().getSeq());
        int bytes = publication.getEdit().getTextBytes().size();
        require(bytes > 0, "an edit needs a text");
        require(bytes <= MAX_BODY_BYTES, "text is larger than 128 KiB");
    }

    /** What changes a message names its seq and carries nothing that would be lost. */
    private static void change(Publication.Builder publication, int seq) throws MalformedPayload {
        require(seq > 0, "seq names no message");
        boolean bare = publication.getAttachmentsCount() == 0
                && publication.getMentionsCount() == 0
                && publication.getContentType().isEmpty()
                && publication.getReplyTo() == 0;
        require(bare, "edit, delete and react stand alone");
    }

    private static void require(boolean holds, String otherwise) throws MalformedPayload {
        if (!holds) {
            throw new MalformedPayload(otherwise);
        }
    }

    private static boolean startsAnObject(byte[] payload) {
        for (byte b : payload) {
            if (b != ' ' && b != '\t' && b != '\n' && b != '\r') {
                return b == '{';
            }
        }
        return false;
    }
}
