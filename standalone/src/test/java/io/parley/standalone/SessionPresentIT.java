package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.parley.protocol.UserId;
import io.parley.protocol.wire.ListDevices;
import io.parley.protocol.wire.Request;
import io.parley.standalone.SessionClient.Opening;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When there is a session, and that CONNACK tells the truth about it. */
@WithPlatform
class SessionPresentIT extends SessionChecks {
    private static final long THIRTY_DAYS_SECONDS = Duration.ofDays(30).toSeconds();
    private static final long FOR_EVER = 0xFFFF_FFFFL;
    private static final long SHORT_SECONDS = 2;
    /** A short session is over then. */
    private static final long OVER_SECONDS = 4;

    private static final Duration BACK = Duration.ofSeconds(90);

    SessionPresentIT(Platform platform) {
        super(platform);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void a_session_is_there_from_the_second_connection_on(int level) throws Exception {
        UserId bob = newUser("bob");
        assertThat(presentAndDisconnect(bob, Opening.kept(level))).isFalse();
        assertThat(presentAndDisconnect(bob, Opening.kept(level))).isTrue();
        try (SessionClient lost = connect(bob, Opening.kept(level))) {
            assertThat(lost.sessionPresent()).isTrue();
        }
        assertThat(presentAndDisconnect(bob, Opening.kept(level))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void a_session_outlives_its_node(int level) throws Exception {
        UserId bob = newUser("bob");
        UserId alice = newUser("alice");
        try (SessionClient client = connect(bob, Opening.kept(level))) {
            client.subscribe(topic(alice, bob));
            say(alice, topic(alice, bob), List.of("before"));
            client.acknowledge(client.awaitMessage("before"));
        }
        platform().kill(RoleName.BROKER);
        platform().awaitReady(RoleName.BROKER, BACK);

        say(alice, topic(alice, bob), List.of("after"));
        try (SessionClient again = connect(bob, Opening.kept(level))) {
            assertThat(again.sessionPresent()).isTrue();
            again.awaitMessage("after");
        }
    }

    @Test
    void a_clean_start_discards_the_session() throws Exception {
        UserId bob = newUser("bob");
        UserId alice = newUser("alice");
        try (SessionClient client = connect(bob, Opening.v5(false, 600))) {
            client.subscribe(topic(alice, bob));
            client.disconnect();
        }
        say(alice, topic(alice, bob), List.of("missed"));
        try (SessionClient clean = connect(bob, Opening.v5(true, 600))) {
            assertThat(clean.sessionPresent()).isFalse();
            say(alice, topic(alice, bob), List.of("without a subscription"));
            clean.subscribe(topic(alice, bob));
            say(alice, topic(alice, bob), List.of("fence"));
            clean.awaitMessage("fence");
            assertThat(texts(clean.messages())).containsExactly("fence");
            clean.disconnect();
        }
        assertThat(presentAndDisconnect(bob, Opening.v5(false, 600))).isTrue();
    }

    @Test
    void a_session_without_an_expiry_ends_with_its_connection() throws Exception {
        UserId bob = newUser("bob");
        presentAndDisconnect(bob, Opening.v5(false, 0));
        assertThat(presentAndDisconnect(bob, Opening.v5(false, 600))).isFalse();
    }

    @Test
    void a_session_ends_when_its_expiry_has_passed() throws Exception {
        UserId bob = newUser("bob");
        presentAndDisconnect(bob, Opening.v5(false, SHORT_SECONDS));
        assertThat(presentAndDisconnect(bob, Opening.v5(false, SHORT_SECONDS))).isTrue();
        // Its time begins with the end of the connection.
        TimeUnit.SECONDS.sleep(OVER_SECONDS);
        assertThat(presentAndDisconnect(bob, Opening.v5(false, 600))).isFalse();
    }

    @Test
    void a_disconnect_can_end_the_session_or_prolong_it() throws Exception {
        UserId ended = newUser("ended");
        UserId prolonged = newUser("prolonged");
        try (SessionClient client = connect(ended, Opening.v5(false, 600))) {
            client.disconnect(0);
        }
        try (SessionClient client = connect(prolonged, Opening.v5(false, SHORT_SECONDS))) {
            client.disconnect(600);
        }
        TimeUnit.SECONDS.sleep(OVER_SECONDS);
        assertThat(presentAndDisconnect(ended, Opening.v5(false, 600))).isFalse();
        assertThat(presentAndDisconnect(prolonged, Opening.v5(false, 600))).isTrue();
    }

    @Test
    void a_clean_session_leaves_nothing_to_the_next_connection() throws Exception {
        UserId bob = newUser("bob");
        presentAndDisconnect(bob, Opening.v3(false));
        assertThat(presentAndDisconnect(bob, Opening.v3(true))).isFalse();
        assertThat(presentAndDisconnect(bob, Opening.v3(false))).isFalse();
        assertThat(presentAndDisconnect(bob, Opening.v3(false))).isTrue();
    }

    @Test
    void the_longest_expiry_is_told() throws Exception {
        try (SessionClient client = connect(newUser("bob"), Opening.v5(false, FOR_EVER))) {
            assertThat(client.granted().one(PacketProperties.SESSION_EXPIRY)).hasValue(THIRTY_DAYS_SECONDS);
        }
    }

    @Test
    void sessions_that_ended_are_no_devices() throws Exception {
        UserId bob = newUser("bob");
        for (int i = 0; i < 23; i++) {
            String device = UUID.randomUUID().toString();
            try (SessionClient client = SessionClient.connect(Login.of(platform(), bob, device), Opening.v3(true))) {
                client.subscribe("chat/+/msg");
                client.disconnect();
            }
        }
        try (HiveDevice asking = HiveDevice.connect(platform(), bob + "/asking")) {
            Request listDevices = named(Request.newBuilder().setListDevices(ListDevices.getDefaultInstance()));
            // The end of the last one is in the log within a moment.
            await().atMost(LIMIT).untilAsserted(() -> {
                assertThat(asking.ask(listDevices).getDevicesList())
                        .extracting(device -> device.getDevice())
                        .isSubsetOf("asking");
            });
        }
    }

    private boolean presentAndDisconnect(UserId user, Opening opening) throws IOException {
        try (SessionClient client = connect(user, opening)) {
            client.disconnect();
            return client.sessionPresent();
        }
    }
}
