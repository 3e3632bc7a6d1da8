package io.parley.bench.peers.artemis;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;

/** Runs Artemis with a {@code broker.xml} until it is told to stop. */
public final class ArtemisMain {
    private ArtemisMain() {}

    /** @param args the file */
    public static void main(String[] args) throws Exception {
        EmbeddedActiveMQ artemis = new EmbeddedActiveMQ();
        artemis.setConfigResourcePath(Path.of(args[0]).toUri().toString());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(artemis), "stop"));
        artemis.start();
        new CountDownLatch(1).await();
    }

    private static void stop(EmbeddedActiveMQ artemis) {
        try {
            artemis.stop();
        } catch (Exception e) {
            System.err.println("Artemis did not stop in order: " + e);
        }
    }
}
