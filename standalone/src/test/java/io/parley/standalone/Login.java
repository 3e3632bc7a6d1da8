package io.parley.standalone;

import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.Mqtt5ClientBuilder;
import io.parley.protocol.UserId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** What a client connects with. */
public record Login(int port, String clientId, String userName, String password) {
    private static final Duration LIFETIME = Duration.ofMinutes(10);

    /** A good one. */
    public static Login of(Platform platform, UserId user, String device) {
        return new Login(
                platform.addresses().mqtt(), user + "/" + device, user.value(), platform.token(user, LIFETIME));
    }

    /** At another listener. */
    public Login withPort(int other) {
        return new Login(other, clientId, userName, password);
    }

    public Login withPassword(String other) {
        return new Login(port, clientId, userName, other);
    }

    public Login withClientId(String other) {
        return new Login(port, other, userName, password);
    }

    public Login withUserName(String other) {
        return new Login(port, clientId, other, password);
    }

    /** HiveMQ's client, ready to be built. */
    public Mqtt5ClientBuilder hiveMq() {
        return Mqtt5Client.builder()
                .identifier(clientId)
                .serverHost(Addresses.HOST)
                .serverPort(port)
                .simpleAuth()
                .username(userName)
                .password(passwordBytes())
                .applySimpleAuth();
    }

    public String uri() {
        return "tcp://" + Addresses.HOST + ":" + port;
    }

    public byte[] passwordBytes() {
        return password.getBytes(StandardCharsets.UTF_8);
    }
}
