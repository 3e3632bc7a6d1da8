package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.push.PushPlatform;
import io.parley.protocol.wire.Mute;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.RegisterPush;
import io.parley.protocol.wire.RemoveMembers;
import io.parley.protocol.wire.Request;
import io.parley.protocol.wire.Unmute;
import io.parley.protocol.wire.WebPush;
import io.parley.standalone.PushedTo.Pushed;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is away is notified on the phones and in the browsers where they registered, by the real push service, and no more when it was read elsewhere. */
@WithPlatform
class PushIT extends ConversationChecks {
    private final Platform platform;

    PushIT(Platform platform) {
        super(platform);
        this.platform = platform;
    }

    @Test
    void who_is_away_is_notified_of_each_message_everywhere_until_it_is_read_elsewhere() throws Exception {
        UserId amy = UserId.parse("push-amy");
        UserId bob = UserId.parse("push-bob");
        UserId cid = UserId.parse("push-cid");
        ConversationId conversation = ConversationId.direct(amy, bob);
        ConversationId other = ConversationId.direct(bob, cid);
        Config browser = ConfigFactory.parseString(
                new ParleyCommand(platform.addresses(), platform.data()).run("push-sink", "--subscribe"));
        PushedTo atIphone = PushedTo.of(platform, "b0".repeat(32));
        PushedTo atAndroid = PushedTo.of(platform, "bobs:android");
        PushedTo atBrowser = PushedTo.of(platform, browser.getString("endpoint"));
        List<PushedTo> everywhere = List.of(atIphone, atAndroid, atBrowser);
        try (HiveDevice atAmy = device(amy, "phone", conversation);
                HiveDevice atCid = device(cid, "phone", other)) {
            try (HiveDevice atBob = device(bob, "phone", conversation)) {
                register(atBob, PushPlatform.APNS, atIphone.token());
                register(atBob, PushPlatform.FCM, atAndroid.token());
                ok(atBob, Request.newBuilder().setRegisterPush(registration(browser)));
                atAmy.send(conversation, "m1", "while you are here");
                awaitEvents(atBob, 1);
                atBob.read(conversation, 1);
            }
            atAmy.send(conversation, "m2", "where are you?");
            for (PushedTo place : everywhere) {
                Pushed shown = place.await(conversation, 2);
                assertThat(shown.title()).isEqualTo(amy.value());
                assertThat(shown.badge()).isEqualTo(1);
                assertThat(shown.silent()).isFalse();
            }
            atAmy.send(conversation, "m3", "hello?");
            for (PushedTo place : everywhere) {
                Pushed shown = place.await(conversation, 3);
                assertThat(shown.body()).isEqualTo("hello?");
                assertThat(shown.badge()).isEqualTo(2);
            }
            atCid.send(other, "c1", "me too");
            everywhere.forEach(
                    place -> assertThat(place.await(other, 1).badge()).isEqualTo(3));
            try (HiveDevice elsewhere = device(bob, "desk", conversation)) {
                awaitEvents(elsewhere, 3);
                elsewhere.read(conversation, 3);
                everywhere.forEach(place ->
                        assertThat(place.awaitWithdrawal(conversation).silent()).isTrue());
            }
            atCid.send(other, "c2", "and again");
            for (PushedTo place : everywhere) {
                assertThat(place.await(other, 2).badge()).isEqualTo(2);
                assertThat(place.of(conversation)).extracting(Pushed::badge).containsExactly(1, 2, 1);
                assertThat(place.of(conversation))
                        .extracting(Pushed::collapseId)
                        .containsOnly(place.of(conversation).get(0).collapseId())
                        .doesNotContain(place.of(other).get(0).collapseId());
            }
        }
    }

    @Test
    void a_muted_conversation_tells_mentions_only_until_it_is_muted_no_more() throws Exception {
        UserId amy = UserId.parse("push-mute-amy");
        UserId bob = UserId.parse("push-mute-bob");
        ConversationId conversation = ConversationId.direct(amy, bob);
        PushedTo phone = PushedTo.of(platform, "mutes:android");
        try (HiveDevice atAmy = device(amy, "phone", conversation)) {
            atAmy.send(conversation, "m1", "hi");
            registerAndLeave(bob, phone);
            asks(
                    bob,
                    Request.newBuilder()
                            .setMute(Mute.newBuilder()
                                    .setConversation(conversation.value())
                                    .setExceptMentions(true)));
            atAmy.send(conversation, "m2", "noise");
            atAmy.send(
                    conversation,
                    Publication.newBuilder()
                            .setId("m3")
                            .setText("for you")
                            .addMentions(bob.value())
                            .build());
            phone.await(conversation, 3);
            asks(bob, Request.newBuilder().setUnmute(Unmute.newBuilder().setConversation(conversation.value())));
            atAmy.send(conversation, "m4", "can you hear me?");
            phone.await(conversation, 4);
            assertThat(phone.all()).extracting(Pushed::seq).doesNotContain(2);
        }
    }

    @Test
    void who_was_removed_is_told_nothing_more() throws Exception {
        UserId amy = UserId.parse("push-gone-amy");
        UserId bob = UserId.parse("push-gone-bob");
        UserId cid = UserId.parse("push-gone-cid");
        PushedTo bobs = PushedTo.of(platform, "removed:android");
        PushedTo cids = PushedTo.of(platform, "stays:android");
        try (HiveDevice atAmy = HiveDevice.connect(platform, amy + "/phone")) {
            ConversationId group = atAmy.createGroup("walk", bob, cid);
            atAmy.subscribe(group);
            registerAndLeave(bob, bobs);
            registerAndLeave(cid, cids);
            atAmy.send(group, "m1", "who comes?");
            Pushed shown = bobs.await(group, 2);
            assertThat(shown.title()).isEqualTo("walk");
            assertThat(shown.body()).isEqualTo(amy + ": who comes?");
            ok(
                    atAmy,
                    Request.newBuilder()
                            .setRemoveMembers(RemoveMembers.newBuilder()
                                    .setConversation(group.value())
                                    .addUsers(bob.value())));
            bobs.awaitWithdrawal(group);
            atAmy.send(group, "m2", "without bob");
            cids.await(group, 4);
            ConversationId direct = ConversationId.direct(amy, bob);
            atAmy.send(direct, "m3", "sorry");
            bobs.await(direct, 1);
            assertThat(bobs.of(group)).extracting(Pushed::seq).doesNotContain(4);
            assertThat(bobs.of(group)).extracting(Pushed::body).noneMatch(body -> body.contains("without bob"));
        }
    }

    @Test
    void a_token_that_moved_to_another_user_shows_nothing_of_the_one_before() throws Exception {
        UserId amy = UserId.parse("push-moved-amy");
        UserId bob = UserId.parse("push-moved-bob");
        UserId cid = UserId.parse("push-moved-cid");
        ConversationId toBob = ConversationId.direct(amy, bob);
        ConversationId toCid = ConversationId.direct(amy, cid);
        PushedTo shared = PushedTo.of(platform, "shared:android");
        PushedTo bobs = PushedTo.of(platform, "bobs-other:android");
        try (HiveDevice atAmy = HiveDevice.connect(platform, amy + "/phone")) {
            registerAndLeave(bob, shared);
            registerAndLeave(bob, bobs);
            atAmy.send(toBob, "m1", "bob?");
            shared.await(toBob, 1);
            registerAndLeave(cid, shared);
            atAmy.send(toBob, "m2", "for bob alone");
            bobs.await(toBob, 2);
            atAmy.send(toCid, "m3", "cid?");
            shared.await(toCid, 1);
            assertThat(shared.of(toBob)).extracting(Pushed::seq).doesNotContain(2);
        }
    }

    private void registerAndLeave(UserId user, PushedTo phone) throws Exception {
        try (HiveDevice device = HiveDevice.connect(platform, user + "/phone")) {
            register(device, PushPlatform.FCM, phone.token());
        }
    }

    /** From a device that gets no messages. */
    private void asks(UserId user, Request.Builder request) throws Exception {
        try (HiveDevice device = HiveDevice.connect(platform, user + "/phone")) {
            ok(device, request);
        }
    }

    private static void register(HiveDevice device, PushPlatform on, String token) throws Exception {
        ok(
                device,
                Request.newBuilder()
                        .setRegisterPush(
                                RegisterPush.newBuilder().setPlatform(on).setToken(token)));
    }

    private static RegisterPush registration(Config subscription) {
        return RegisterPush.newBuilder()
                .setPlatform(PushPlatform.WEB_PUSH)
                .setWebPush(WebPush.newBuilder()
                        .setEndpoint(subscription.getString("endpoint"))
                        .setP256Dh(bytes(subscription.getString("p256dh")))
                        .setAuth(bytes(subscription.getString("auth"))))
                .build();
    }

    private static ByteString bytes(String base64) {
        return ByteString.copyFrom(Base64.getUrlDecoder().decode(base64));
    }

    private static void ok(HiveDevice device, Request.Builder request) throws Exception {
        assertThat(device.ask(named(request)).hasOk()).isTrue();
    }
}
