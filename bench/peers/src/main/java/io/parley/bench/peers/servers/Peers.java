package io.parley.bench.peers.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The servers that can be compared, by name. */
public final class Peers {
    /** In the order of the table. */
    public static final List<String> NAMES =
            List.of("mosquitto", "mosquitto-autosave", "hivemq", "artemis", "ejabberd", "parley");

    private static final Path POSTGRES = Path.of("/usr/lib/postgresql");

    private final Path home;

    /** @param home the built project */
    public Peers(Path home) {
        this.home = home;
    }

    /** What to install for it; empty if it is there. */
    public Optional<String> missing(String name) throws IOException {
        return switch (name) {
            case "mosquitto", "mosquitto-autosave" ->
                need(Programs.find("mosquitto").isPresent(), name, "mosquitto");
            case "ejabberd" ->
                need(
                        EjabberdPeer.libraries().isPresent()
                                && Programs.find("erl").isPresent()
                                && postgres().isPresent(),
                        name,
                        "ejabberd erlang-p1-pgsql postgresql");
            default -> Optional.empty();
        };
    }

    private static Optional<String> need(boolean isThere, String name, String packages) {
        return isThere
                ? Optional.empty()
                : Optional.of(name + " is left out: install it (Debian: apt-get install " + packages + ")");
    }

    /** Sets one up with its data in a directory that is its own; it does not run yet. */
    public Peer open(String name, Path directory) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        return switch (name) {
            case "mosquitto" -> Brokers.mosquitto(program("mosquitto"), directory, false);
            case "mosquitto-autosave" -> Brokers.mosquitto(program("mosquitto"), directory, true);
            case "hivemq" -> Brokers.hivemq(home, directory);
            case "artemis" -> Brokers.artemis(home, directory);
            case "ejabberd" ->
                new EjabberdPeer(
                        program("erl"),
                        EjabberdPeer.libraries().orElseThrow(),
                        directory,
                        postgres().orElseThrow());
            case "parley" -> new ParleyPeer(home, directory);
            default ->
                throw new IllegalArgumentException(
                        "--peers: there is no " + name + ", only " + String.join(", ", NAMES));
        };
    }

    private static Path program(String name) {
        return Programs.find(name).orElseThrow();
    }

    /** The folder of the newest PostgreSQL's programs. */
    private static Optional<Path> postgres() throws IOException {
        if (!Files.isDirectory(POSTGRES)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(POSTGRES)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(programs -> Files.isExecutable(programs.resolve("postgres")))
                    .max(Comparator.comparing(Path::toString));
        }
    }
}
