package io.parley.storage;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.parley.protocol.ConversationId;
import io.parley.protocol.wire.ChatEvent;
import java.nio.ByteBuffer;
import java.util.List;

/** What events say of a conversation's settings, its name aside. */
final class SettingFacts {
    private final PreparedStatement description;
    private final PreparedStatement avatar;
    private final PreparedStatement announcement;
    private final PreparedStatement addRight;
    private final PreparedStatement retention;
    private final PreparedStatement readReceiptsOff;

    SettingFacts(CqlSession session, String keyspace) {
        String update = "UPDATE " + keyspace + ".conversations USING TIMESTAMP ? SET ";
        String conversation = " = ? WHERE conversation = ?";
        this.description = session.prepare(update + "description" + conversation);
        this.avatar = session.prepare(update + "avatar" + conversation);
        this.announcement = session.prepare(update + "announcement" + conversation);
        this.addRight = session.prepare(update + "add_right" + conversation);
        this.retention = session.prepare(update + "retention" + conversation);
        this.readReceiptsOff = session.prepare(update + "read_receipts_off" + conversation);
    }

    /** The statement for the event's setting, if it is one. */
    List<BoundStatement> of(ConversationId conversation, ChatEvent event) {
        String id = conversation.value();
        long at = event.getSeq();
        return switch (event.getBodyCase()) {
            case DESCRIBED -> List.of(description.bind(at, event.getDescribed().getDescription(), id));
            case AVATAR_CHANGED ->
                List.of(avatar.bind(
                        at,
                        event.getAvatarChanged().hasAttachment()
                                ? ByteBuffer.wrap(
                                        event.getAvatarChanged().getAttachment().toByteArray())
                                : null,
                        id));
            case ANNOUNCEMENT_CHANGED ->
                List.of(announcement.bind(at, event.getAnnouncementChanged().getOn(), id));
            case ADD_RIGHT_CHANGED ->
                List.of(addRight.bind(at, event.getAddRightChanged().getRole().name(), id));
            case READ_RECEIPTS_CHANGED ->
                List.of(readReceiptsOff.bind(at, !event.getReadReceiptsChanged().getOn(), id));
            case RETENTION_CHANGED ->
                List.of(retention.bind(
                        at,
                        ByteBuffer.wrap(
                                event.getRetentionChanged().getRetention().toByteArray()),
                        id));
            default -> List.of();
        };
    }
}
