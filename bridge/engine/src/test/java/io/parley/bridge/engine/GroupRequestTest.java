package io.parley.bridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.Effect;
import io.parley.protocol.log.OpenGroup;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.CreateGroup;
import io.parley.protocol.wire.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A request for a new group that comes again. */
class GroupRequestTest {
    private final PlayedUser ann = new PlayedUser();

    @Test
    void the_same_request_of_the_same_device_is_about_the_same_group() {
        assertThat(asks("phone", "r1", "team", "g0000000000one")).isEqualTo("g0000000000one");
        assertThat(asks("phone", "r1", "team", "g0000000000two")).isEqualTo("g0000000000one");
    }

    @Test
    void a_request_id_is_one_devices() {
        assertThat(asks("phone", "r1", "team", "g0000000000one")).isEqualTo("g0000000000one");
        assertThat(asks("laptop", "r1", "team", "g0000000000two")).isEqualTo("g0000000000two");
        assertThat(asks("laptop", "r1", "team", "g00000000three")).isEqualTo("g0000000000two");
    }

    @Test
    void another_group_is_another_request() {
        assertThat(asks("phone", "r1", "team", "g0000000000one")).isEqualTo("g0000000000one");
        assertThat(asks("phone", "r1", "other", "g0000000000two")).isEqualTo("g0000000000two");
    }

    @Test
    void a_name_counts_code_points() {
        assertThat(asks("phone", "r1", "😀".repeat(200), "g0000000000one")).isEqualTo("g0000000000one");
        List<Effect> refused = ann.effects("ann", request("phone", "r2", "😀".repeat(201), "g0000000000two"));
        assertThat(refused).singleElement().isInstanceOfSatisfying(Effect.Deliver.class, reply -> {
            var error = reply.delivery().getReply().getReply().getError();
            assertThat(error.getCode()).isEqualTo(ErrorCode.BAD_REQUEST);
            assertThat(error.getMessage()).contains("name", "200");
        });
    }

    /** The conversation that is told to become the group. */
    private String asks(String device, String requestId, String name, String conversation) {
        return ann.effects("ann", request(device, requestId, name, conversation)).stream()
                .filter(Effect.TellConversation.class::isInstance)
                .map(effect -> ((Effect.TellConversation) effect).conversation().value())
                .findFirst()
                .orElseThrow();
    }

    private static UserCommand.Builder request(String device, String requestId, String name, String conversation) {
        return UserCommand.newBuilder()
                .setOrigin(PlayedUser.origin(device, 1))
                .setRequestId(requestId)
                .setOpenGroup(OpenGroup.newBuilder()
                        .setConversation(conversation)
                        .setGroup(CreateGroup.newBuilder().setName(name).addMembers("ben")));
    }
}
