package io.parley.broker.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.parley.broker.netty.PublishEncoder.Packet;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The client's own library reads what was encoded. */
final class PublishEncoderTest {
    private static final long LARGE = 268_435_460;
    private static final String TOPIC = "chat/ann~ben/msg";

    @Test
    void a_packet_at_qos_1_has_its_id_and_may_be_a_duplicate() {
        Packet packet = new Packet(TOPIC, bytes("grüße"), 65_535, true, List.of(), null);

        assertThat(read(new PublishEncoder(true, 0, LARGE), packet))
                .isEqualTo(new Received(TOPIC, "grüße", 65_535, 1, true, null, List.of(), List.of()));
        assertThat(read3(new PublishEncoder(false, 0, LARGE), packet))
                .isEqualTo(new Received(TOPIC, "grüße", 65_535, 1, true, null, List.of(), List.of()));
    }

    @Test
    void a_packet_at_qos_0_has_no_id() {
        Packet packet = new Packet("user/änn/reply", bytes(""), 0, false, List.of(), null);

        assertThat(read(new PublishEncoder(true, 0, LARGE), packet))
                .isEqualTo(new Received("user/änn/reply", "", 0, 0, false, null, List.of(), List.of()));
        assertThat(read3(new PublishEncoder(false, 0, LARGE), packet))
                .isEqualTo(new Received("user/änn/reply", "", 0, 0, false, null, List.of(), List.of()));
    }

    @Test
    void identifiers_and_correlation_are_told() {
        Packet packet = new Packet(
                TOPIC, bytes("hi"), 7, false, List.of(1, 127, 128, 16_384, 2_097_152, 268_435_455), new byte[] {1, 0, -1
                });

        Received received = read(new PublishEncoder(true, 0, LARGE), packet);

        assertThat(received.identifiers()).containsExactly(1, 127, 128, 16_384, 2_097_152, 268_435_455);
        assertThat(received.correlation()).containsExactly(1, 0, 255);
        assertThat(received.text()).isEqualTo("hi");
    }

    @Test
    void an_older_client_is_told_neither() {
        Packet packet = new Packet(TOPIC, bytes("hi"), 7, false, List.of(5), new byte[] {1});

        assertThat(read3(new PublishEncoder(false, 10, LARGE), packet))
                .isEqualTo(new Received(TOPIC, "hi", 7, 1, false, null, List.of(), List.of()));
    }

    @Test
    void the_first_topics_get_an_alias_and_are_named_once() {
        PublishEncoder encoder = new PublishEncoder(true, 2, LARGE);

        assertThat(named(encoder, "chat/a/msg")).isEqualTo("chat/a/msg as 1");
        assertThat(named(encoder, "chat/b/msg")).isEqualTo("chat/b/msg as 2");
        assertThat(named(encoder, "chat/c/msg")).isEqualTo("chat/c/msg as null");
        assertThat(named(encoder, "chat/a/msg")).isEqualTo(" as 1");
        assertThat(named(encoder, "chat/b/msg")).isEqualTo(" as 2");
        assertThat(named(encoder, "chat/c/msg")).isEqualTo("chat/c/msg as null");
    }

    @Test
    void a_packet_of_the_largest_size_is_written_and_a_larger_one_is_not() {
        Packet packet = new Packet(TOPIC, bytes("x".repeat(200)), 7, false, List.of(300), new byte[] {1, 2});
        int size = Objects.requireNonNull(
                        new PublishEncoder(true, 0, LARGE).encode(packet, UnpooledByteBufAllocator.DEFAULT))
                .readableBytes();

        assertThat(read(new PublishEncoder(true, 0, size), packet).text()).hasSize(200);
        assertThat(encode(new PublishEncoder(true, 0, size - 1), packet)).isNull();
    }

    @Test
    void a_packet_that_is_not_written_names_no_topic() {
        PublishEncoder encoder = new PublishEncoder(true, 5, 40);
        assertThat(encode(encoder, new Packet(TOPIC, bytes("x".repeat(40)), 0, false, List.of(), null)))
                .isNull();

        assertThat(named(encoder, TOPIC)).isEqualTo(TOPIC + " as 1");
    }

    @Test
    void the_length_has_as_many_bytes_as_it_needs() {
        for (int length : List.of(100, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152)) {
            Packet packet = new Packet("t", bytes("x".repeat(length)), 0, false, List.of(), null);

            assertThat(read(new PublishEncoder(true, 0, LARGE), packet).text()).hasSize(length);
        }
    }

    private static String named(PublishEncoder encoder, String topic) {
        Received received = read(encoder, new Packet(topic, bytes("hi"), 0, false, List.of(), null));
        return received.topic() + " as " + received.alias();
    }

    private static Received read(PublishEncoder encoder, Packet packet) {
        return Received.read(Objects.requireNonNull(encode(encoder, packet)), true);
    }

    private static Received read3(PublishEncoder encoder, Packet packet) {
        return Received.read(Objects.requireNonNull(encode(encoder, packet)), false);
    }

    private static @Nullable ByteBuf encode(PublishEncoder encoder, Packet packet) {
        return encoder.encode(packet, UnpooledByteBufAllocator.DEFAULT);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
