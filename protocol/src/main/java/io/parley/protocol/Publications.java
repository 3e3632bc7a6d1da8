package io.parley.protocol;

import io.parley.protocol.wire.Attachment;
import io.parley.protocol.wire.Property;
import io.parley.protocol.wire.Publication;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads and validates what a device publishes on {@code chat/{conversation}/msg}. */
public final class Publications {
    /** The most bytes of {@code data} or {@code text} that one message carries; larger things are attachments. */
    public static final int MAX_BODY_BYTES = 128 * 1024;

    /** More than any emoji has, in UTF-8: a family of four with skin tones has 41. The engine knows which text is an emoji. */
    private static final int MAX_EMOJI_BYTES = 64;

    private static final int MAX_PROPERTIES = 16;

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,36}");

    private Publications() {}

    /**
     * Reads a payload. On a JSON connection, one that does not parse as a JSON object is the text itself; one that does is held to the schema.
     *
     * @param payload the PUBLISH's payload
     * @param format the connection's encoding
     * @param properties what the transport brought beside the payload
     * @return a publication that passed every check; its id may be empty
     * @throws MalformedPayload if it is not a message
     */
    public static Publication read(byte[] payload, WireFormat format, List<Property> properties)
            throws MalformedPayload {
        Publication.Builder publication = Publication.newBuilder();
        if (format == WireFormat.JSON) {
            readJson(payload, publication);
        } else {
            format.decode(payload, publication);
        }
        publication.addAllProperties(properties);
        check(publication);
        Publication read = publication.build();
        DeliveredSize.check(read);
        return read;
    }

    /** @throws MalformedPayload if a publication is too large to be delivered to every client */
    public static void requireDeliverable(Publication publication) throws MalformedPayload {
        DeliveredSize.check(publication);
    }

    private static void readJson(byte[] payload, Publication.Builder into) throws MalformedPayload {
        if (!startsAnObject(payload)) {
            into.setText(WireFormat.utf8(payload));
            return;
        }
        try {
            WireFormat.JSON.decode(payload, into);
        } catch (MalformedPayload e) {
            // Seldom: the text is read a second time only when it is no message.
            String text = WireFormat.utf8(payload);
            if (JsonTypes.isObject(text)) {
                throw e;
            }
            into.clear().setText(text);
        }
    }

    private static void check(Publication.Builder publication) throws MalformedPayload {
        if (!publication.getId().isEmpty() && !ID.matcher(publication.getId()).matches()) {
            throw new MalformedPayload("id is 1-36 of [A-Za-z0-9_-]");
        }
        switch (publication.getBodyCase()) {
            case TEXT -> fits(publication.getTextBytes().size(), "text");
            case DATA -> fits(publication.getData().size(), "data");
            case BODY_NOT_SET ->
                require(publication.getAttachmentsCount() > 0, "a message needs text, data or an attachment");
            case EDIT -> edit(publication);
            case DELETE -> change(publication, publication.getDelete().getSeq());
            case REACT -> {
                change(publication, publication.getReact().getSeq());
                int bytes = publication.getReact().getEmojiBytes().size();
                require(bytes > 0 && bytes <= MAX_EMOJI_BYTES, "emoji is not one emoji: send exactly one");
            }
        }
        attachments(publication.getAttachmentsList());
        properties(publication.getPropertiesList());
        require(publication.getMentionsCount() <= 50, "more than 50 mentions");
        require(publication.getMentionsList().stream().allMatch(UserId::isValid), "mentions are user ids");
        fits(publication.getContentType(), TextLimit.CONTENT_TYPE);
        require(publication.getReplyTo() >= 0, "replyTo is beyond every seq");
    }

    private static void edit(Publication.Builder publication) throws MalformedPayload {
        change(publication, publication.getEdit().getSeq());
        int bytes = publication.getEdit().getTextBytes().size();
        require(bytes > 0, "an edit needs a text");
        fits(bytes, "text");
    }

    private static void attachments(List<Attachment> attachments) throws MalformedPayload {
        require(attachments.size() <= Attachments.MAX_COUNT, "more than 16 attachments: send a second message");
        for (Attachment attachment : attachments) {
            Optional<String> refusal = Attachments.refusal(attachment);
            if (refusal.isPresent()) {
                throw new MalformedPayload(refusal.get());
            }
        }
    }

    private static void properties(List<Property> properties) throws MalformedPayload {
        require(properties.size() <= MAX_PROPERTIES, "more than 16 properties: send fewer");
        for (Property property : properties) {
            require(!property.getName().isEmpty(), "a property has no name");
            fits(property.getName(), TextLimit.PROPERTY_NAME);
            fits(property.getValue(), TextLimit.PROPERTY_VALUE);
        }
    }

    /** The refusal is made only where there is one: this is asked of every message. */
    private static void fits(String text, TextLimit limit) throws MalformedPayload {
        if (!limit.allows(text)) {
            throw new MalformedPayload(limit.exceeded());
        }
    }

    private static void fits(int bytes, String field) throws MalformedPayload {
        if (bytes > MAX_BODY_BYTES) {
            throw MalformedPayload.tooLarge(field + " is larger than 128 KiB: send less, or an attachment");
        }
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
