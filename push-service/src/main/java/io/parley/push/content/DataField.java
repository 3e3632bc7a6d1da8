package io.parley.push.content;

/** The names of what an app reads in a notification's data. With it the app asks for the rest by MQTT. */
public final class DataField {
    /** The conversation's id; absent from a digest. */
    public static final String CONVERSATION = "conversation";

    /** The newest message that the notification is about; absent from a digest. */
    public static final String SEQ = "seq";

    /** True, and only in a withdrawal: what was shown of the conversation goes. */
    public static final String WITHDRAW = "withdraw";

    /** True, and only where the notification mentions the user. */
    public static final String MENTION = "mention";

    private DataField() {}
}
