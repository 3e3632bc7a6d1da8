package io.parley.bridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.Effect;
import io.parley.protocol.log.AttachingAll;
import io.parley.protocol.log.BlockChanged;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.EraseUser;
import io.parley.protocol.log.UserCommand;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the conversations of a user are told of the devices that follow them and of whom the user blocks. */
final class UserLogicTest {
    private final PlayedUser ann = new PlayedUser();

    @Test
    void a_device_that_is_away_is_expected_in_a_new_conversation_that_its_filters_ask_for() {
        ann.connected("phone", 1);
        ann.subscribes("phone", 1, "chat/+/msg");
        ann.connected("tablet", 2);
        ann.subscribes("tablet", 2, "chat/@cid/#");
        ann.connected("watch", 3);
        ann.subscribes("watch", 3, "chat/+/receipt", "chat/@dan/msg");
        ann.connects(PlayedUser.origin("browser", 4), 0);
        ann.subscribes("browser", 4, "chat/#");
        for (int connection = 1; connection <= 4; connection++) {
            ann.disconnected(List.of("phone", "tablet", "watch", "browser").get(connection - 1), connection);
        }
        assertThat(ann.effects("ann", PlayedUser.joined("ann~cid")))
                .filteredOn(effect -> effect instanceof Effect.TellConversation tell
                        && tell.command().hasExpectDevice())
                .extracting(effect -> ((Effect.TellConversation) effect)
                        .command()
                        .getExpectDevice()
                        .getDevice())
                .as("not who wants no messages there, nor whose session is over")
                .containsExactly("phone", "tablet");
    }

    @Test
    void a_clean_start_is_told_which_conversations_will_answer() {
        ann.connected("phone", 1);
        assertThat(attaching("phone", 1, false)).isEmpty();
        ann.connected("tablet", 2);

        List<AttachingAll> all = attaching("tablet", 2, true);

        assertThat(all).hasSize(1);
        assertThat(all.get(0).getConnection()).isEqualTo(2);
        assertThat(all.get(0).getConversationsList()).containsExactly(PlayedUser.CHAT.value());
        assertThat(attaching("tablet", 2, true))
                .as("it has its place there by now")
                .containsExactly(AttachingAll.newBuilder().setConnection(2).build());
    }

    @Test
    void a_users_groups_are_told_whom_the_user_blocks_and_a_new_one_before_anything_else() {
        ann.blocks("ben", true);
        List<ConversationCommand> joining = ann.toConversations(PlayedUser.joined(PlayedUser.GROUP.value()));
        assertThat(joining.get(0).getBlockChanged().getUsersList()).containsExactly("ben");
        assertThat(joining.get(0).getBlockChanged().getBlocked()).isTrue();
        assertThat(joining.get(1).hasPresenceChanged()).isTrue();

        assertThat(ann.blocks("cid", true))
                .extracting(changed -> changed.getUsers(0) + " " + changed.getBlocked())
                .as("the conversation of the two, and the group")
                .containsExactly("cid true", "cid true");
        assertThat(ann.blocks("cid", true)).isEmpty();
        assertThat(ann.blocks("cid", false))
                .extracting(changed -> changed.getUsers(0) + " " + changed.getBlocked())
                .containsExactly("cid false", "cid false");
    }

    @Test
    void with_an_erased_user_their_blocks_end_even_where_nothing_was_said() {
        ann.blocks("dan", true);
        assertThat(ann.effects("ann", UserCommand.newBuilder().setEraseUser(EraseUser.getDefaultInstance())).stream()
                        .filter(effect -> effect instanceof Effect.TellConversation tell
                                && tell.conversation().value().equals("ann~dan"))
                        .map(effect ->
                                ((Effect.TellConversation) effect).command().getBlockChanged()))
                .containsExactly(
                        BlockChanged.newBuilder().setBy("ann").addUsers("dan").build());
    }

    private List<AttachingAll> attaching(String device, long connection, boolean cleanStart) {
        UserCommand.Builder command = UserCommand.newBuilder()
                .setOrigin(PlayedUser.origin(device, connection))
                .setSubscribe(
                        PlayedUser.subscribe("chat/+/msg").setAttachAll(true).setCleanStart(cleanStart));
        return ann.effects("ann", command).stream()
                .filter(Effect.Deliver.class::isInstance)
                .map(effect -> ((Effect.Deliver) effect).delivery().getAttachingAll())
                .toList();
    }
}
