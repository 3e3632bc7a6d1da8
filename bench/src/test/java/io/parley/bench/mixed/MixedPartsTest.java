package io.parley.bench.mixed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.audit.Anomaly;
import io.parley.audit.Membership;
import io.parley.demo.MembershipTimes;
import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.DeletedMessage;
import io.parley.protocol.wire.MemberLeft;
import io.parley.protocol.wire.MembersAdded;
import io.parley.protocol.wire.MembersRemoved;
import io.parley.protocol.wire.Publication;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MixedPartsTest {
    private static final DeviceId ALICE = DeviceId.parse("alice/phone");
    private static final DeviceId BOB = DeviceId.parse("bob/phone");

    private final Talk talk = new Talk(ConversationId.parse("alice~bob"));
    private final List<ChatEvent> history = new ArrayList<>();

    @Test
    void a_talk_in_which_all_went_well_has_no_anomaly() {
        said("m1");
        said("m2");
        assertThat(talk.audit(history, List.of()).describe()).isEqualTo("no anomalies");
        assertThat(talk.delivered()).isEqualTo(2);
        assertThat(talk.acknowledged()).isEqualTo(2);
    }

    @Test
    void a_deleted_message_is_the_same_before_and_after() {
        ChatEvent message = said("m1");
        assertThat(talk.choose(1)).isTrue();
        assertThat(talk.choose(1)).as("changed once at most").isFalse();
        assertThat(talk.changes().delete(message).getDelete().getSeq()).isEqualTo(1);
        assertThat(talk.audit(history, List.of()).examples(Anomaly.DIVERGENCE))
                .as("history does not show it")
                .hasSize(1);
        history.set(
                0,
                message.toBuilder()
                        .clearId()
                        .setDeletedMessage(DeletedMessage.getDefaultInstance())
                        .build());
        assertThat(new Talk(talk.id()).audit(List.of(), List.of()).isClean()).isTrue();
        assertThat(talk.changes().differences("alice~bob", history).isClean()).isTrue();
    }

    @Test
    void what_a_device_was_not_told_is_unseen() {
        said("m1");
        DeviceId tablet = DeviceId.parse("bob/tablet");
        talk.watch(tablet);
        assertThat(talk.audit(history, List.of()).examples(Anomaly.UNSEEN)).hasSize(1);
    }

    @Test
    void a_connection_that_began_later_counts_later_even_if_an_older_one_is_heard_after_it() {
        ChatEvent first = event(1, "m1");
        ChatEvent second = event(2, "m2");
        send("m1");
        send("m2");
        member(BOB);
        talk.received(BOB, 1001, second);
        talk.received(BOB, 1, first);
        history.addAll(List.of(first, second));
        assertThat(talk.audit(history, List.of()).describe()).isEqualTo("no anomalies");
    }

    @Test
    void a_guest_who_was_removed_while_cut_is_owed_what_came() {
        List<ChatEvent> told = List.of(
                ChatEvent.newBuilder()
                        .setSeq(2)
                        .setMembersAdded(MembersAdded.newBuilder().addUsers("guest"))
                        .build(),
                ChatEvent.newBuilder()
                        .setSeq(6)
                        .setMembersRemoved(MembersRemoved.newBuilder().addUsers("guest"))
                        .build(),
                ChatEvent.newBuilder()
                        .setSeq(8)
                        .setMembersAdded(MembersAdded.newBuilder().addUsers("guest"))
                        .build(),
                ChatEvent.newBuilder()
                        .setSeq(9)
                        .setMemberLeft(MemberLeft.newBuilder().setUser("guest"))
                        .build());
        assertThat(new MembershipTimes(
                                "guest",
                                List.of(
                                        new MembershipTimes.Came(1, 3),
                                        new MembershipTimes.Came(2, 8),
                                        new MembershipTimes.Came(2, 9)))
                        .of(told))
                .containsExactly(new Membership("guest", 2, 3), new Membership("guest", 8, 9));
        assertThat(new MembershipTimes("guest", List.of(new MembershipTimes.Came(1, 6), new MembershipTimes.Came(1, 8)))
                        .of(told))
                .contains(new Membership("guest", 2, 6));
    }

    @Test
    void a_load_names_the_option_that_is_out_of_its_range() {
        assertThatThrownBy(() -> new MixedLoad(3, 10, 10, 0, 1, false)).hasMessageContaining("--devices");
        MixedLoad load = new MixedLoad(36, 10, 10, 3, 1, false);
        assertThat(load.pairs()).isEqualTo(6);
        assertThat(load.groups()).isEqualTo(4);
        assertThat(load.messages()).isEqualTo(130);
    }

    private ChatEvent said(String id) {
        send(id);
        if (history.isEmpty()) {
            member(ALICE);
            member(BOB);
        }
        ChatEvent event = event(history.size() + 1, id);
        history.add(event);
        for (DeviceId device : List.of(ALICE, BOB)) {
            assertThat(talk.received(device, 1, event)).isTrue();
            talk.acknowledges(device, 1, event.getSeq());
        }
        return event;
    }

    private void send(String id) {
        Publication publication =
                Publication.newBuilder().setId(id).setText("text of " + id).build();
        talk.sending(ALICE, publication);
        talk.acknowledged(publication);
    }

    private void member(DeviceId device) {
        talk.stays(device.user().value());
        talk.watch(device);
    }

    private static ChatEvent event(int seq, String id) {
        return ChatEvent.newBuilder()
                .setSeq(seq)
                .setId(id)
                .setFrom(ALICE.user().value())
                .setText("text of " + id)
                .build();
    }
}
