package io.parley.standalone;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** A client off the shelf, used the way its manual says; everything at QoS 1. */
interface ChatClient extends AutoCloseable {
    /** The kinds there are. */
    enum Kind {
        PAHO_3 {
            @Override
            ChatClient connect(Login login) throws Exception {
                return new PahoV3Client(login);
            }
        },
        PAHO_5 {
            @Override
            ChatClient connect(Login login) throws Exception {
                return new PahoV5Client(login);
            }
        },
        HIVEMQ_5 {
            @Override
            ChatClient connect(Login login) {
                return new HiveMqClient(login);
            }
        },
        MOSQUITTO {
            @Override
            ChatClient connect(Login login) {
                return new MosquittoClient(login);
            }
        };

        abstract ChatClient connect(Login login) throws Exception;
    }

    /** A message as it came. */
    record Received(String topic, String payload) {
        Received(String topic, byte[] payload) {
            this(topic, new String(payload, StandardCharsets.UTF_8));
        }
    }

    /** What is sent after the return, comes. */
    void subscribe(String filter) throws Exception;

    /** Returns when the message is acknowledged. */
    void publish(String topic, byte[] payload) throws Exception;

    default void publish(String topic, String payload) throws Exception {
        publish(topic, payload.getBytes(StandardCharsets.UTF_8));
    }

    /** What has come so far, in its order. */
    List<Received> received();

    @Override
    void close();
}
