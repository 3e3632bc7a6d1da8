package io.parley.standalone.cli;

import io.parley.runtime.Settings;
import io.parley.standalone.Addresses;
import io.parley.standalone.Installation;
import io.parley.standalone.Layout;
import io.parley.standalone.Platform;
import io.parley.standalone.PlatformException;
import io.parley.standalone.PluginsFolder;
import io.parley.standalone.Progress;
import io.parley.standalone.PushCredentials;
import io.parley.standalone.RoleName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts the platform and stays until Ctrl-C, or leaves it running. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = {
            "Starts the whole platform on loopback: Kafka, Cassandra, engine, broker, history; and the push service with --push, with",
            "--push-sink, or when the credentials of Apple, Google or Web Push are set (docs/push.md); and the plugin service when there is a",
            "plugin in DIR/plugins, or in PARLEY_PLUGINS (docs/plugins.md).",
            "",
            "Ports, set by environment variables or in the file named by PARLEY_CONFIG:",
            "  PARLEY_MQTT_PORT 1883               PARLEY_BROKER_OPERATIONS_PORT 8091",
            "  PARLEY_MQTT_TLS_PORT 8883           PARLEY_ENGINE_OPERATIONS_PORT 8092",
            "  PARLEY_WEBSOCKET_PORT 8083          PARLEY_KAFKA_PORT 19092",
            "  PARLEY_HTTP_PORT 8080               PARLEY_KAFKA_CONTROLLER_PORT 19093",
            "  PARLEY_CASSANDRA_PORT 19042         PARLEY_CASSANDRA_STORAGE_PORT 19700",
            "  PARLEY_PUSH_OPERATIONS_PORT 8093    PARLEY_PUSH_SINK_OPERATIONS_PORT 18093",
            "  PARLEY_PUSH_SINK_APNS_PORT 18094    PARLEY_PUSH_SINK_FCM_PORT 18095",
            "  PARLEY_PLUGINS_PORT 8096            PARLEY_PUSH_SINK_WEB_PUSH_PORT 18096",
            "  PARLEY_PLUGINS_OPERATIONS_PORT 8095",
            "PARLEY_COMPILERS=both lets the JVMs optimise what they run, =first does not: a third cheaper after some minutes, slow until",
            "then on a machine with few processors. Without it: both with four processors or more.",
            "It checks tokens with its own key and shows a self-signed TLS certificate, unless PARLEY_JWKS and PARLEY_TLS_KEYSTORE (or the",
            "file) name others.",
            "Logs: DIR/log.",
            ""
        })
final class UpCommand implements Callable<Integer> {
    @Mixin
    private DataOption data = new DataOption();

    @Option(names = "--detach", description = "Return when the platform is ready and leave it running.")
    private boolean detach;

    @Option(
            names = "--cluster",
            description = {
                "Start several of each: 3 Kafka brokers, 3 Cassandra nodes, 3 MQTT nodes (ports 1883, 1884, 1885), 2 engines,",
                "2 archivers, 2 HTTP services (8080, 8081) and the push service, on 127.0.0.1, 127.0.0.2 and 127.0.0.3."
            })
    private boolean cluster;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "ROLE",
            description =
                    "Start only these of kafka, cassandra, engine, archiver, broker, history, push, push-sink, plugins.")
    private List<RoleName> only = List.of();

    @Option(
            names = "--push",
            description = "Start the push service too, with the credentials that are set (docs/push.md).")
    private boolean push;

    @Option(
            names = "--push-sink",
            description = {
                "Start the push service, and servers on this machine in place of Apple's, Google's and the browsers'. What would",
                "be on the phones is shown by ./parley push-sink, and written to DIR/push-sink.jsonl. Nothing is sent elsewhere."
            })
    private boolean pushSink;

    @Override
    public Integer call() throws IOException, PlatformException, InterruptedException {
        Path directory = data.directory();
        Settings settings = Settings.load();
        Addresses addresses = Addresses.from(settings);
        Set<RoleName> roles = roles(settings, directory);
        Layout layout = cluster ? Layout.CLUSTER : Layout.ALONE;
        if (detach) {
            int exitCode = new DetachedPlatform(directory, layout, List.copyOf(roles)).start(System.out::println);
            return exitCode;
        }
        start(directory, addresses, roles, layout, System.out::println);
        new CountDownLatch(1).await();
        return 0;
    }

    private Set<RoleName> roles(Settings settings, Path directory) throws IOException {
        EnumSet<RoleName> roles = EnumSet.copyOf(only.isEmpty() ? RoleName.usual() : only);
        if (cluster && only.isEmpty()) {
            roles.add(RoleName.ARCHIVER);
            roles.add(RoleName.PUSH);
        }
        if (push || pushSink || (only.isEmpty() && PushCredentials.areIn(settings))) {
            roles.add(RoleName.PUSH);
        }
        if (only.isEmpty() && PluginsFolder.isUsed(PluginsFolder.of(settings, directory))) {
            roles.add(RoleName.PLUGINS);
        }
        if (pushSink) {
            roles.add(RoleName.PUSH_SINK);
        }
        return roles;
    }

    /** Starts a platform that stops with this process. */
    static Platform start(Path directory, Addresses addresses, Set<RoleName> roles, Layout layout, Progress progress)
            throws IOException, PlatformException {
        long startNanos = System.nanoTime();
        progress.line("starting Parley on " + directory);
        Platform platform = Platform.start(
                new Platform.Options(Installation.find(), directory, addresses, roles, layout, Map.of(), progress));
        progress.line(String.format(
                "%s after %.1f s:", DetachedPlatform.READY, (System.nanoTime() - startNanos) / 1_000_000_000.0));
        platform.plan().describe(progress);
        return platform;
    }
}
