package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.ConversationSummary;
import io.parley.protocol.wire.Edit;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.React;
import io.parley.protocol.wire.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an operator can do: see what is stored, and erase a user. */
@WithPlatform
class OperatorIT extends ConversationChecks {
    private static final UserId EVE = UserId.parse("operator-eve");

    OperatorIT(Platform platform) {
        super(platform);
    }

    @Test
    void an_erased_user_is_gone_for_everybody() throws Exception {
        UserId dan = UserId.parse("operator-dan");
        try (HiveDevice atDan = HiveDevice.connect(platform(), dan + "/phone");
                HiveDevice atEve = HiveDevice.connect(platform(), EVE + "/phone")) {
            ConversationId group = atDan.createGroup("team", EVE);
            atDan.subscribe(group);
            atEve.subscribe(group);
            try (HiveDevice laptop = device(EVE, "laptop", group)) {
                awaitEvents(laptop, 1);
            }
            atEve.send(group, "m1", "what eve says");
            atDan.send(group, "m1", "what dan says");
            awaitEvents(atEve, 3);
            int dans = seqOf(atEve, dan);
            int eves = seqOf(atEve, EVE);
            atDan.send(
                    group,
                    Publication.newBuilder()
                            .setId("m2")
                            .setEdit(Edit.newBuilder().setSeq(dans).setText("what dan means"))
                            .build());
            atDan.send(
                    group,
                    Publication.newBuilder()
                            .setId("m3")
                            .setReact(React.newBuilder().setSeq(eves).setEmoji("👍"))
                            .build());
            awaitEvents(atEve, 5);
            awaitHead(EVE, group, 5);
            assertThat(history(EVE).after(group, 0).getMessages(eves - 1).getReactionsCount())
                    .isEqualTo(1);

            String said = OperatorProgram.run(platform(), ClientProgram.ERASE, dan.value(), "--yes");

            assertThat(said)
                    .contains(
                            "is or was in 1 conversations",
                            "gone from history: 2 messages and edits, 1 reactions",
                            "what remains of " + dan,
                            "tokens:");
            await().atMost(LIMIT).until(() -> atDan.ended().isDone());
            // That, and that eve owns the group now.
            awaitEvents(atEve, 7);
            assertThat(atEve.events().get(5).getUserErased().getUser()).isEqualTo(dan.value());
            awaitHead(EVE, group, 7);
            List<ChatEvent> page = history(EVE).after(group, 0).getMessagesList();
            assertThat(page.get(dans - 1).hasDeletedMessage()).isTrue();
            assertThat(page.get(3).getEdited().getText()).isEmpty();
            assertThat(page.get(eves - 1).getText()).isEqualTo("what eve says");
            assertThat(page.get(eves - 1).getReactionsCount()).isZero();
            ConversationSummary summary = history(EVE).conversations().getConversations(0);
            assertThat(summary.getMembersList()).containsExactly(EVE.value());
            assertThat(summary.getRole()).isEqualTo(Role.OWNER);
            assertThat(history(dan).conversations().getConversationsCount()).isZero();

            try (HiveDevice laptop = device(EVE, "laptop", group)) {
                await().atMost(LIMIT).until(() -> laptop.events().stream().anyMatch(event -> event.getSeq() == 7));
                assertThat(laptop.events())
                        .as("who comes later gets tombstones")
                        .anyMatch(event -> event.getSeq() == dans && event.hasDeletedMessage())
                        .noneMatch(event -> event.getText().contains("dan says"));
            }
        }
    }

    @Test
    void storage_is_told_for_each_conversation_and_topic() throws Exception {
        UserId fay = UserId.parse("operator-fay");
        ConversationId two = ConversationId.direct(EVE, fay);
        try (HiveDevice atFay = HiveDevice.connect(platform(), fay + "/phone")) {
            atFay.subscribe(two);
            atFay.send(two, "m1", "hi");
            awaitHead(fay, two, 1);
        }
        String said = OperatorProgram.run(platform(), ClientProgram.STORAGE, "--conversations=0");
        assertThat(said.lines().filter(line -> line.contains(two.value())))
                .singleElement()
                .asString()
                .containsPattern("30 days \\(default\\) +1 ");
        assertThat(said).containsPattern("total: .* at the latest");
        assertThat(said).containsPattern("parley\\.commands +[0-9]+ +[0-9.]+ .*after the engine has it");
    }

    private static int seqOf(HiveDevice device, UserId from) {
        return device.events().stream()
                .filter(event -> event.getFrom().equals(from.value()) && event.hasText())
                .mapToInt(ChatEvent::getSeq)
                .findFirst()
                .orElseThrow();
    }
}
