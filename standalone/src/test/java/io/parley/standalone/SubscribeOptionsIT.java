package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.SubscribeFilter;
import io.parley.protocol.UserId;
import io.parley.standalone.SessionClient.Opening;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What MQTT 5 lets a client ask for with a subscription, and topic aliases. */
@WithPlatform
@SuppressWarnings("NullAway.Init")
class SubscribeOptionsIT extends SessionChecks {
    private static final int QOS_1 = 1;
    private static final int NO_LOCAL = 4;
    private static final int IMPLEMENTATION_SPECIFIC_ERROR = 0x83;
    private static final int TOPIC_FILTER_INVALID = 0x8F;
    private static final int FAILURE = 0x80;
    private static final int RETAIN_AS_PUBLISHED = 8;
    private static final int TOPIC_ALIAS_INVALID = 0x94;

    private UserId alice;
    private UserId bob;
    private String topic;

    SubscribeOptionsIT(Platform platform) {
        super(platform);
    }

    @BeforeEach
    void two_users() {
        alice = newUser("alice");
        bob = newUser("bob");
        topic = topic(alice, bob);
    }

    @Test
    void no_local_is_refused_since_the_order_holds_ones_own_messages() throws Exception {
        try (SessionClient phone = connect(bob, Opening.v5(false, 600))) {
            assertThat(phone.subscribe(topic, QOS_1 | NO_LOCAL, Map.of())).isEqualTo(IMPLEMENTATION_SPECIFIC_ERROR);
            assertThat(phone.subscribe(topic, QOS_1, Map.of())).isEqualTo(QOS_1);
        }
    }

    @Test
    void a_filter_that_is_too_long_is_refused_and_the_connection_goes_on() throws Exception {
        String filter = "chat/" + "x".repeat(SubscribeFilter.MAX_LENGTH);
        try (SessionClient phone = connect(bob, Opening.v5(false, 600));
                SessionClient old = connect(alice, Opening.v3(false))) {
            assertThat(phone.subscribe(filter, QOS_1, Map.of())).isEqualTo(TOPIC_FILTER_INVALID);
            assertThat(old.subscribe(filter, QOS_1, Map.of())).isEqualTo(FAILURE);
            assertThat(phone.subscribe(topic, QOS_1, Map.of())).isEqualTo(QOS_1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void every_retain_handling_is_taken_and_nothing_is_retained(int handling) throws Exception {
        say(alice, topic, List.of("before"));
        try (SessionClient phone = connect(bob, Opening.v5(true, 600))) {
            int options = QOS_1 | RETAIN_AS_PUBLISHED | (handling << 4);
            assertThat(phone.subscribe(topic, options, Map.of())).isEqualTo(QOS_1);
            say(alice, topic, List.of("after"));
            phone.awaitMessage("after");
            assertThat(texts(phone.messages())).containsExactly("after");
            assertThat(phone.messages()).noneMatch(Publish::retain);
        }
    }

    @Test
    void subscription_identifiers_come_back_with_each_message_and_outlive_the_connection() throws Exception {
        Map<Integer, Long> seven = Map.of(PacketProperties.SUBSCRIPTION_ID, 7L);
        Map<Integer, Long> large = Map.of(PacketProperties.SUBSCRIPTION_ID, 268_435_455L);
        try (SessionClient phone = connect(bob, Opening.v5(false, 600))) {
            phone.subscribe(topic, QOS_1, seven);
            phone.subscribe("chat/+/msg", QOS_1, large);
            say(alice, topic, List.of("one"));
            Publish one = phone.awaitMessage("one");
            assertThat(identifiers(one)).containsExactlyInAnyOrder(7L, 268_435_455L);
            phone.acknowledge(one);
            assertThat(phone.unsubscribe("chat/+/msg")).isZero();
            say(alice, topic, List.of("two"));
            assertThat(identifiers(phone.awaitMessage("two"))).containsExactly(7L);
        }
        try (SessionClient again = connect(bob, Opening.v5(false, 600))) {
            assertThat(identifiers(again.awaitMessage("two"))).containsExactly(7L);
        }
    }

    private static List<Long> identifiers(Publish message) {
        return message.properties().all(PacketProperties.SUBSCRIPTION_ID);
    }

    @Test
    void a_subscription_without_an_identifier_brings_none() throws Exception {
        try (SessionClient phone = connect(bob, Opening.v5(false, 600))) {
            phone.subscribe(topic);
            say(alice, topic, List.of("one"));
            assertThat(identifiers(phone.awaitMessage("one"))).isEmpty();
        }
    }

    @Test
    void the_server_uses_topic_aliases_where_the_client_allows_them() throws Exception {
        Opening three = Opening.v5(false, 600).with(PacketProperties.TOPIC_ALIAS_MAXIMUM, 3);
        try (SessionClient phone = connect(bob, three)) {
            phone.subscribe(topic);
            say(alice, topic, List.of("one", "two"));
            Publish one = phone.awaitMessage("one");
            Publish two = phone.awaitMessage("two");
            assertThat(one.topic()).isEqualTo(topic);
            OptionalLong alias = one.properties().one(PacketProperties.TOPIC_ALIAS);
            assertThat(alias).isPresent();
            assertThat(alias.getAsLong()).isBetween(1L, 3L);
            assertThat(two.topic()).isEmpty();
            assertThat(two.properties().one(PacketProperties.TOPIC_ALIAS)).isEqualTo(alias);
        }
        try (SessionClient again = connect(bob, three)) {
            // An alias is the connection's own.
            assertThat(again.awaitMessage("one").topic()).isEqualTo(topic);
        }
    }

    @Test
    void the_server_uses_no_topic_aliases_where_the_client_does_not_allow_them() throws Exception {
        try (SessionClient phone = connect(bob, Opening.v5(false, 600))) {
            phone.subscribe(topic);
            say(alice, topic, List.of("one", "two"));
            phone.awaitMessage("two");
            assertThat(phone.messages())
                    .allMatch(message -> message.topic().equals(topic)
                            && message.properties()
                                    .all(PacketProperties.TOPIC_ALIAS)
                                    .isEmpty());
        }
    }

    @Test
    void a_topic_alias_of_the_client_is_taken_or_refused_as_connack_says() throws Exception {
        Map<Integer, Long> first = Map.of(PacketProperties.TOPIC_ALIAS, 1L);
        try (SessionClient phone = connect(bob, Opening.v5(false, 600))) {
            long maximum =
                    phone.granted().one(PacketProperties.TOPIC_ALIAS_MAXIMUM).orElse(0);
            int one = phone.publish(topic, message("one"), false, first);
            if (maximum == 0) {
                assertThat(phone.awaitOne(Packet.DISCONNECT).reason()).isEqualTo(TOPIC_ALIAS_INVALID);
                phone.awaitEnd();
            } else {
                int two = phone.publish("", message("two"), false, first);
                assertThat(phone.awaitAnswer(Packet.PUBACK, one).reason()).isZero();
                assertThat(phone.awaitAnswer(Packet.PUBACK, two).reason()).isZero();
                awaitHead(bob, io.parley.protocol.ConversationId.direct(alice, bob), 2);
            }
        }
    }
}
