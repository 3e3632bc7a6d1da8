import java.io.*;
import java.nio.charset.StandardCharsets;
import java.util.*;
import org.eclipse.paho.mqttv5.client.*;
import org.eclipse.paho.mqttv5.common.*;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/**
 * A chat client for the terminal on Eclipse Paho 1.2.5, MQTT 5: {@code java -cp JAR Client.java HOST PORT USER TO}, with a token in PARLEY_TOKEN. Each line that it reads is
 * sent to TO, a conversation or @user. What comes is stored, printed, and then acknowledged.
 */
public class Client implements MqttCallback {
    final Map<String, Long> stored = new HashMap<>(); // up to which seq each conversation is
    final FileOutputStream store;

    Client(File file) throws IOException {
        if (file.exists()) {
            java.nio.file.Files.readAllLines(file.toPath()).forEach(line -> isNew(line.split(" ", 2)[0], line.split(" ", 2)[1]));
        }
        store = new FileOutputStream(file, true);
    }

    public static void main(String[] args) throws Exception {
        String user = args[2];
        // What is not acknowledged is kept in files of this folder.
        MqttAsyncClient client = new MqttAsyncClient("tcp://" + args[0] + ":" + args[1], user + "/quick-start", new org.eclipse.paho.mqttv5.client.persist.MqttDefaultFilePersistence("."));
        DisconnectedBufferOptions buffer = new DisconnectedBufferOptions();
        buffer.setBufferEnabled(true);
        client.setBufferOpts(buffer);
        client.setCallback(new Client(new File("received-" + user + ".jsonl")));
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setUserName(user);
        options.setPassword(System.getenv("PARLEY_TOKEN").getBytes(StandardCharsets.UTF_8));
        options.setCleanStart(false);
        options.setSessionExpiryInterval(7L * 24 * 3600);
        options.setKeepAliveInterval(50);
        options.setAutomaticReconnect(true);
        options.setAutomaticReconnectDelay(1, 30);
        client.connect(options).waitForCompletion();
        client.subscribe(new String[] {"chat/+/msg", "user/" + user + "/reply"}, new int[] {1, 1}).waitForCompletion();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            // The id makes it one message however often it is sent.
            String message = "{\"id\":\"" + UUID.randomUUID() + "\",\"text\":\"" + line.replace("\\", "\\\\").replace("\"", "\\\"") + "\"}";
            client.publish("chat/" + args[3] + "/msg", message.getBytes(StandardCharsets.UTF_8), 1, false);
        }
        client.disconnect().waitForCompletion();
        client.close();
    }

    /** Paho acknowledges when this method returns, and not if it throws. */
    @Override public void messageArrived(String topic, MqttMessage message) throws IOException {
        String json = new String(message.getPayload(), StandardCharsets.UTF_8);
        if (!topic.startsWith("chat/") || isNew(topic, json)) {
            store.write((topic + " " + json + "\n").getBytes(StandardCharsets.UTF_8));
            store.getFD().sync();
            System.out.println(json);
        }
    }

    /** An event begins with its seq; use a JSON library for the rest. */
    boolean isNew(String topic, String json) {
        if (!json.startsWith("{\"seq\":")) return false;
        long seq = Long.parseLong(json.substring(7).split("\\D", 2)[0]);
        boolean isNew = seq > stored.getOrDefault(topic, 0L);
        stored.merge(topic, seq, Math::max);
        return isNew;
    }

    @Override public void disconnected(MqttDisconnectResponse response) {}
    @Override public void mqttErrorOccurred(MqttException exception) {}
    @Override public void deliveryComplete(IMqttToken token) {}
    @Override public void connectComplete(boolean reconnect, String serverUri) {}
    @Override public void authPacketArrived(int reasonCode, MqttProperties properties) {}
}
