package io.parley.protocol;

import io.parley.protocol.wire.Publication;

/**
 * Bounds a message by the size of its JSON form, in which a character has up to six bytes ({@code \}{@code u0000}). Every member may receive
 * JSON, whatever the sender's encoding is.
 *
 * <p>What is accepted fits into a packet of {@value #PACKET_BYTES} bytes, in a delivery and alone in a page of history. A message takes {@value
 * #BODY_BYTES} bytes for its text or data, and {@value #REST_BYTES} for everything else that its sender chose. They are bounded apart because
 * an edit exchanges the text and leaves the rest. The remaining 24 KiB hold what Parley adds: topic and packet header, sender, seq, time, the
 * reactions, and the envelope of a reply.
 */
final class DeliveredSize {
    /** The least maximum packet size that docs/protocol.md advises. */
    static final int PACKET_BYTES = 256 * 1024;
    /** The most bytes of a text or of data in JSON. 128 KiB of data need 174,764 in base64. */
    static final int BODY_BYTES = 176 * 1024;
    /** The most bytes of the rest of a publication in JSON. */
    static final int REST_BYTES = 56 * 1024;

    /** No byte of Protocol Buffers becomes more bytes of JSON than that. */
    private static final int GROWTH = 6;
    /** More than the names of all fields and the punctuation of 16 attachments need. */
    private static final int NAMES = 4 * 1024;

    private DeliveredSize() {}

    /** Fails if the publication could not be delivered to every client. */
    static void check(Publication publication) throws MalformedPayload {
        if (GROWTH * publication.getSerializedSize() + NAMES <= REST_BYTES) {
            // Most messages: no need to write them.
            return;
        }
        Publication.Builder body = Publication.newBuilder();
        Publication.Builder rest = publication.toBuilder();
        switch (publication.getBodyCase()) {
            case TEXT -> {
                body.setText(publication.getText());
                rest.clearText();
            }
            case DATA -> {
                body.setData(publication.getData());
                rest.clearData();
            }
            case EDIT -> {
                body.setText(publication.getEdit().getText());
                rest.clearEdit();
            }
            default -> {}
        }
        require(body, BODY_BYTES, "text or data");
        require(rest, REST_BYTES, "what is beside text and data");
    }

    private static void require(Publication.Builder part, int limit, String what) throws MalformedPayload {
        if (WireFormat.JSON.encode(part.build()).length > limit) {
            throw MalformedPayload.tooLarge(what + " has more than " + limit / 1024
                    + " KiB as JSON with its escapes: send less, or send it as data or an attachment");
        }
    }
}
