import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.lifecycle.Mqtt5ClientReconnector;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5Connect;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.util.*;

/**
 * A chat client for the terminal on hivemq-mqtt-client 1.3: {@code java -cp JARS Client.java HOST PORT USER TO}, with a token in PARLEY_TOKEN. Each line that it reads is
 * sent to TO, a conversation or @user. What comes is stored, printed, and then acknowledged.
 */
public class Client {
    static final Map<String, Long> stored = new HashMap<>(); // up to which seq each conversation is

    public static void main(String[] args) throws Exception {
        String user = args[2];
        File file = new File("received-" + user + ".jsonl");
        if (file.exists()) {
            java.nio.file.Files.readAllLines(file.toPath()).forEach(line -> isNew(line.split(" ", 2)[0], line.split(" ", 2)[1]));
        }
        FileOutputStream store = new FileOutputStream(file, true);
        Mqtt5Connect connect = Mqtt5Connect.builder()
                .cleanStart(false).sessionExpiryInterval(7 * 24 * 3600).keepAlive(50)
                .simpleAuth().username(user).password(System.getenv("PARLEY_TOKEN").getBytes(StandardCharsets.UTF_8)).applySimpleAuth()
                .build();
        Mqtt5AsyncClient client = Mqtt5Client.builder()
                .identifier(user + "/quick-start")
                .serverHost(args[0]).serverPort(Integer.parseInt(args[1]))
                .automaticReconnectWithDefaultConfig()
                // By itself it would begin anew where the server has no session.
                .addDisconnectedListener(context -> ((Mqtt5ClientReconnector) context.getReconnector())
                        .republishIfSessionExpired(true).connect(connect))
                .buildAsync();
        client.publishes(MqttGlobalPublishFilter.ALL, message -> received(message, store), true);
        client.connect(connect).get();
        client.subscribeWith().topicFilter("chat/+/msg").qos(MqttQos.AT_LEAST_ONCE).send().get();
        client.subscribeWith().topicFilter("user/" + user + "/reply").qos(MqttQos.AT_LEAST_ONCE).send().get();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            // The id makes it one message however often it is sent.
            String message = "{\"id\":\"" + UUID.randomUUID() + "\",\"text\":\"" + line.replace("\\", "\\\\").replace("\"", "\\\"") + "\"}";
            client.publishWith().topic("chat/" + args[3] + "/msg").qos(MqttQos.AT_LEAST_ONCE).payload(message.getBytes(StandardCharsets.UTF_8)).send()
                    .whenComplete((sent, failure) -> { if (failure != null) System.out.println("refused: " + failure.getMessage()); });
        }
        client.disconnect().get();
    }

    static void received(Mqtt5Publish message, FileOutputStream store) {
        String topic = message.getTopic().toString();
        String json = new String(message.getPayloadAsBytes(), StandardCharsets.UTF_8);
        try {
            if (!topic.startsWith("chat/") || isNew(topic, json)) {
                store.write((topic + " " + json + "\n").getBytes(StandardCharsets.UTF_8));
                store.getFD().sync();
                System.out.println(json);
            }
            message.acknowledge();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An event begins with its seq; use a JSON library for the rest. */
    static boolean isNew(String topic, String json) {
        if (!json.startsWith("{\"seq\":")) return false;
        long seq = Long.parseLong(json.substring(7).split("\\D", 2)[0]);
        boolean isNew = seq > stored.getOrDefault(topic, 0L);
        stored.merge(topic, seq, Math::max);
        return isNew;
    }
}
