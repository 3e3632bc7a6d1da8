package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonArray;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Kafka and a Cassandra with their own defaults, but for ports, paths and being single: who asks them needs TLS and a password. The engine and the archiver are processes of
 * their own.
 */
class StockServersIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String KAFKA_PASSWORD = "kafka-secret";
    /** As Cassandra makes it where there is no other. */
    private static final String CASSANDRA_USER = "cassandra";

    @Test
    void messages_go_through_and_a_killed_engine_loses_none(@TempDir Path data) throws Exception {
        TlsStore tls = TlsStore.openOrCreate(data);
        Path client = Files.writeString(data.resolve("client.properties"), kafkaClient(tls));
        Set<RoleName> roles = EnumSet.copyOf(RoleName.usual());
        roles.add(RoleName.ARCHIVER);
        try (Platform platform = Platform.start(new Platform.Options(
                Installation.find(),
                data,
                Addresses.free(),
                roles,
                environment(data, tls, client),
                line -> System.out.println(line)))) {
            onlyWithAPassword(platform, client);

            UserId amy = UserId.parse("stock-amy");
            try (HiveDevice atAmy = HiveDevice.connect(platform, "stock-amy/phone")) {
                manyLargeMessagesAtOnce(platform, atAmy, amy);

                ConversationId chat = ConversationId.direct(amy, UserId.parse("stock-bob"));
                try (HiveDevice atBob = HiveDevice.connect(platform, "stock-bob/phone")) {
                    atBob.subscribe(chat);
                    atAmy.send(chat, "m1", "before");
                    await().atMost(PATIENCE).until(() -> atBob.count() == 1);
                    platform.kill(RoleName.ENGINE);
                    atAmy.send(chat, "m2", "while there is none");
                    await().atMost(PATIENCE).until(() -> atBob.count() == 2);
                }
            }
        }
    }

    /** Together they are more than Cassandra takes in a batch. */
    private static void manyLargeMessagesAtOnce(Platform platform, HiveDevice atAmy, UserId amy) throws Exception {
        String text = "x".repeat(1_000);
        for (int i = 0; i < 60; i++) {
            UserId peer = UserId.parse("stock-peer-" + i);
            // From then on they are known.
            HiveDevice.connect(platform, peer + "/phone").close();
            atAmy.send(ConversationId.direct(amy, peer), "m" + i, text);
        }
        ConversationId large = ConversationId.direct(amy, UserId.parse("stock-peer-0"));
        atAmy.send(large, "large", "y".repeat(100_000));

        HttpCaller caller = new HttpCaller(platform, amy.value());
        await().atMost(PATIENCE)
                .until(() -> messages(caller, large).size() == 2
                        && messages(caller, ConversationId.direct(amy, UserId.parse("stock-peer-59")))
                                        .size()
                                == 1);
    }

    private static JsonArray messages(HttpCaller caller, ConversationId conversation)
            throws IOException, InterruptedException {
        HttpCaller.Answer page = caller.get("/v1/conversations/" + conversation.value() + "/messages");
        return page.status() == 200 ? page.body().getAsJsonArray("messages") : new JsonArray();
    }

    private static void onlyWithAPassword(Platform platform, Path client) throws Exception {
        Properties known = new Properties();
        try (var reader = Files.newBufferedReader(client)) {
            known.load(reader);
        }
        Map<String, Object> asked = new HashMap<>();
        known.forEach((name, value) -> asked.put(name.toString(), value));
        asked.put("bootstrap.servers", "127.0.0.1:" + platform.addresses().of(Port.KAFKA));
        asked.put("default.api.timeout.ms", 20_000);
        asked.put("request.timeout.ms", 10_000);
        try (Admin admin = Admin.create(asked)) {
            assertThat(admin.listTopics().names().get(30, TimeUnit.SECONDS)).contains("parley.events");
        }
        asked.put("sasl.jaas.config", login("wrong"));
        try (Admin admin = Admin.create(asked)) {
            assertThatThrownBy(() -> admin.listTopics().names().get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("Authentication failed");
        }
    }

    private static Map<String, String> environment(Path data, TlsStore tls, Path client) throws IOException {
        Path kafka = Files.writeString(data.resolve("server.properties"), kafka(tls));
        Path cassandra = Files.writeString(data.resolve("cassandra.yaml"), cassandra(tls));
        Path driver = Files.writeString(data.resolve("driver.conf"), driver(tls));
        return Map.of(
                "PARLEY_KAFKA_SERVER_PROPERTIES", kafka.toString(),
                "PARLEY_KAFKA_CLIENT_FILE", client.toString(),
                "PARLEY_CASSANDRA_SERVER_YAML", cassandra.toString(),
                "PARLEY_CASSANDRA_DRIVER_FILE", driver.toString(),
                // What the processes have where nobody says anything.
                "PARLEY_ENGINE_SESSION_TIMEOUT", "6s",
                "PARLEY_ARCHIVER_SETTLE", "21s");
    }

    private static String kafka(TlsStore tls) {
        return """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:@controllerPort@
                listeners=SASL_SSL://127.0.0.1:@port@,CONTROLLER://127.0.0.1:@controllerPort@
                advertised.listeners=SASL_SSL://127.0.0.1:@port@
                controller.listener.names=CONTROLLER
                listener.security.protocol.map=SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT
                inter.broker.listener.name=SASL_SSL
                sasl.mechanism.inter.broker.protocol=PLAIN
                sasl.enabled.mechanisms=PLAIN
                listener.name.sasl_ssl.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required \\
                  username="parley" password="%1$s" user_parley="%1$s";
                ssl.keystore.type=PKCS12
                ssl.keystore.location=%2$s
                ssl.keystore.password=%3$s
                ssl.key.password=%3$s
                ssl.truststore.type=PKCS12
                ssl.truststore.location=%2$s
                ssl.truststore.password=%3$s
                log.dirs=@logDirs@
                # There is one node only.
                offsets.topic.replication.factor=1
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                """.formatted(KAFKA_PASSWORD, tls.keyStore(), tls.password());
    }

    private static String kafkaClient(TlsStore tls) {
        return """
                security.protocol=SASL_SSL
                sasl.mechanism=PLAIN
                sasl.jaas.config=%s
                ssl.truststore.type=PKCS12
                ssl.truststore.location=%s
                ssl.truststore.password=%s
                """.formatted(login(KAFKA_PASSWORD), tls.keyStore(), tls.password());
    }

    private static String login(String password) {
        return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"parley\" password=\""
                + password + "\";";
    }

    private static String cassandra(TlsStore tls) {
        return """
                cluster_name: parley
                partitioner: org.apache.cassandra.dht.Murmur3Partitioner
                listen_address: 127.0.0.1
                rpc_address: 127.0.0.1
                storage_port: @storagePort@
                native_transport_port: @port@
                seed_provider:
                  - class_name: org.apache.cassandra.locator.SimpleSeedProvider
                    parameters:
                      - seeds: "127.0.0.1:@storagePort@"
                endpoint_snitch: SimpleSnitch
                commitlog_sync: periodic
                commitlog_sync_period: 10000ms
                data_file_directories: ["@home@/data"]
                commitlog_directory: "@home@/commitlog"
                saved_caches_directory: "@home@/saved_caches"
                hints_directory: "@home@/hints"
                cdc_raw_directory: "@home@/cdc"
                authenticator: PasswordAuthenticator
                authorizer: CassandraAuthorizer
                client_encryption_options:
                  enabled: true
                  keystore: "%1$s"
                  keystore_password: "%2$s"
                """.formatted(tls.keyStore(), tls.password());
    }

    private static String driver(TlsStore tls) {
        return """
                datastax-java-driver {
                  advanced.auth-provider {
                    class = PlainTextAuthProvider
                    username = %1$s
                    password = %1$s
                  }
                  advanced.ssl-engine-factory {
                    class = DefaultSslEngineFactory
                    truststore-path = "%2$s"
                    truststore-password = "%3$s"
                  }
                }
                """.formatted(CASSANDRA_USER, tls.keyStore(), tls.password());
    }
}
