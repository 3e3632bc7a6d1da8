// Not tested. A chat client on hivemq-mqtt-client 1.3, which runs on Android, too. See ../java-hivemq/Client.java, which is tested: this says the same.
import com.hivemq.client.mqtt.MqttGlobalPublishFilter
import com.hivemq.client.mqtt.datatypes.MqttQos
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client
import com.hivemq.client.mqtt.mqtt5.lifecycle.Mqtt5ClientReconnector
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5Connect
import java.io.File
import java.io.FileOutputStream
import java.util.UUID

fun main(args: Array<String>) {
    val (host, port, user, to) = args
    val file = File("received-$user.jsonl")
    val stored = HashMap<String, Long>() // up to which seq each conversation is

    // An event begins with its seq; use a JSON library for the rest.
    fun isNew(topic: String, json: String): Boolean {
        val seq = Regex("^\\{\"seq\":(\\d+)").find(json)?.groupValues?.get(1)?.toLong() ?: return false
        return (seq > (stored[topic] ?: 0)).also { if (it) stored[topic] = seq }
    }
    if (file.exists()) file.forEachLine { line -> isNew(line.substringBefore(' '), line.substringAfter(' ')) }
    val store = FileOutputStream(file, true)

    val connect = Mqtt5Connect.builder()
        .cleanStart(false).sessionExpiryInterval(7 * 24 * 3600).keepAlive(50)
        .simpleAuth().username(user).password(System.getenv("PARLEY_TOKEN").toByteArray()).applySimpleAuth()
        .build()
    val client = Mqtt5Client.builder()
        .identifier("$user/quick-start")
        .serverHost(host).serverPort(port.toInt())
        .automaticReconnectWithDefaultConfig()
        // By itself it would begin anew where the server has no session.
        .addDisconnectedListener { context ->
            (context.reconnector as Mqtt5ClientReconnector).republishIfSessionExpired(true).connect(connect)
        }
        .buildAsync()
    client.publishes(MqttGlobalPublishFilter.ALL, { message ->
        val topic = message.topic.toString()
        val json = String(message.payloadAsBytes)
        if (!topic.startsWith("chat/") || isNew(topic, json)) {
            store.write("$topic $json\n".toByteArray())
            store.fd.sync()
            println(json)
        }
        message.acknowledge()
    }, true)
    client.connect(connect).get()
    for (filter in listOf("chat/+/msg", "user/$user/reply")) {
        client.subscribeWith().topicFilter(filter).qos(MqttQos.AT_LEAST_ONCE).send().get()
    }
    for (line in generateSequence(::readLine)) {
        // The id makes it one message however often it is sent.
        val text = line.replace("\\", "\\\\").replace("\"", "\\\"")
        client.publishWith().topic("chat/$to/msg").qos(MqttQos.AT_LEAST_ONCE)
            .payload("""{"id":"${UUID.randomUUID()}","text":"$text"}""".toByteArray()).send()
    }
    client.disconnect().get()
}
