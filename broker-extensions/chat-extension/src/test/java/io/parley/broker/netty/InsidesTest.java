package io.parley.broker.netty;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.bootstrap.ClientConnection;
import com.hivemq.bootstrap.netty.ChannelHandlerNames;
import com.hivemq.extensions.events.OnServerDisconnectEvent;
import com.hivemq.persistence.connection.ConnectionPersistence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** HiveMQ's insides are where the channel handler expects them, and nobody else uses them. */
final class InsidesTest {
    @Test
    void hivemq_has_its_insides_where_they_were() throws ReflectiveOperationException {
        assertThat(Class.forName("com.hivemq.embedded.internal.EmbeddedHiveMQImpl")
                        .getDeclaredMethod("getInjector"))
                .isNotNull();
        assertThat(Class.forName("com.google.inject.Injector").getMethod("getInstance", Class.class))
                .isNotNull();
        assertThat(ConnectionPersistence.class.getMethod("get", String.class)).isNotNull();
        assertThat(ClientConnection.class.getMethod("getChannel")).isNotNull();
        assertThat(OnServerDisconnectEvent.class.getMethod("getReasonCode")).isNotNull();
        assertThat(ChannelHandlerNames.INTERCEPTOR_HANDLER).isEqualTo("interceptor_handler");
        assertThat(ChannelHandlerNames.MQTT_5_FLOW_CONTROL_HANDLER).isEqualTo("mqtt_5_flow_control_handler");
        assertThat(ChannelHandlerNames.MQTT_MESSAGE_BARRIER).isEqualTo("mqtt_message_barrier");
    }

    @Test
    void only_this_package_imports_hivemqs_insides() throws IOException {
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
            List<Path> others = sources.filter(path -> path.toString().endsWith(".java"))
                    .filter(path -> !path.toString().contains("/netty/"))
                    .filter(InsidesTest::importsInsides)
                    .toList();
            assertThat(others).isEmpty();
        }
    }

    private static boolean importsInsides(Path source) {
        try (Stream<String> lines = Files.lines(source)) {
            return lines.anyMatch(line ->
                    line.startsWith("import com.hivemq.") && !line.startsWith("import com.hivemq.extension.sdk."));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
