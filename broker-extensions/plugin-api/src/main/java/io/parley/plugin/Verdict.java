package io.parley.plugin;

/** What becomes of a publication. */
public sealed interface Verdict {
    /** It goes on as it is. */
    static Verdict pass() {
        return new Passed();
    }

    /**
     * It goes on with another text.
     *
     * @param text of a message or an edit, 1 to 131,072 bytes in UTF-8
     */
    static Verdict changeText(String text) {
        return new Changed(text);
    }

    /**
     * It is refused, for good: the sender's client must not send it again.
     *
     * @param reason shown to the sender, one line of at most 200 characters
     */
    static Verdict refuse(String reason) {
        return new Refused(reason);
    }

    /** It goes on as it is. */
    record Passed() implements Verdict {}

    /** It goes on with another text. */
    record Changed(String text) implements Verdict {}

    /** It is refused. */
    record Refused(String reason) implements Verdict {}
}
