package io.parley.plugins;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.parley.plugins.authenticating.TokenDesk;
import io.parley.plugins.filtering.FilterChain;
import io.parley.plugins.hosting.PluginFolder;
import io.parley.plugins.hosting.PluginHost;
import io.parley.plugins.hosting.PluginStatus;
import io.parley.plugins.hosting.Services;
import io.parley.plugins.operating.NodeEndpoint;
import io.parley.plugins.pushing.PushDesk;
import io.parley.plugins.requesting.RequestDesk;
import io.parley.plugins.running.PluginCalls;
import io.parley.protocol.plugin.FilterAnswer;
import io.parley.protocol.plugin.FilterQuestion;
import io.parley.protocol.wire.Publication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** A folder of plugins and what runs of it, without a platform. */
final class HostedFolder implements AutoCloseable {
    final Path folder;
    final PluginHost host;
    final FilterChain chain;
    final List<String> restarts = new CopyOnWriteArrayList<>();

    HostedFolder(Path root, int failures) throws IOException {
        folder = Files.createDirectories(root.resolve("plugins"));
        Services services = new Services(
                new PluginCalls.Limits(2, 10),
                failures,
                bot -> {
                    throw new IllegalArgumentException("no bots here");
                },
                (plugin, subscription, calls, figures) -> {
                    throw new IllegalArgumentException("no events here");
                },
                new SimpleMeterRegistry(),
                restarts::add);
        host = new PluginHost(new PluginFolder(folder), Files.createDirectories(root.resolve("copies")), services);
        chain = new FilterChain(host::filters);
    }

    /** Puts an example there. */
    void add(String id, String settings) throws IOException {
        Files.writeString(folder.resolve(id + ".properties"), settings);
        // mvn test makes no jars.
        Path classes = Path.of("..", "broker-extensions", "example-plugin", id, "target", "classes");
        Path fresh = folder.resolve(id + ".new");
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(fresh), manifest(id, "1.x"));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                jar.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, jar);
            }
        }
        Files.move(fresh, folder.resolve(id + ".jar"));
    }

    static Manifest manifest(String id, String requires) {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Plugin-Id", id);
        manifest.getMainAttributes().putValue("Plugin-Version", "1.0.0");
        manifest.getMainAttributes().putValue("Plugin-Requires", requires);
        return manifest;
    }

    /** What other processes ask. */
    NodeEndpoint.Asked asked() {
        return new NodeEndpoint.Asked(
                chain, new RequestDesk(host), new TokenDesk(host::authenticators), new PushDesk(host));
    }

    FilterAnswer decide(String text) throws InterruptedException, ExecutionException {
        return chain.decide(FilterQuestion.newBuilder()
                        .setConversation("ann~ben")
                        .setUser("ann")
                        .setDevice("phone")
                        .setPublication(Publication.newBuilder().setId("m1").setText(text))
                        .build())
                .get();
    }

    PluginStatus status(String file) {
        return host.list().stream()
                .filter(one -> one.file().equals(file))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        host.close();
    }
}
