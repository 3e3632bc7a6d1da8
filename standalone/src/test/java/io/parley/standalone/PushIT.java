package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.push.Notification;
import io.parley.protocol.push.PushPlatform;
import io.parley.protocol.push.PushToken;
import io.parley.protocol.wire.RegisterPush;
import io.parley.protocol.wire.Request;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Who is away is notified, and no more when it was read elsewhere. */
@WithPlatform
class PushIT extends ConversationChecks {
    private static final Duration TWO_SECONDS = Duration.ofSeconds(2);
    private static final UserId AMY = UserId.parse("push-amy");
    private static final UserId BOB = UserId.parse("push-bob");

    private final Platform platform;

    PushIT(Platform platform) {
        super(platform);
        this.platform = platform;
    }

    @Test
    void who_is_away_is_notified_within_two_seconds_until_it_is_read_elsewhere() throws Exception {
        ConversationId conversation = ConversationId.direct(AMY, BOB);
        try (LoggedNotifications notifications = new LoggedNotifications(platform);
                HiveDevice atAmy = device(AMY, "phone", conversation)) {
            try (HiveDevice atBob = device(BOB, "phone", conversation)) {
                assertThat(atBob.ask(Request.newBuilder()
                                        .setRequestId("push")
                                        .setRegisterPush(RegisterPush.newBuilder()
                                                .setPlatform(PushPlatform.FCM)
                                                .setToken("bobs-token"))
                                        .build())
                                .hasOk())
                        .isTrue();
                atAmy.send(conversation, "m1", "while you are here");
                awaitEvents(atBob, 1);
            }
            atAmy.send(conversation, "m2", "where are you?");
            await().atMost(TWO_SECONDS)
                    .until(() -> notifications.of(BOB).stream().anyMatch(one -> one.getSeq() == 2));
            Notification alert = notifications.of(BOB).stream()
                    .filter(one -> one.getSeq() == 2)
                    .findFirst()
                    .orElseThrow();
            assertThat(alert.getTokensList()).extracting(PushToken::getToken).containsExactly("bobs-token");
            assertThat(alert.getAlert().getTitle()).isEqualTo(AMY.value());
            assertThat(alert.getBadge()).isEqualTo(2);

            try (HiveDevice elsewhere = device(BOB, "desk", conversation)) {
                elsewhere.read(conversation, 2);
                await().until(() -> notifications.of(BOB).stream().anyMatch(Notification::hasWithdrawal));
            }
            assertThat(notifications.of(AMY)).isEmpty();
            assertThat(notifications.of(BOB))
                    .filteredOn(Notification::hasWithdrawal)
                    .singleElement()
                    .extracting(Notification::getBadge)
                    .isEqualTo(0);
        }
    }
}
