package io.parley.protocol;

import io.parley.protocol.push.PushPlatform;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The names of the Kafka topics. A record without a value says nothing: it is there for Kafka to begin a new file. */
public final class LogTopics {
    /** Commands to conversations; key conversation, value {@code ConversationCommand}. */
    public static final String COMMANDS = "parley.commands";

    /** Commands to users; key user, value {@code UserCommand}. */
    public static final String USER_COMMANDS = "parley.user-commands";

    /** The key of what concerns all users of a partition: heartbeats of nodes. No user's name. */
    public static final String ALL_USERS = "*";

    /** What happened in conversations; key conversation, value {@code ChatEvent}, header {@link #RETENTION_HEADER}. */
    public static final String EVENTS = "parley.events";

    /** How long history keeps the event; value {@code Keeping}. */
    public static final String RETENTION_HEADER = "retention";

    /** Delivered and read pointers that moved; key conversation, value {@code PointersMoved}. */
    public static final String POINTERS = "parley.pointers";

    /** What broker nodes are to do; partition = slot, key conversation or user, value {@code Delivery}. */
    public static final String DELIVERIES = "parley.deliveries";

    /** Who holds which slot; one partition, key slot, value {@code SlotNote}. */
    public static final String NODES = "parley.nodes";

    /** Whose tokens were revoked; one partition, key user, value {@code TokensRevoked}. Kept as long as a token can live. */
    public static final String REVOCATIONS = "parley.revocations";

    /** What no machine could process, and where it was, without what it said; value {@code DeadLetter}. */
    public static final String DEAD_LETTERS = "parley.dead-letters";

    /** The records that dead letters are about, in parts and for hours only; value {@code BuriedRecord}. */
    public static final String BURIED_RECORDS = "parley.buried-records";

    /** What users are to be shown on their phones and browsers; key user, value {@code Notification}. */
    public static final String NOTIFICATIONS = "parley.notifications";

    private static final String PLUGIN_READERS = "parley-plugin-";

    /** The engine's consumer group, which reads commands. */
    public static final String ENGINE_READER = "parley-engine";

    /** The archiver's consumer group, which reads events and pointers. */
    public static final String ARCHIVE_READER = "parley-history-writer";

    /** The consumer groups that send notifications, one for each platform; what all of them have committed is dropped. */
    public static final List<String> NOTIFICATION_READERS = Stream.of(PushPlatform.values())
            .filter(platform ->
                    platform != PushPlatform.PUSH_PLATFORM_UNSPECIFIED && platform != PushPlatform.UNRECOGNIZED)
            .map(LogTopics::notificationReader)
            .toList();

    private LogTopics() {}

    /** The consumer group that sends notifications to a platform. */
    public static String notificationReader(PushPlatform platform) {
        return "parley-push-" + platform.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The consumer group of a plugin's subscription, which reads events. They are kept for it for a while only. */
    public static String pluginReader(String plugin, String subscription) {
        return PLUGIN_READERS + plugin + "." + subscription;
    }

    /** Whether the group is that of a plugin's subscription. */
    public static boolean isPluginReader(String group) {
        return group.startsWith(PLUGIN_READERS);
    }
}
