package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;

import io.parley.protocol.UserId;
import io.parley.standalone.RawMqtt.Answer;
import io.parley.standalone.RawMqtt.PacketType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Topics outside the grammar: of Parley, and of MQTT. */
@WithPlatform
class OddTopicIT extends BadInput {
    private static final int AT_QOS_1 = 2;

    private static final List<String> WHERE_NOTHING_MAY_BE_PUBLISHED = List.of(
            "chat",
            "chat/",
            "chat//msg",
            "chat/PAIR",
            "chat/PAIR/",
            "chat/PAIR/msg/",
            "chat/PAIR/MSG",
            "chat/PAIR /msg",
            "Chat/PAIR/msg",
            "/chat/PAIR/msg",
            "chat/../PAIR/msg",
            "chat/PEER~USER/msg",
            "chat/USER~USER/msg",
            "chat/USER~/msg",
            "chat/~USER/msg",
            "chat/USER~PEER~PEER/msg",
            "chat/@/msg",
            "chat/@USER/msg",
            "chat/@@PEER/msg",
            "chat/@pëer/msg",
            "chat/@\uD83D\uDE00/msg",
            "chat/%2e%2e/msg",
            "chat/a';DROP TABLE messages/msg",
            "chat/g00000000000000/msg",
            "chat/PAIR/presence",
            "user/PEER/request",
            "user/USER/reply",
            "$SYS/broker",
            "weather");

    private final UserId user = newUser("user");

    OddTopicIT(Platform platform) {
        super(platform);
    }

    @Test
    void a_topic_where_nothing_may_be_published_is_not_authorized() throws Exception {
        List<UserId> peers = new ArrayList<>();
        for (String pattern : WHERE_NOTHING_MAY_BE_PUBLISHED) {
            UserId peer = newUser("zpeer");
            String topic = pattern.replace("PAIR", user + "~" + peer)
                    .replace("USER", user.value())
                    .replace("PEER", peer.value());
            try (RawMqtt raw = RawMqtt.connect(Login.of(platform, user, "it"), RawMqtt.V5)) {
                raw.publish(AT_QOS_1, topic.getBytes(StandardCharsets.UTF_8), "hi");

                assertThat(raw.answer()).as(topic).isEqualTo(new Answer(PacketType.PUBACK, 0x87));
            }
            peers.add(peer);
        }
        assertNothingElseIsStored(user, peers);
    }

    static Stream<Named<byte[]>> noTopics() {
        return Stream.of(
                named("a wildcard", "chat/+/msg".getBytes(StandardCharsets.UTF_8)),
                named("everything", "chat/#".getBytes(StandardCharsets.UTF_8)),
                named("empty", new byte[0]),
                named("a line break", "chat/a\nb/msg".getBytes(StandardCharsets.UTF_8)),
                named("U+0000", "chat/a\u0000b/msg".getBytes(StandardCharsets.UTF_8)),
                named("no UTF-8", new byte[] {'c', 'h', 'a', 't', '/', (byte) 0xC3, 0x28, '/', 'm', 's', 'g'}));
    }

    @ParameterizedTest
    @MethodSource("noTopics")
    void what_is_no_topic_in_mqtt_ends_the_connection(byte[] topic) throws Exception {
        try (RawMqtt raw = RawMqtt.connect(Login.of(platform, user, "it"), RawMqtt.V5)) {
            raw.publish(AT_QOS_1, topic, "hi");

            assertThat(raw.answer().type()).isEqualTo(PacketType.DISCONNECT);
        }
        assertNothingElseIsStored(user, newUser("peer"));
    }
}
