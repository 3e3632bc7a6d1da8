package io.parley.bench.peers.hivemq;

import com.hivemq.embedded.EmbeddedHiveMQ;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** Runs HiveMQ CE with the {@code conf/config.xml} of a directory, and its data there, until it is told to stop. */
public final class HiveMqMain {
    private HiveMqMain() {}

    /** @param args the directory */
    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        EmbeddedHiveMQ hive = EmbeddedHiveMQ.builder()
                .withConfigurationFolder(directory.resolve("conf"))
                .withDataFolder(Files.createDirectories(directory.resolve("data")))
                .withExtensionsFolder(Files.createDirectories(directory.resolve("extensions")))
                .withoutLoggingBootstrap()
                .build();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(hive), "stop"));
        hive.start().get();
        new CountDownLatch(1).await();
    }

    private static void close(EmbeddedHiveMQ hive) {
        try {
            hive.close();
        } catch (Exception e) {
            System.err.println("HiveMQ did not stop in order: " + e);
        }
    }
}
