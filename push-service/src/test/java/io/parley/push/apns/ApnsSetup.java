package io.parley.push.apns;

import com.typesafe.config.ConfigFactory;
import io.parley.protocol.push.Alert;
import io.parley.protocol.push.Notification;
import io.parley.protocol.push.PushEnvironment;
import io.parley.protocol.push.PushPlatform;
import io.parley.protocol.push.PushToken;
import io.parley.push.provider.PushProvider;
import io.parley.push.secrets.TestCertificate;
import io.parley.runtime.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.HashMap;
import java.util.Map;

/** Providers from settings, as in the service's process, and notifications for them. */
final class ApnsSetup {
    static final String TOPIC = "chat.example";

    private ApnsSetup() {}

    /** A provider for the one app {@value #TOPIC}; {@code more} are settings without their {@code parley.push.}. */
    static PushProvider provider(TestCertificate server, int production, int sandbox, Map<String, Object> more) {
        return new ApnsFactory()
                .open(settings(server, production, sandbox, more))
                .orElseThrow();
    }

    static Settings settings(TestCertificate server, int production, int sandbox, Map<String, Object> more) {
        Map<String, Object> all = new HashMap<>();
        all.put("parley.push.apns.apps.main.topics", TOPIC);
        all.put("parley.push.apns.production.host", "localhost");
        all.put("parley.push.apns.production.port", production);
        all.put("parley.push.apns.production.trusted-certificates", server.pem().toString());
        all.put("parley.push.apns.sandbox.host", "localhost");
        all.put("parley.push.apns.sandbox.port", sandbox);
        all.put("parley.push.apns.sandbox.trusted-certificates", server.pem().toString());
        more.forEach((key, value) -> all.put("parley.push." + key, value));
        return Settings.of(ConfigFactory.parseMap(all)
                .withFallback(ConfigFactory.defaultReference())
                .resolve());
    }

    static Map<String, Object> keyed(Path keyFile) {
        return Map.of(
                "apns.apps.main.key-file", keyFile.toString(),
                "apns.apps.main.key-id", "KEY1234567",
                "apns.apps.main.team-id", "TEAM123456");
    }

    static KeyPair newKey() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    static Path write(Path file, KeyPair key) throws Exception {
        return Files.writeString(
                file, TestCertificate.pem("PRIVATE KEY", key.getPrivate().getEncoded()));
    }

    static PushToken token(String hex) {
        return PushToken.newBuilder()
                .setPlatform(PushPlatform.APNS)
                .setToken(hex)
                .build();
    }

    static PushToken sandboxToken(String hex) {
        return token(hex).toBuilder()
                .setEnvironment(PushEnvironment.SANDBOX)
                .setTopic(TOPIC)
                .build();
    }

    static Notification alert(String conversation, int seq) {
        return Notification.newBuilder()
                .setUser("ann")
                .setConversation(conversation)
                .setSeq(seq)
                .setBadge(4)
                .setAlert(Alert.newBuilder().setTitle("Ben").setSender("Ben").setBody("hi"))
                .build();
    }
}
