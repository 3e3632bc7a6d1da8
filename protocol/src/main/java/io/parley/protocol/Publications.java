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
            case EDIT, DELETE, REACT -> throw new MalformedPayload("edit, delete and react are not offered yet");
        }
        require(publication.getAttachmentsCount() <= 16, "more than 16 attachments");
        require(publication.getMentionsCount() <= 50, "more than 50 mentions");
        require(publication.getContentType().length() <= 127, "contentType is longer than 127 characters");
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
