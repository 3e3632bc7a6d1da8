package io.parley.bridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.audit.Seeds;
import io.parley.protocol.ConversationId;
import io.parley.protocol.log.EraseUser;
import io.parley.protocol.log.PushRequest;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.push.Notification;
import io.parley.protocol.push.PushPlatform;
import io.parley.protocol.push.PushToken;
import io.parley.protocol.push.TokenGone;
import io.parley.protocol.wire.RegisterPush;
import io.parley.protocol.wire.RemoveDevice;
import io.parley.protocol.wire.UnregisterPush;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whose push tokens are whose, and when they go. */
final class TokensTest {
    private static final ConversationId WITH_BEN = PlayedPhones.chat("ann", "ben");
    private static final ConversationId WITH_CID = PlayedPhones.chat("ann", "cid");

    private PlayedPhones phones = played(1);

    private static PlayedPhones played(long seed) {
        PlayedPhones phones = new PlayedPhones(seed);
        List.of("ann/phone", "ben/phone", "cid/phone").forEach(phones::connects);
        return phones;
    }

    private List<String> notifiedTokens() {
        return phones.notifications().stream()
                .filter(Notification::hasAlert)
                .flatMap(one -> one.getTokensList().stream().map(token -> one.getUser() + " " + token.getToken()))
                .toList();
    }

    /** Of users who have a token, and of its owner. */
    private List<String> tokenRows() {
        return Stream.of("r|#", "r|ben|", "r|cid|")
                .flatMap(key -> phones.log.keysWith(key).stream())
                .toList();
    }

    private void annWritesToBoth() {
        phones.leaves("ben/phone");
        phones.leaves("cid/phone");
        phones.says("ann/phone", WITH_BEN, "hello");
        phones.says("ann/phone", WITH_CID, "hello");
    }

    @Test
    void a_token_that_another_user_registers_leaves_its_owner() {
        phones.registers("ben/phone", "shared");
        assertThat(phones.registers("cid/phone", "shared").hasOk()).isTrue();
        annWritesToBoth();
        assertThat(notifiedTokens()).containsExactly("cid shared");

        phones.opens("ben/phone");
        phones.registers("ben/phone", "shared");
        phones.notifications();
        phones.leaves("ben/phone");
        phones.says("ann/phone", WITH_CID, "again");
        phones.says("ann/phone", WITH_BEN, "again");
        assertThat(notifiedTokens()).containsExactly("ben shared");
    }

    @Test
    void claims_that_meet_leave_a_token_with_one_user() {
        Seeds.play(40, seed -> {
            phones = played(seed);
            Random random = new Random(seed);
            phones.registers("ben/phone", "shared");
            for (int i = 0; i < 6; i++) {
                phones.log.append(
                        random.nextBoolean() ? "ben" : "cid",
                        UserCommand.newBuilder()
                                .setPushRequest(PushRequest.newBuilder()
                                        .setRegisterPush(RegisterPush.newBuilder()
                                                .setPlatform(PushPlatform.FCM)
                                                .setToken("shared")))
                                .build());
                phones.log.run(random.nextInt(4));
                phones.log.pass(1);
            }
            phones.run();
            assertThat(tokenRows()).as("the user's and the owner's").hasSize(2);
        });
    }

    @Test
    void a_token_is_gone_when_its_provider_says_so_unless_it_was_registered_since() {
        phones.registers("ben/phone", "bens");
        long before = phones.log.nowMillis() - 1;
        phones.toUser("ben/phone", gone("bens", before));
        annWritesToBoth();
        assertThat(notifiedTokens()).containsExactly("ben bens");

        phones.toUser("ben/phone", gone("bens", phones.log.nowMillis()));
        phones.says("ann/phone", WITH_BEN, "nobody hears it");
        assertThat(notifiedTokens()).isEmpty();
        assertThat(tokenRows()).as("it has no owner, either").isEmpty();
    }

    private static UserCommand.Builder gone(String token, long asOfMillis) {
        return UserCommand.newBuilder()
                .setTokenGone(TokenGone.newBuilder()
                        .setPlatform(PushPlatform.FCM)
                        .setToken(token)
                        .setAsOfMillis(asOfMillis));
    }

    @Test
    void a_token_goes_with_its_device_and_with_its_user() {
        phones.registers("ben/phone", "bens");
        phones.connects("ben/desk");
        phones.registers("ben/desk", "desks");
        phones.toUser(
                "ben/desk",
                UserCommand.newBuilder()
                        .setRemoveDevice(RemoveDevice.newBuilder().setDevice("phone")));
        phones.leaves("ben/desk");
        phones.says("ann/phone", WITH_BEN, "hello");
        assertThat(notifiedTokens()).containsExactly("ben desks");

        phones.toUser("ben/desk", UserCommand.newBuilder().setEraseUser(EraseUser.getDefaultInstance()));
        assertThat(tokenRows()).isEmpty();
        phones.notifications();
        phones.says("ann/phone", WITH_BEN, "anybody?");
        assertThat(notifiedTokens()).isEmpty();
    }

    @Test
    void a_token_is_forgotten_60_days_after_its_device_was_seen() {
        phones.registers("ben/phone", "bens");
        phones.log.pass(Duration.ofDays(1).toMillis());
        phones.opens("ben/phone");
        phones.leaves("ben/phone");
        phones.log.pass(Duration.ofDays(59).toMillis());
        phones.run();
        assertThat(tokenRows()).hasSize(2);

        phones.log.pass(Duration.ofDays(2).toMillis());
        phones.run();

        assertThat(tokenRows()).isEmpty();
    }

    @Test
    void a_device_has_four_tokens_at_most_and_the_oldest_goes() {
        for (int i = 0; i < 6; i++) {
            phones.registers("ben/phone", "t" + i);
            phones.later(2_000);
        }
        annWritesToBoth();

        assertThat(phones.notifications())
                .singleElement()
                .extracting(one -> one.getTokensList().stream()
                        .map(PushToken::getToken)
                        .sorted()
                        .toList())
                .isEqualTo(List.of("t2", "t3", "t4", "t5"));
    }

    @Test
    void an_unregistered_token_is_notified_no_more_and_nothing_is_told_for_it() {
        phones.registers("ben/phone", "bens");
        phones.leaves("ben/phone");
        phones.says("ann/phone", WITH_BEN, "hello");
        phones.opens("ben/phone");
        phones.asks(
                "ben/phone",
                PushRequest.newBuilder()
                        .setUnregisterPush(UnregisterPush.newBuilder().setToken("bens")));
        phones.drops("ben/phone");
        phones.notifications();
        phones.says("ann/phone", WITH_BEN, "nobody hears it");
        assertThat(phones.notifications()).isEmpty();

        phones.log.appended().clear();
        phones.says("ann/phone", WITH_BEN, "and nobody is told");
        assertThat(phones.log.appended()).noneMatch(command -> command.contains("NOTIFY"));
    }
}
