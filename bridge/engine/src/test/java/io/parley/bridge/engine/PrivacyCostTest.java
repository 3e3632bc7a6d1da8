package io.parley.bridge.engine;

import static io.parley.bridge.engine.PlayedUser.origin;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.Effect;
import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.log.WatchPresence;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.SetPrivacy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What it costs that a user with many conversations changes what is shown of them. */
final class PrivacyCostTest {
    private static final int GROUPS = 1_999;
    private static final int SLICE = 200;

    private final PlayedUser ann = new PlayedUser();
    private final List<String> told = new ArrayList<>();

    PrivacyCostTest() {
        ann.connected("phone", 1);
        for (int i = 0; i < GROUPS; i++) {
            ann.effects("ann", PlayedUser.joined("g%012d".formatted(i)));
        }
    }

    private List<Effect> sets(SetPrivacy.Builder privacy) {
        return ann.effects(
                "ann",
                UserCommand.newBuilder()
                        .setOrigin(origin("phone", 1))
                        .setRequestId("r")
                        .setSetPrivacy(privacy));
    }

    /** Runs what the user machine asks itself to do, and how often that was. */
    private int goOn(List<Effect> first) {
        List<Effect> effects = first;
        for (int steps = 0; ; steps++) {
            List<String> now = effects.stream()
                    .filter(Effect.TellConversation.class::isInstance)
                    .map(effect ->
                            ((Effect.TellConversation) effect).conversation().value())
                    .toList();
            assertThat(now).hasSizeLessThanOrEqualTo(SLICE);
            told.addAll(now);
            List<UserCommand> next = effects.stream()
                    .filter(Effect.TellUser.class::isInstance)
                    .map(effect -> ((Effect.TellUser) effect).command())
                    .toList();
            if (next.isEmpty()) {
                return steps;
            }
            assertThat(next).hasSize(1);
            effects = ann.effects("ann", next.get(0).toBuilder());
        }
    }

    @Test
    void each_conversation_is_told_once_of_who_hides_what_they_read_and_200_at_a_time() {
        int steps = goOn(sets(SetPrivacy.newBuilder().setReadReceipts(false)));

        assertThat(told).hasSize(GROUPS + 1).doesNotHaveDuplicates();
        assertThat(steps).isEqualTo((GROUPS + 1) / SLICE);
    }

    @Test
    void each_that_wants_to_know_is_told_once_of_who_hides_their_presence_and_200_at_a_time() {
        // Each was told when the user came, and does not want to know more, but those.
        for (int i = SLICE + 50; i < GROUPS; i++) {
            ann.effects(
                    "ann",
                    UserCommand.newBuilder()
                            .setWatchPresence(WatchPresence.newBuilder().setConversation("g%012d".formatted(i))));
        }

        int steps = goOn(sets(SetPrivacy.newBuilder().setPresence(false)));

        // And the conversation of two.
        assertThat(told).hasSize(SLICE + 51).doesNotHaveDuplicates();
        assertThat(steps).isEqualTo(1);
    }

    @Test
    void it_counts_once_more_for_each_thousand_conversations() {
        int changes = 0;
        while (refusal(sets(SetPrivacy.newBuilder().setReadReceipts(changes % 2 == 1))) != ErrorCode.RATE_LIMITED) {
            changes++;
        }

        assertThat(changes).as("300 an hour, of which each counts three times").isEqualTo(100);
    }

    private static ErrorCode refusal(List<Effect> effects) {
        return effects.stream()
                .filter(Effect.Deliver.class::isInstance)
                .map(effect -> ((Effect.Deliver) effect).delivery())
                .filter(Delivery::hasReply)
                .map(delivery -> delivery.getReply().getReply().getError().getCode())
                .findAny()
                .orElseThrow();
    }
}
