package io.parley.bridge.conversation.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.conversation.ConversationLimits;
import io.parley.bridge.conversation.ConversationSizes;
import io.parley.bridge.conversation.PlayedConversation;
import io.parley.bridge.state.Head;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ErrorCode;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What is remembered of a conversation's last messages, and that it is no more than that. */
class MessageWindowTest {
    private static final int WINDOW = MessageWindow.BLOCKS * MessageWindow.BLOCK_SIZE;
    private static final String HEART = "❤️";

    private final PlayedConversation group = PlayedConversation.group(
            new ConversationLimits(Duration.ZERO, Duration.ZERO, 0, 0, 30, 100, 50, ConversationSizes.defaults()));

    @Test
    void every_message_of_the_window_is_known_with_its_sender_and_second() {
        for (int seq = 2; seq <= WINDOW; seq++) {
            group.later(Duration.ofSeconds(seq % 100));
            long at = group.says(user(seq), "t").event().getAt().getSeconds();

            assertThat(Objects.requireNonNull(group.store.said(seq)).atSeconds())
                    .isEqualTo(at);
        }

        for (int seq = 2; seq <= WINDOW; seq++) {
            assertThat(Objects.requireNonNull(group.store.said(seq)).sender()).isEqualTo(UserId.parse(user(seq)));
        }
        assertThat(group.store.said(0)).isNull();
        assertThat(group.store.said(1)).as("the founding").isNull();
        assertThat(group.store.said(WINDOW + 1)).isNull();
    }

    @Test
    void what_lies_further_back_is_forgotten_with_all_that_was_done_to_it() {
        int seq = group.says("ben", "old").seq();
        group.edits("ben", seq, "older");
        group.reacts("cid", seq, HEART);
        fillTo(WINDOW);
        assertThat(group.reacts("ann", seq, HEART).events()).hasSize(1);
        fillTo(WINDOW + 2 * MessageWindow.BLOCK_SIZE);

        assertThat(group.reacts("cid", seq, HEART).error()).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(group.deletes("ben", seq).error()).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(group.rows.keys("e|")).isEmpty();
        assertThat(group.rows.keys("w|")).hasSize(MessageWindow.BLOCKS);
    }

    @Test
    void a_deleted_message_is_forgotten_at_once_wherever_it_lies() {
        int old = group.says("ben", "old").seq();
        group.reacts("cid", old, HEART);
        fillTo(100);
        int fresh = group.says("ben", "new").seq();

        assertThat(group.deletes("ben", old).events()).hasSize(1);
        assertThat(group.deletes("ben", fresh).events()).hasSize(1);

        assertThat(group.store.said(old)).isNull();
        assertThat(group.store.said(fresh)).isNull();
        assertThat(group.store.said(fresh - 1)).isNotNull();
        assertThat(group.rows.keys("e|")).isEmpty();
    }

    @Test
    void a_message_costs_a_few_bytes() {
        fillTo(WINDOW + 100);
        Head head = group.store.head();

        assertThat(head.getNewest().getSerializedSize()).isLessThan(200);
        int bytes = group.rows.keys("w|").stream()
                .mapToInt(key -> Objects.requireNonNull(group.rows.get(key)).length)
                .sum();
        assertThat(bytes / WINDOW).isLessThan(5);
    }

    private void fillTo(int head) {
        while (group.store.head().getSeq() < head) {
            group.later(Duration.ofSeconds(20));
            group.says(user(group.store.head().getSeq()), "t");
        }
    }

    private static String user(int seq) {
        return seq % 2 == 0 ? "ann" : "ben";
    }
}
