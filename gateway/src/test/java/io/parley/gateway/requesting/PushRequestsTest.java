package io.parley.gateway.requesting;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.gateway.CommandLog;
import io.parley.protocol.ConversationId;
import io.parley.protocol.MalformedPayload;
import io.parley.protocol.UserId;
import io.parley.protocol.WireFormat;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests about push as devices write them. */
final class PushRequestsTest implements CommandLog, Answer {
    private static final String KEY = base64(65, 4);
    private static final String SECRET = base64(16, 7);

    private final List<UserCommand> commands = new ArrayList<>();
    private final List<Reply> replies = new ArrayList<>();
    private final Requests requests = new Requests(PushRequests.handlers(this));

    private static String base64(int bytes, int first) {
        byte[] key = new byte[bytes];
        key[0] = (byte) first;
        // As browsers write it.
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key);
    }

    private void ask(String json) throws MalformedPayload {
        Request.Builder request = Request.newBuilder();
        WireFormat.JSON.decode(json.getBytes(StandardCharsets.UTF_8), request);
        requests.handle(
                Origin.newBuilder().setUser("ann").build(),
                request.setRequestId("r").build(),
                this);
    }

    @Test
    void a_browsers_subscription_has_its_endpoint_as_token() throws MalformedPayload {
        ask(
                "{\"registerPush\":{\"platform\":\"WEB_PUSH\",\"webPush\":{\"endpoint\":\"https://push.example/1\",\"p256dh\":\""
                        + KEY + "\",\"auth\":\"" + SECRET + "\"}}}");

        assertThat(replies).isEmpty();
        assertThat(commands.get(0).getPushRequest().getRegisterPush().getToken())
                .isEqualTo("https://push.example/1");
    }

    @Test
    void each_kind_reaches_the_users_machine() throws MalformedPayload {
        ask(
                "{\"registerPush\":{\"platform\":\"APNS\",\"token\":\"t\",\"topic\":\"org.example.app\",\"environment\":\"SANDBOX\"}}");
        ask("{\"unregisterPush\":{\"token\":\"t\"}}");
        ask("{\"mute\":{\"conversation\":\"ann~ben\",\"until\":\"2030-01-01T00:00:00Z\",\"exceptMentions\":true}}");
        ask("{\"unmute\":{\"conversation\":\"ann~ben\"}}");
        ask(
                "{\"setPushSettings\":{\"preview\":false,\"quietHours\":{\"from\":\"22:00\",\"to\":\"07:00\",\"timeZone\":\"Europe/Berlin\"}}}");
        ask("{\"getPushSettings\":{}}");

        assertThat(replies).isEmpty();
        assertThat(commands).hasSize(6).allMatch(UserCommand::hasPushRequest);
        assertThat(commands.get(2).getPushRequest().getMute().getExceptMentions())
                .isTrue();
        assertThat(commands.get(4)
                        .getPushRequest()
                        .getSetPushSettings()
                        .getQuietHours()
                        .getTimeZone())
                .isEqualTo("Europe/Berlin");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '\0',
            value = {
                "platform {\"registerPush\":{\"token\":\"t\"}}",
                "platform {\"registerPush\":{\"platform\":\"PIGEON\",\"token\":\"t\"}}",
                "token {\"registerPush\":{\"platform\":\"FCM\"}}",
                "token {\"registerPush\":{\"platform\":\"FCM\",\"token\":\"\\n\"}}",
                "topic {\"registerPush\":{\"platform\":\"APNS\",\"token\":\"t\",\"topic\":\"\\n\"}}",
                "webPush {\"registerPush\":{\"platform\":\"FCM\",\"token\":\"t\",\"webPush\":{}}}",
                "webPush.endpoint {\"registerPush\":{\"platform\":\"WEB_PUSH\",\"webPush\":{\"endpoint\":\"ftp://a/b\"}}}",
                "webPush.p256dh {\"registerPush\":{\"platform\":\"WEB_PUSH\",\"token\":\"https://a/b\"}}",
                "token {\"unregisterPush\":{}}"
            })
    void a_field_that_does_not_fit_is_named(String field, String json) throws MalformedPayload {
        ask(json);

        assertThat(commands).isEmpty();
        assertThat(replies.get(0).getError().getMessage()).startsWith(field + " is ");
    }

    @Override
    public void append(UserId user, UserCommand command, Consumer<@Nullable Exception> done) {
        commands.add(command);
    }

    @Override
    public void append(ConversationId conversation, ConversationCommand command, Consumer<@Nullable Exception> done) {
        throw new AssertionError("a conversation is told " + command);
    }

    @Override
    public void appendToAllUsers(UserCommand command, IntConsumer taken) {
        throw new AssertionError("all are told " + command);
    }

    @Override
    public void taken(@Nullable Exception failure) {}

    @Override
    public WireFormat format() {
        return WireFormat.JSON;
    }

    @Override
    public int listBytes() {
        return 1;
    }

    @Override
    public void reply(Reply reply) {
        replies.add(reply);
    }
}
