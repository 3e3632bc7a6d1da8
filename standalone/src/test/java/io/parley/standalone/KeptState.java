package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.Block;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.ConversationList;
import io.parley.protocol.wire.ConversationSummary;
import io.parley.protocol.wire.Describe;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.HistoryPage;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.Request;
import io.parley.protocol.wire.SetRetention;

/**
 * Something of everything that a platform must still have after a restart: a group with settings, its history, what eve has read and
 * what her tablet has not got yet, and whom dora blocks.
 */
final class KeptState extends ConversationChecks {
    private static final UserId DORA = UserId.parse("dora");
    private static final UserId EVE = UserId.parse("eve");
    private static final UserId MALLORY = UserId.parse("mallory");
    private static final ConversationId BLOCKED = ConversationId.direct(DORA, MALLORY);

    private final ConversationId group;
    private final ConversationList doras;
    private final ConversationList eves;
    private final HistoryPage page;

    private KeptState(Platform platform, ConversationId group) throws Exception {
        super(platform);
        this.group = group;
        awaitHead(EVE, group, 7);
        await().atMost(LIMIT).until(() -> summaryOfEve().getRead() == 4);
        doras = history(DORA).conversations();
        eves = history(EVE).conversations();
        page = history(EVE).after(group, 0);
    }

    /** Makes it, through devices. */
    static KeptState make(Platform platform) throws Exception {
        try (HiveDevice dora = HiveDevice.connect(platform, DORA + "/phone");
                HiveDevice mallory = HiveDevice.connect(platform, MALLORY + "/phone")) {
            ConversationId group = dora.createGroup("lasting", EVE);
            ask(
                    dora,
                    Request.newBuilder()
                            .setDescribe(Describe.newBuilder()
                                    .setConversation(group.value())
                                    .setDescription("what stays")));
            ask(
                    dora,
                    Request.newBuilder()
                            .setSetRetention(SetRetention.newBuilder()
                                    .setConversation(group.value())
                                    .setDays(7)));
            mallory.send(BLOCKED, "m1", "hello");
            ask(dora, Request.newBuilder().setBlock(Block.newBuilder().setUser(MALLORY.value())));
            try (HiveDevice tablet = HiveDevice.connect(platform, EVE + "/tablet");
                    HiveMqClient phone = new HiveMqClient(Login.of(platform, EVE, "phone"))) {
                tablet.subscribe(group);
                dora.send(group, "m1", "before");
                await().atMost(LIMIT).until(() -> tablet.events().stream().anyMatch(event -> event.getSeq() == 4));
                phone.publish("chat/" + group + "/receipt", "{\"read\":4}");
            }
            for (int i = 2; i <= 4; i++) {
                dora.send(group, "m" + i, "missed");
            }
            return new KeptState(platform, group);
        }
    }

    private static void ask(HiveDevice device, Request.Builder request) throws Exception {
        assertThat(device.ask(named(request)).hasOk()).isTrue();
    }

    private ConversationSummary summaryOfEve() throws Exception {
        return history(EVE).conversations().getConversations(0);
    }

    /** That all of it is there again, and nothing else. */
    void assertKept() throws Exception {
        assertThat(history(DORA).conversations()).isEqualTo(doras);
        assertThat(history(EVE).conversations()).isEqualTo(eves);
        assertThat(summaryOfEve().getUnread()).isEqualTo(3);
        assertThat(summaryOfEve().getDescription()).isEqualTo("what stays");
        assertThat(summaryOfEve().getRetention().getDays()).isEqualTo(7);
        assertThat(history(EVE).after(group, 0)).isEqualTo(page);
        try (HiveDevice mallory = HiveDevice.connect(platform(), MALLORY + "/phone");
                HiveDevice dora = HiveDevice.connect(platform(), DORA + "/phone");
                HiveDevice tablet = HiveDevice.connect(platform(), EVE + "/tablet")) {
            Publication blocked =
                    Publication.newBuilder().setId("m2").setText("hello?").build();
            assertThat(mallory.refused(BLOCKED, blocked).getCode()).isEqualTo(ErrorCode.NOT_ALLOWED);
            tablet.subscribe(group);
            awaitEvents(tablet, 3);
            dora.send(group, "m5", "after");
            awaitEvents(tablet, 4);
            assertThat(tablet.events()).extracting(ChatEvent::getSeq).containsExactly(5, 6, 7, 8);
        }
    }
}
