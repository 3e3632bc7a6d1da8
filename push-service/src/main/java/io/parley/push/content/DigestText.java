package io.parley.push.content;

import io.parley.protocol.push.Digest;
import io.parley.runtime.Settings;

/**
 * The words of a digest, from {@code parley.push.digest}.
 *
 * @param title the title
 * @param body the body, with {@code {messages}} and {@code {conversations}} for the numbers
 */
public record DigestText(String title, String body) {

    /** Reads {@code parley.push.digest}. */
    public static DigestText from(Settings settings) {
        return new DigestText(settings.text("parley.push.digest.title"), settings.text("parley.push.digest.body"));
    }

    /** The body of one digest. */
    public String bodyOf(Digest digest) {
        return body.replace("{messages}", Integer.toUnsignedString(digest.getMessages()))
                .replace("{conversations}", Integer.toUnsignedString(digest.getConversations()));
    }
}
