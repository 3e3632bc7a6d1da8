package io.parley.broker.netty;

import com.hivemq.bootstrap.ClientConnection;
import com.hivemq.bootstrap.netty.ChannelHandlerNames;
import com.hivemq.embedded.EmbeddedExtension;
import com.hivemq.embedded.EmbeddedHiveMQ;
import com.hivemq.extension.sdk.api.ExtensionMain;
import com.hivemq.extension.sdk.api.auth.SimpleAuthenticator;
import com.hivemq.extension.sdk.api.client.ClientContext;
import com.hivemq.extension.sdk.api.client.parameter.ConnectionAttributeStore;
import com.hivemq.extension.sdk.api.client.parameter.InitializerInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartOutput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopOutput;
import com.hivemq.extension.sdk.api.services.Services;
import com.hivemq.mqtt.message.ProtocolVersion;
import com.hivemq.persistence.connection.ConnectionPersistence;
import io.netty.channel.ChannelPipeline;
import io.parley.broker.connect.ConnectOptions;
import io.parley.broker.topics.TopicRules;
import io.parley.protocol.DeviceId;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** HiveMQ in this JVM, with the chat extension in it. Its listeners are open when {@link #start} returns. */
public final class EmbeddedBroker implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final String HANDLER = "parley_device";
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final String ANSWER_HANDLER = "parley_session_answer";

    private final EmbeddedHiveMQ hive;

    private EmbeddedBroker(EmbeddedHiveMQ hive) {
        this.hive = hive;
    }

    /**
     * Starts HiveMQ.
     *
     * @param directory where its {@code conf}, {@code data} and {@code extensions} go
     * @param configuration the content of {@code config.xml}
     * @throws IOException when the directory cannot be written or HiveMQ does not start, such as for a port that is taken
     */
    public static EmbeddedBroker start(
            Path directory, String configuration, SimpleAuthenticator authenticator, Backend backend)
            throws IOException, InterruptedException {
        Path conf = Files.createDirectories(directory.resolve("conf"));
        writeOwnerOnly(conf.resolve("config.xml"), configuration);
        Extension extension = new Extension(authenticator, backend);
        EmbeddedHiveMQ hive = EmbeddedHiveMQ.builder()
                .withConfigurationFolder(conf)
                .withDataFolder(Files.createDirectories(directory.resolve("data")))
                .withExtensionsFolder(Files.createDirectories(directory.resolve("extensions")))
                .withEmbeddedExtension(EmbeddedExtension.builder()
                        .withId("parley-chat")
                        .withName("Parley chat")
                        .withVersion("1")
                        .withAuthor("Parley")
                        .withPriority(1000)
                        .withStartPriority(1000)
                        .withExtensionMain(extension)
                        .build())
                .withoutLoggingBootstrap()
                .build();
        extension.channels = new Channels(hive);
        backend.topics().countedBy(new HiveCounts(hive.getMetricRegistry()));
        try {
            hive.start().get(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException("HiveMQ does not start", e.getCause());
        } catch (TimeoutException e) {
            // A failure of some kinds ends HiveMQ's own thread, and nobody is told.
            throw new IOException("HiveMQ did not start within " + START_LIMIT.toSeconds() + " s, its log says why", e);
        }
        return new EmbeddedBroker(hive);
    }

    /** The configuration has the key store's password in it: at no time may others read it. */
    static void writeOwnerOnly(Path file, String content) throws IOException {
        Path fresh = Files.createTempFile(
                file.toAbsolutePath().getParent(), ".new", ".xml", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        Files.move(Files.writeString(fresh, content), file, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() throws ExecutionException {
        try {
            hive.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Finds the channel of a connected client, which the extension SDK does not give away. */
    static final class Channels {
        private final EmbeddedHiveMQ hive;

        Channels(EmbeddedHiveMQ hive) {
            this.hive = hive;
        }

        ClientConnection connection(String clientId) {
            ClientConnection connection = persistence().get(clientId);
            if (connection == null) {
                throw new IllegalStateException("no connection of that client id");
            }
            return connection;
        }

        private ConnectionPersistence persistence() {
            try {
                Method injector = hive.getClass().getDeclaredMethod("getInjector");
                injector.setAccessible(true);
                Object found = injector.invoke(hive);
                Method instance = Class.forName("com.google.inject.Injector").getMethod("getInstance", Class.class);
                return (ConnectionPersistence) instance.invoke(found, ConnectionPersistence.class);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("HiveMQ's insides have moved: this is written for 2025.5", e);
            }
        }
    }

    /** The extension: lets devices in and puts each one's handler into its channel before the CONNACK. */
    private static final class Extension implements ExtensionMain {
        private final SimpleAuthenticator authenticator;
        private final Backend backend;
        private final TcpKeepAlive keepAlive = new TcpKeepAlive();
        private volatile @Nullable Channels channels;

        Extension(SimpleAuthenticator authenticator, Backend backend) {
            this.authenticator = authenticator;
            this.backend = backend;
        }

        @Override
        public void extensionStart(ExtensionStartInput input, ExtensionStartOutput output) {
            Services.securityRegistry().setAuthenticatorProvider(asked -> authenticator);
            Services.initializerRegistry().setClientInitializer(this::initialize);
        }

        @Override
        public void extensionStop(ExtensionStopInput input, ExtensionStopOutput output) {}

        private void initialize(InitializerInput input, ClientContext context) {
            String clientId = input.getClientInformation().getClientId();
            ClientConnection connection =
                    Objects.requireNonNull(channels, "set before the start").connection(clientId);
            boolean version5 = connection.getProtocolVersion() == ProtocolVersion.MQTTv5;
            ConnectionAttributeStore attributes =
                    input.getConnectionInformation().getConnectionAttributeStore();
            TopicRules rules = attributes
                    .getAsString(TopicRules.ATTRIBUTE)
                    .map(TopicRules::parse)
                    .orElseThrow(() -> new IllegalStateException("a client that was not let in"));
            Optional<ConnectOptions> options =
                    attributes.getAsString(ConnectOptions.ATTRIBUTE).map(ConnectOptions::parse);
            keepAlive.on(connection.getChannel(), probes(connection, version5));
            ChannelPipeline pipeline = connection.getChannel().pipeline();
            if (options.isEmpty()) {
                pipeline.addBefore(
                        ChannelHandlerNames.INTERCEPTOR_HANDLER, HANDLER, new OpenChannel(backend.topics(), version5));
                return;
            }
            if (pipeline.get(ChannelHandlerNames.MQTT_5_FLOW_CONTROL_HANDLER) != null) {
                // It ends the connection of a device that sends more than its receive maximum; the chat reads it later.
                pipeline.remove(ChannelHandlerNames.MQTT_5_FLOW_CONTROL_HANDLER);
            }
            ConnectOptions asked = options.get();
            SessionAnswer answer = new SessionAnswer(version5, asked.sessionExpirySeconds(), !rules.isEmpty());
            // HiveMQ's handler that holds the CONNACK back has left the pipeline by now and still knows its old
            // neighbour, the barrier: what is put between the two is not passed.
            pipeline.addBefore(ChannelHandlerNames.MQTT_MESSAGE_BARRIER, ANSWER_HANDLER, answer);
            pipeline.addBefore(
                    ChannelHandlerNames.INTERCEPTOR_HANDLER,
                    HANDLER,
                    new DeviceChannel(backend, DeviceId.parse(clientId), version5, asked, rules, answer));
        }

        /** An MQTT 5 client always has a keep-alive: the CONNACK sets one when it asks for none. */
        private static TcpKeepAlive.Probes probes(ClientConnection connection, boolean version5) {
            Integer asked = connection.getConnectKeepAlive();
            return version5
                    ? TcpKeepAlive.Probes.BESIDE_MQTT_KEEP_ALIVE
                    : TcpKeepAlive.Probes.of(asked == null ? 0 : asked);
        }
    }
}
