package io.parley.bridge.engine;

import static io.parley.bridge.engine.PlayedUser.HOUR;
import static io.parley.bridge.engine.PlayedUser.closed;
import static io.parley.bridge.engine.PlayedUser.opened;
import static io.parley.bridge.engine.PlayedUser.origin;
import static io.parley.bridge.engine.PlayedUser.toConversations;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.Effect;
import io.parley.protocol.RecordLimit;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.DeviceConnected;
import io.parley.protocol.log.DeviceDisconnected;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.SessionOpened;
import io.parley.protocol.log.Subscription;
import io.parley.protocol.log.Unsubscribe;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.ListDevices;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A session outlives its connection for as long as it says, with its filters. */
final class SessionLogicTest {
    private static final int DAY = 24 * HOUR;

    private final PlayedUser ann = new PlayedUser();

    @Test
    void a_device_that_comes_back_gets_its_filters_and_is_attached_for_them() {
        SessionOpened first = only(opened(ann.connects(origin("phone", 1), HOUR)));
        ann.subscribes("phone", 1, "chat/+/receipt", "chat/ann~ben/msg", "chat/@cid/presence", "user/ann/reply");
        ann.effects(
                "ann",
                UserCommand.newBuilder()
                        .setOrigin(origin("phone", 1))
                        .setUnsubscribe(Unsubscribe.newBuilder().addFilters("user/ann/reply")));
        ann.disconnected("phone", 1);

        Origin elsewhere =
                origin("phone", 9).toBuilder().setNode(PlayedUser.OTHER).build();
        List<Effect> effects = ann.connects(elsewhere, HOUR);

        assertThat(first.getPresent()).isFalse();
        SessionOpened again = only(opened(effects));
        assertThat(again.getPresent()).isTrue();
        assertThat(again.getSession()).isEqualTo(first.getSession());
        assertThat(again.getInterrupted()).isFalse();
        assertThat(again.getConnection()).isEqualTo(9);
        assertThat(again.getSubscriptionsList())
                .extracting(Subscription::getFilter)
                .containsExactlyInAnyOrder("chat/+/receipt", "chat/ann~ben/msg", "chat/@cid/presence");
        Map<String, ConversationCommand> attached = toConversations(effects, ConversationCommand::hasAttach);
        assertThat(attached).containsOnlyKeys("ann~ben", "ann~cid");
        ConversationCommand ben = attached.getOrDefault("ann~ben", ConversationCommand.getDefaultInstance());
        assertThat(ben.getOrigin())
                .isEqualTo(elsewhere.toBuilder().setSession(first.getSession()).build());
        assertThat(ben.getAttach().getRightsOnly()).isFalse();
        assertThat(ben.getAttach().getReceipts()).isTrue();
        assertThat(ben.getAttach().getPresence()).isFalse();
        assertThat(ben.getAttach().getWildcard()).isTrue();
        assertThat(ben.getAttach().getTransient()).isFalse();
        assertThat(ben.getAttach().getCleanStart()).isFalse();
        assertThat(attached.getOrDefault("ann~cid", ConversationCommand.getDefaultInstance())
                        .getAttach()
                        .getRightsOnly())
                .as("no filter asks for the messages there")
                .isTrue();
    }

    @Test
    void a_clean_start_ends_the_session_before() {
        SessionOpened first = only(opened(ann.connects(origin("phone", 1), HOUR)));
        ann.subscribes("phone", 1, "chat/#");
        ann.disconnected("phone", 1);

        SessionOpened anew = only(opened(cleanStart(origin("phone", 2))));

        assertThat(anew.getPresent()).isFalse();
        assertThat(anew.getSession()).isGreaterThan(first.getSession());
        assertThat(anew.getSubscriptionsList()).isEmpty();
        assertThat(toConversations(ann.ticks(1), ConversationCommand::hasForgetDevice)
                        .getOrDefault("ann~ben", ConversationCommand.getDefaultInstance())
                        .getForgetDevice()
                        .getSession())
                .isEqualTo(first.getSession());
        ann.disconnected("phone", 2);
        assertThat(only(opened(ann.connects(origin("phone", 3), HOUR))).getSubscriptionsList())
                .isEmpty();
    }

    @Test
    void a_session_ends_when_its_time_is_over_and_not_before() {
        ann.connects(origin("phone", 1), 60);
        ann.subscribes("phone", 1, "chat/#");
        ann.disconnected("phone", 1);
        ann.ticks(59);
        assertThat(devices()).containsExactly("phone");
        assertThat(only(opened(ann.connects(origin("phone", 2), 60))).getPresent())
                .isTrue();
        ann.disconnected("phone", 2);

        assertThat(toConversations(ann.ticks(62), ConversationCommand::hasForgetDevice))
                .containsOnlyKeys("ann~ben");

        assertThat(devices()).isEmpty();
        assertThat(only(opened(ann.connects(origin("phone", 3), 60))).getPresent())
                .isFalse();
    }

    @Test
    void a_session_whose_time_is_over_is_none_even_before_the_engine_sees_to_it() {
        ann.connects(origin("phone", 1), 60);
        ann.subscribes("phone", 1, "chat/#");
        ann.disconnected("phone", 1);
        ann.nowMillis += 60_000;
        assertThat(devices()).isEmpty();
        assertThat(only(opened(ann.connects(origin("phone", 2), 60))).getPresent())
                .isFalse();
    }

    @Test
    void transient_sessions_leave_nothing() {
        for (int i = 0; i < 50; i++) {
            Origin origin = origin("d" + i, i + 1);
            assertThat(opened(ann.connects(origin, 0))).hasSize(1);
            assertThat(toConversations(ann.subscribes("d" + i, i + 1, "chat/#"), ConversationCommand::hasAttach)
                            .values())
                    .allMatch(command -> command.getAttach().getTransient());
            ann.disconnected("d" + i, i + 1);
        }
        assertThat(devices()).isEmpty();
        assertThat(toConversations(ann.ticks(2), ConversationCommand::hasForgetDevice))
                .isEmpty();
        assertThat(ann.rows.keys("")).noneMatch(key -> "xfwep".indexOf(key.charAt(0)) >= 0);
    }

    @Test
    void a_disconnect_may_change_how_long_the_session_lasts_unless_it_was_to_end() {
        ann.connects(origin("phone", 1), HOUR);
        ann.disconnects(origin("phone", 1), DeviceDisconnected.newBuilder().setExpirySeconds(0));
        assertThat(devices()).isEmpty();

        ann.connects(origin("phone", 2), HOUR);
        ann.disconnects(origin("phone", 2), DeviceDisconnected.newBuilder().setExpirySeconds(60));
        ann.ticks(61);
        assertThat(devices()).isEmpty();

        ann.connects(origin("phone", 3), 0);
        ann.disconnects(origin("phone", 3), DeviceDisconnected.newBuilder().setExpirySeconds(60));
        assertThat(devices()).isEmpty();
    }

    @Test
    void no_session_outlives_its_connection_for_more_than_thirty_days() {
        ann.connects(origin("phone", 1), 0xFFFFFFFF);
        ann.disconnected("phone", 1);
        ann.nowMillis += 30L * DAY * 1000 - 1;
        assertThat(devices()).containsExactly("phone");
        ann.nowMillis += 1;
        assertThat(devices()).isEmpty();
    }

    @Test
    void a_session_is_interrupted_when_its_node_dies_or_its_connection_could_not_say_all() {
        ann.connects(origin("phone", 1), HOUR);
        ann.disconnects(origin("phone", 1), DeviceDisconnected.newBuilder().setIncomplete(true));
        assertThat(only(opened(ann.connects(origin("phone", 2), HOUR))).getInterrupted())
                .isTrue();
        ann.disconnected("phone", 2);
        assertThat(only(opened(ann.connects(origin("phone", 3), HOUR))).getInterrupted())
                .isFalse();

        ann.alive(PlayedUser.NODE.toBuilder().setEpoch(6).build());
        Origin anew = origin("phone", 1).toBuilder()
                .setNode(PlayedUser.NODE.toBuilder().setEpoch(6))
                .build();
        assertThat(only(opened(ann.connects(anew, HOUR))).getInterrupted()).isTrue();
    }

    @Test
    void a_node_that_died_takes_transient_sessions_along_and_leaves_the_others() {
        ann.connects(origin("phone", 1), HOUR);
        ann.connects(origin("browser", 2), 0);
        ann.alive(PlayedUser.NODE.toBuilder().setEpoch(6).build());
        assertThat(devices()).containsExactly("phone");
    }

    @Test
    void many_filters_come_in_several_deliveries() {
        ann.connects(origin("phone", 1), HOUR);
        String[] filters = IntStream.range(0, 1_200)
                .mapToObj(i -> "elsewhere/%04d".formatted(i).repeat(36))
                .toArray(String[]::new);
        ann.subscribes("phone", 1, filters);
        ann.disconnected("phone", 1);

        List<Effect> effects = ann.connects(origin("phone", 2), HOUR);

        List<SessionOpened> parts = opened(effects);
        assertThat(parts).extracting(SessionOpened::getMore).containsExactly(true, true, false);
        assertThat(parts).allMatch(SessionOpened::getPresent);
        assertThat(parts.stream().flatMap(part -> part.getSubscriptionsList().stream()))
                .extracting(Subscription::getFilter)
                .containsExactlyInAnyOrder(filters);
        assertThat(parts).allMatch(part -> part.getSerializedSize() <= RecordLimit.MAX_BYTES);
    }

    @Test
    void a_session_has_so_many_filters_and_no_more() {
        ann.connects(origin("phone", 1), HOUR);
        String[] filters =
                IntStream.range(0, 2_101).mapToObj(i -> "chat/@u" + i + "/msg").toArray(String[]::new);
        ann.subscribes("phone", 1, filters);
        ann.subscribes("phone", 1, "chat/@u0/msg", "chat/#", "x".repeat(2_000));
        ann.disconnected("phone", 1);
        assertThat(opened(ann.connects(origin("phone", 2), HOUR)).stream()
                        .flatMap(part -> part.getSubscriptionsList().stream()))
                .hasSize(2_100);
    }

    @Test
    void conversations_forget_a_session_in_slices_each_once() {
        int conversations = 450;
        for (int i = 0; i < conversations; i++) {
            ann.run(PlayedUser.joined("g%010d".formatted(i)));
        }
        ann.connects(origin("phone", 1), 10);
        ann.subscribes(
                "phone",
                1,
                IntStream.range(0, 300).mapToObj(i -> "chat/@u" + i + "/msg").toArray(String[]::new));
        ann.subscribes("phone", 1, "chat/@ben/msg", "chat/#");
        ann.disconnected("phone", 1);
        ann.ticks(10);

        Map<String, ConversationCommand> told = new TreeMap<>();
        for (int tick = 0; tick < 10; tick++) {
            Map<String, ConversationCommand> slice =
                    toConversations(ann.ticks(1), ConversationCommand::hasForgetDevice);
            assertThat(slice).hasSizeLessThanOrEqualTo(200);
            slice.forEach((conversation, command) ->
                    assertThat(told.put(conversation, command)).isNull());
        }

        assertThat(told).hasSize(conversations + 300 + 1);
        assertThat(ann.rows.keys("")).noneMatch(key -> "xfwep".indexOf(key.charAt(0)) >= 0);
    }

    @Test
    void a_node_taken_for_dead_finds_its_sessions_or_makes_them_again() {
        long phone = only(opened(ann.connects(origin("phone", 1), HOUR))).getSession();
        ann.subscribes("phone", 1, "chat/#");
        long browser = only(opened(ann.connects(origin("browser", 2), 0))).getSession();
        ann.ticks(12);
        assertThat(devices()).containsExactly("phone");

        ann.alive(PlayedUser.NODE);
        List<Effect> found = again(origin("phone", 1), phone, HOUR);
        List<Effect> made = again(origin("browser", 2), browser, 0);

        assertThat(opened(found)).isEmpty();
        assertThat(closed(found)).isEmpty();
        assertThat(toConversations(found, ConversationCommand::hasAttach))
                .as("what began meanwhile has to know")
                .containsOnlyKeys("ann~ben");
        assertThat(opened(made)).isEmpty();
        assertThat(closed(made)).isEmpty();
        assertThat(devices()).containsExactly("browser", "phone");
        Map<String, ConversationCommand> attached =
                toConversations(ann.subscribes("browser", 2, "chat/#"), ConversationCommand::hasAttach);
        assertThat(attached.values())
                .extracting(command -> command.getOrigin().getSession())
                .containsExactly(browser);
    }

    @Test
    void a_node_taken_for_dead_loses_the_sessions_that_others_have_by_now() {
        long session = only(opened(ann.connects(origin("phone", 1), HOUR))).getSession();
        ann.ticks(12);
        Origin elsewhere =
                origin("phone", 7).toBuilder().setNode(PlayedUser.OTHER).build();
        ann.alive(PlayedUser.OTHER);
        assertThat(only(opened(ann.connects(elsewhere, HOUR))).getSession()).isEqualTo(session);

        assertThat(closed(again(origin("phone", 1), session, HOUR))).containsExactly("1 TAKEN_OVER");
    }

    @Test
    void a_session_made_again_is_not_forgotten() {
        long session = only(opened(ann.connects(origin("phone", 1), 10))).getSession();
        ann.subscribes("phone", 1, "chat/@cid/msg");
        ann.ticks(10);
        ann.nowMillis += 10_000;
        ann.ticks(1);
        assertThat(devices()).isEmpty();

        again(origin("phone", 1), session, 10);
        ann.subscribes("phone", 1, "chat/#");
        ann.alive(PlayedUser.NODE);

        assertThat(toConversations(ann.ticks(3), ConversationCommand::hasForgetDevice))
                .isEmpty();
        ann.disconnected("phone", 1);
        assertThat(only(opened(ann.connects(origin("phone", 2), 10))).getSubscriptionsList())
                .extracting(Subscription::getFilter)
                .containsExactly("chat/#");
    }

    @Test
    void a_connection_without_a_session_that_asks_again_is_answered() {
        assertThat(opened(again(origin("phone", 1), 0, HOUR))).hasSize(1);
    }

    private List<Effect> again(Origin origin, long session, int expirySeconds) {
        return ann.effects(
                "ann",
                UserCommand.newBuilder()
                        .setOrigin(origin.toBuilder().setSession(session))
                        .setDeviceConnected(
                                DeviceConnected.newBuilder().setAgain(true).setExpirySeconds(expirySeconds)));
    }

    private List<Effect> cleanStart(Origin origin) {
        return ann.effects(
                "ann",
                UserCommand.newBuilder()
                        .setOrigin(origin)
                        .setDeviceConnected(
                                DeviceConnected.newBuilder().setCleanStart(true).setExpirySeconds(HOUR)));
    }

    private List<String> devices() {
        return ann
                .effects(
                        "ann",
                        UserCommand.newBuilder()
                                .setOrigin(origin("phone", 1))
                                .setListDevices(ListDevices.getDefaultInstance()))
                .stream()
                .flatMap(effect -> ((Effect.Deliver) effect).delivery().getReply().getReply().getDevicesList().stream())
                .map(device -> device.getDevice())
                .toList();
    }

    private static SessionOpened only(List<SessionOpened> opened) {
        assertThat(opened).hasSize(1);
        return opened.get(0);
    }
}
