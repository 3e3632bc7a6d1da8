package io.parley.bench.peers.servers;

import io.parley.bench.peers.clients.Destination;
import io.parley.bench.peers.clients.Inbox;
import io.parley.bench.peers.clients.PeerClient;
import io.parley.bench.peers.clients.XmppPeerClient;
import io.parley.bench.peers.report.Facts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** ejabberd of the system with everything in PostgreSQL: accounts, archive, offline messages, rooms. */
final class EjabberdPeer implements Peer {
    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Path LIBRARIES = Path.of("/usr/lib/x86_64-linux-gnu");
    private static final String DOMAIN = "localhost";
    private static final String PASSWORD = "compare";

    private final Facts facts;
    private final Path directory;
    private final Path program;
    private final int port = Ports.free();
    private final Postgres postgres;
    private final ExecutorService threads = Executors.newFixedThreadPool(32, task -> {
        Thread thread = new Thread(task, "xmpp");
        thread.setDaemon(true);
        return thread;
    });
    private volatile List<ServerProcess> running = List.of();

    /** @param program {@code erl} */
    EjabberdPeer(Path program, Path libraries, Path directory, Path postgresPrograms)
            throws IOException, InterruptedException {
        this.directory = directory;
        this.program = program;
        this.postgres = new Postgres(postgresPrograms, directory.resolve("postgres"));
        this.facts = new Facts(
                "ejabberd",
                "ejabberd " + version(libraries) + ", " + postgres.version(),
                "SQL storage, mod_mam for all, no shaper, offline messages without limit, 20 connections to PostgreSQL (its defaults: fsync, synchronous_commit)",
                "in PostgreSQL's log, synced",
                "by sender",
                "yes (XEP-0313)",
                "room, members join");
    }

    /** Where Debian has ejabberd, if it is installed. */
    static Optional<Path> libraries() throws IOException {
        if (!Files.isDirectory(LIBRARIES)) {
            return Optional.empty();
        }
        try (Stream<Path> found = Files.list(LIBRARIES)) {
            return found.filter(one -> one.getFileName().toString().startsWith("ejabberd-"))
                    .min(Comparator.naturalOrder());
        }
    }

    private static String version(Path libraries) {
        return libraries.getFileName().toString().replace("ejabberd-", "");
    }

    private String configuration() {
        return """
                hosts: [%1$s]
                loglevel: warning
                default_db: sql
                auth_method: sql
                auth_password_format: plain
                sql_type: pgsql
                sql_server: "127.0.0.1"
                sql_port: %3$d
                sql_database: ejabberd
                sql_username: %4$s
                sql_password: ""
                sql_pool_size: 20
                listen:
                  -
                    port: %2$d
                    ip: "127.0.0.1"
                    module: ejabberd_c2s
                    max_stanza_size: 262144
                    access: c2s
                acl:
                  local:
                    user_regexp: ""
                access_rules:
                  local:
                    allow: local
                  c2s:
                    allow: all
                shaper_rules:
                  max_user_sessions: 10
                  max_user_offline_messages: infinity
                modules:
                  mod_disco: {}
                  mod_stream_mgmt:
                    resend_on_timeout: if_offline
                  mod_offline:
                    access_max_user_messages: max_user_offline_messages
                  mod_mam:
                    default: always
                  mod_muc:
                    access_create: local
                    default_room_options:
                      persistent: true
                      mam: true
                  mod_ping: {}
                  mod_roster: {}
                """.formatted(DOMAIN, port, postgres.port(), Postgres.USER);
    }

    @Override
    public Facts facts() {
        return facts;
    }

    @Override
    public void start() throws IOException, InterruptedException {
        boolean fresh = postgres.prepare();
        postgres.start();
        if (fresh) {
            postgres.createDatabase("ejabberd", Path.of("/usr/share/ejabberd/sql/pg.sql"));
        }
        Path configuration = Files.writeString(directory.resolve("ejabberd.yml"), configuration());
        ServerProcess process = ServerProcess.start(
                "ejabberd",
                directory,
                List.of(
                        program.toString(),
                        "-noinput",
                        "+K",
                        "true",
                        "+P",
                        "250000",
                        "-mnesia",
                        "dir",
                        '"' + directory.resolve("mnesia").toString() + '"',
                        "-s",
                        "ejabberd"),
                Map.of(
                        "EJABBERD_CONFIG_PATH",
                        configuration.toString(),
                        "EJABBERD_LOG_PATH",
                        directory.resolve("ejabberd-server.log").toString(),
                        "ERL_LIBS",
                        LIBRARIES.toString(),
                        "HOME",
                        directory.toString()));
        running = List.of(process);
        Ports.await(port, process, START_LIMIT);
    }

    @Override
    public void kill() throws InterruptedException {
        for (ServerProcess process : running) {
            process.kill();
        }
        postgres.kill();
    }

    @Override
    public List<ProcessHandle> processes() {
        return Stream.concat(running.stream().flatMap(process -> process.all().stream()), postgres.processes().stream())
                .toList();
    }

    @Override
    public void register(List<String> accounts) throws IOException, InterruptedException {
        postgres.execute(
                "ejabberd",
                accounts.stream()
                        .map(account -> "('" + account + "', '" + PASSWORD + "')")
                        .collect(Collectors.joining(", ", "insert into users (username, password) values ", ";")));
    }

    @Override
    public PeerClient client(String account, Inbox inbox) throws IOException {
        return new XmppPeerClient(DOMAIN, port, account, PASSWORD, inbox, threads);
    }

    @Override
    public Destination direct(String from, String to) {
        return new Destination(to + "@" + DOMAIN, false);
    }

    @Override
    public Destination group(String name, List<String> members) {
        return new Destination(name + "@conference." + DOMAIN, true);
    }

    @Override
    public void close() {
        running.forEach(ServerProcess::stop);
        postgres.close();
        threads.shutdownNow();
    }
}
