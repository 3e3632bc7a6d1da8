package io.parley.broker;

import io.parley.broker.topics.TopicSettings;
import io.parley.gateway.delivering.SessionTerms;

/**
 * HiveMQ's {@code config.xml}: the listeners, and everything off that neither the chat nor topics beside it use. For devices of the chat topic aliases are off, too: Paho's MQTT 5 client sends an
 * un-acknowledged message again with the alias that it had on the connection before, and would be refused for ever.
 */
final class HiveConfiguration {
    /** The most bytes of one MQTT packet in. */
    static final int MAX_PACKET_BYTES = 256 * 1024;

    private static final int MAX_KEEP_ALIVE_SECONDS = 60;
    /** HiveMQ holds clients without a token to it. It never cuts a device of the chat, which is read on when there is room. */
    private static final int RECEIVE_MAXIMUM = 100;

    private HiveConfiguration() {}

    static String of(BrokerSettings settings) {
        TopicSettings topics = settings.topics();
        String bind = "<bind-address>" + xml(settings.bind()) + "</bind-address>";
        return """
                <?xml version="1.0"?>
                <hivemq>
                  <listeners>
                    <tcp-listener><port>%d</port>%s</tcp-listener>
                    %s
                    <websocket-listener><port>%d</port>%s<path>/mqtt</path>
                      <subprotocols><subprotocol>mqtt</subprotocol><subprotocol>mqttv3.1</subprotocol></subprotocols>
                    </websocket-listener>
                  </listeners>
                  <mqtt>
                    <session-expiry><max-interval>%d</max-interval></session-expiry>
                    <message-expiry><max-interval>%d</max-interval></message-expiry>
                    <queued-messages><max-queue-size>%d</max-queue-size><strategy>discard</strategy></queued-messages>
                    <keep-alive><allow-unlimited>false</allow-unlimited><max-keep-alive>%d</max-keep-alive></keep-alive>
                    <packets><max-packet-size>%d</max-packet-size></packets>
                    <receive-maximum><server-receive-maximum>%d</server-receive-maximum></receive-maximum>
                    <quality-of-service><max-qos>%d</max-qos></quality-of-service>
                    <topic-alias><enabled>%b</enabled></topic-alias>
                    <retained-messages><enabled>%b</enabled></retained-messages>
                    <shared-subscriptions><enabled>%b</enabled></shared-subscriptions>
                    <subscription-identifier><enabled>true</enabled></subscription-identifier>
                  </mqtt>
                  <restrictions>
                    <max-connections>%d</max-connections>
                    <no-connect-idle-timeout>%d</no-connect-idle-timeout>
                    <incoming-bandwidth-throttling>%d</incoming-bandwidth-throttling>
                  </restrictions>
                  <persistence><mode>in-memory</mode></persistence>
                  <anonymous-usage-statistics><enabled>false</enabled></anonymous-usage-statistics>
                </hivemq>
                """.formatted(
                        settings.mqttPort(),
                        bind,
                        tls(settings, bind),
                        settings.websocketPort(),
                        bind,
                        topics.open().isEmpty()
                                ? SessionTerms.MAX_EXPIRY_SECONDS
                                : topics.bounds().sessionExpiry().toSeconds(),
                        topics.longestExpirySeconds(),
                        topics.bounds().queued(),
                        MAX_KEEP_ALIVE_SECONDS,
                        MAX_PACKET_BYTES,
                        RECEIVE_MAXIMUM,
                        topics.isOn() ? 2 : 1,
                        !topics.open().isEmpty(),
                        topics.isOn(),
                        topics.isOn(),
                        settings.connections().most(),
                        settings.connections().connectTimeout().toMillis(),
                        settings.connections().bytesPerSecond());
    }

    private static String tls(BrokerSettings settings, String bind) {
        long handshakeMillis = settings.connections().connectTimeout().toMillis();
        return settings.tls()
                .map(it -> """
                <tls-tcp-listener><port>%d</port>%s
                      <tls><keystore><path>%s</path><password>%s</password><private-key-password>%s</private-key-password></keystore>
                        <handshake-timeout>%d</handshake-timeout></tls>
                    </tls-tcp-listener>""".formatted(
                                it.port(),
                                bind,
                                xml(it.keystore().toString()),
                                xml(it.password()),
                                xml(it.password()),
                                handshakeMillis))
                .orElse("");
    }

    private static String xml(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
