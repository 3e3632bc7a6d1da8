package io.parley.gateway.requesting;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import io.parley.gateway.CommandLog;
import io.parley.protocol.ConversationId;
import io.parley.protocol.log.PushRequest;
import io.parley.protocol.push.PushPlatform;
import io.parley.protocol.wire.Mute;
import io.parley.protocol.wire.RegisterPush;
import io.parley.protocol.wire.Request;
import io.parley.protocol.wire.Request.RequestCase;
import io.parley.protocol.wire.WebPush;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/** What a device asks about notifications of its user. The user's machine answers; a token's form is checked here. */
final class PushRequests {
    private static final int MAX_TOKEN = 4_096;
    private static final int MAX_TOPIC = 255;
    private static final int MAX_ENDPOINT = 2_048;
    private static final int KEY_BYTES = 65;
    private static final int SECRET_BYTES = 16;
    private static final Pattern PROVIDER = Pattern.compile("[a-z0-9-]{1,32}");

    private PushRequests() {}

    static Map<RequestCase, RequestHandler> handlers(CommandLog log) {
        Map<RequestCase, RequestHandler> handlers = new EnumMap<>(RequestCase.class);
        handlers.put(
                RequestCase.REGISTER_PUSH,
                push(log, (push, request) -> push.setRegisterPush(checked(request.getRegisterPush()))));
        handlers.put(RequestCase.UNREGISTER_PUSH, push(log, (push, request) -> {
            require(!request.getUnregisterPush().getToken().isEmpty(), "token is missing");
            push.setUnregisterPush(request.getUnregisterPush());
        }));
        handlers.put(RequestCase.MUTE, push(log, (push, request) -> push.setMute(checked(request.getMute()))));
        handlers.put(RequestCase.UNMUTE, push(log, (push, request) -> {
            ConversationId.parse(request.getUnmute().getConversation());
            push.setUnmute(request.getUnmute());
        }));
        handlers.put(
                RequestCase.SET_PUSH_SETTINGS,
                push(log, (push, request) -> push.setSetPushSettings(request.getSetPushSettings())));
        handlers.put(
                RequestCase.GET_PUSH_SETTINGS,
                push(log, (push, request) -> push.setGetPushSettings(request.getGetPushSettings())));
        return handlers;
    }

    private static RequestHandler push(CommandLog log, BiConsumer<PushRequest.Builder, Request> setting) {
        return new UserRequest(log, (command, request) -> {
            PushRequest.Builder push = PushRequest.newBuilder();
            setting.accept(push, request);
            command.setPushRequest(push);
        });
    }

    private static Mute checked(Mute mute) {
        ConversationId.parse(mute.getConversation());
        Timestamp until = mute.getUntil();
        require(Timestamps.isValid(until), "until is no time");
        return mute;
    }

    /** As the machine takes it: with a token, whatever the platform. */
    private static RegisterPush checked(RegisterPush wish) {
        PushPlatform platform = wish.getPlatform();
        require(
                platform != PushPlatform.PUSH_PLATFORM_UNSPECIFIED && platform != PushPlatform.UNRECOGNIZED,
                "platform is one of APNS, FCM, WEB_PUSH and PLUGIN");
        require(wish.getTopic().length() <= MAX_TOPIC && isVisible(wish.getTopic()), "topic is no app's topic");
        boolean named = PROVIDER.matcher(wish.getProvider()).matches();
        require(
                platform == PushPlatform.PLUGIN ? named : wish.getProvider().isEmpty(),
                "provider is 1-32 of [a-z0-9-] with the platform PLUGIN, and nothing with others");
        if (platform == PushPlatform.WEB_PUSH) {
            return subscription(wish);
        }
        require(!wish.hasWebPush(), "webPush is only for the platform WEB_PUSH");
        require(!wish.getToken().isEmpty(), "token is missing");
        require(
                wish.getToken().length() <= MAX_TOKEN && isVisible(wish.getToken()),
                "token is longer than 4,096 characters, or has some that no token has");
        return wish;
    }

    private static RegisterPush subscription(RegisterPush wish) {
        WebPush subscription = wish.getWebPush();
        String endpoint = subscription.getEndpoint().isEmpty() ? wish.getToken() : subscription.getEndpoint();
        require(isUrl(endpoint), "webPush.endpoint is no http or https URL of at most 2,048 characters");
        require(
                subscription.getP256Dh().size() == KEY_BYTES
                        && subscription.getP256Dh().byteAt(0) == 4,
                "webPush.p256dh is no uncompressed point of 65 bytes in base64");
        require(subscription.getAuth().size() == SECRET_BYTES, "webPush.auth is not 16 bytes in base64");
        return wish.toBuilder().setToken(endpoint).build();
    }

    private static boolean isUrl(String text) {
        if (text.length() > MAX_ENDPOINT) {
            return false;
        }
        try {
            URI uri = new URI(text);
            boolean http = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
            return http && uri.getHost() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static boolean isVisible(String text) {
        return text.chars().allMatch(character -> character > ' ' && character < 0x7f);
    }

    /** @throws IllegalArgumentException with that reason, which is shown to the device */
    private static void require(boolean holds, String reason) {
        if (!holds) {
            throw new IllegalArgumentException(reason);
        }
    }
}
