package io.parley.bridge.conversation.settings;

import io.parley.bridge.conversation.Change;
import io.parley.bridge.conversation.ConversationRows;
import io.parley.bridge.conversation.RowFamily;
import io.parley.bridge.conversation.Table;
import io.parley.bridge.state.Head;
import io.parley.bridge.state.Profile;
import io.parley.bridge.state.Users;
import io.parley.protocol.wire.AvatarChanged;
import io.parley.protocol.wire.ChatEvent;

/** What a conversation shows of itself, and who of its members shows no read receipts. Most settings are in the head. */
public final class SettingRows implements Table {
    private final ConversationRows rows;

    public SettingRows(ConversationRows rows) {
        this.rows = rows;
    }

    @Override
    public boolean apply(Change change) {
        if (change instanceof Change.DiscreetSet set) {
            rows.putUnlessEmpty(rows.key(RowFamily.DISCREET), set.discreet());
            return true;
        }
        return false;
    }

    @Override
    public void happened(ChatEvent event, Head.Builder head) {
        switch (event.getBodyCase()) {
            case GROUP_CREATED -> head.setName(event.getGroupCreated().getName());
            case RENAMED -> head.setName(event.getRenamed().getName());
            case RETENTION_CHANGED ->
                head.setRetention(event.getRetentionChanged().getRetention());
            case ANNOUNCEMENT_CHANGED ->
                head.setAnnouncement(event.getAnnouncementChanged().getOn());
            case ADD_RIGHT_CHANGED ->
                head.setAddRight(event.getAddRightChanged().getRole());
            case READ_RECEIPTS_CHANGED ->
                head.setReadReceiptsOff(!event.getReadReceiptsChanged().getOn());
            case DESCRIBED ->
                put(profile().toBuilder().setDescription(event.getDescribed().getDescription()));
            case AVATAR_CHANGED -> put(withAvatar(event.getAvatarChanged()));
            default -> {}
        }
    }

    private Profile.Builder withAvatar(AvatarChanged change) {
        Profile.Builder profile = profile().toBuilder().clearAvatar();
        return change.hasAttachment() ? profile.setAvatar(change.getAttachment()) : profile;
    }

    private void put(Profile.Builder profile) {
        rows.put(rows.key(RowFamily.PROFILE), profile.build());
    }

    /** Should the user come back, they say again what they show. */
    @Override
    public void parted(String user) {
        rows.putUnlessEmpty(rows.key(RowFamily.DISCREET), rows.usersWithout(RowFamily.DISCREET, user));
    }

    @Override
    public void abandoned() {
        rows.delete(rows.key(RowFamily.PROFILE));
    }

    public Profile profile() {
        return rows.get(rows.key(RowFamily.PROFILE), Profile.parser(), Profile.getDefaultInstance());
    }

    public Users discreet() {
        return rows.get(rows.key(RowFamily.DISCREET), Users.parser(), Users.getDefaultInstance());
    }
}
