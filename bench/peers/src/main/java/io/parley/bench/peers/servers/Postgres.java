package io.parley.bench.peers.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A PostgreSQL of the system with its defaults, in a directory of its own. It refuses to run as root: then it runs as {@code postgres}. */
final class Postgres implements AutoCloseable {
    static final String USER = "compare";
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final boolean IS_ROOT = "root".equals(System.getProperty("user.name"));

    private final Path programs;
    private final Path directory;
    private final int port = Ports.free();
    private volatile List<ServerProcess> running = List.of();

    /** @param programs the folder of {@code initdb} and {@code postgres} */
    Postgres(Path programs, Path directory) throws IOException {
        this.programs = programs;
        this.directory = directory;
    }

    int port() {
        return port;
    }

    String version() throws IOException, InterruptedException {
        return Programs.output(List.of(programs.resolve("postgres").toString(), "--version"))
                .replaceAll("^postgres \\(PostgreSQL\\) (\\S+).*", "PostgreSQL $1");
    }

    /** Makes the data directory. Returns false if it is there. */
    boolean prepare() throws IOException, InterruptedException {
        if (Files.exists(directory)) {
            return false;
        }
        Files.createDirectories(directory);
        if (IS_ROOT) {
            Files.setOwner(
                    directory,
                    directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postgres"));
        }
        run(List.of(programs.resolve("initdb").toString(), "-A", "trust", "-U", USER, "-D", data().toString()));
        return true;
    }

    private Path data() {
        return directory.resolve("data");
    }

    void start() throws IOException, InterruptedException {
        ServerProcess process = ServerProcess.start(
                "postgres",
                directory,
                asUser(List.of(
                        programs.resolve("postgres").toString(),
                        "-D",
                        data().toString(),
                        "-p",
                        Integer.toString(port),
                        "-h",
                        "127.0.0.1",
                        "-k",
                        directory.toString())),
                Map.of());
        running = List.of(process);
        Ports.await(port, process, START_LIMIT);
        awaitAnswers();
    }

    /** After a crash it listens before it has recovered. */
    private void awaitAnswers() throws IOException, InterruptedException {
        long deadlineNanos = System.nanoTime() + START_LIMIT.toNanos();
        while (!psql("postgres", "select 'up';").contains("up")) {
            if (System.nanoTime() > deadlineNanos) {
                throw new IOException("PostgreSQL does not answer (" + directory.resolve("postgres.log") + ")");
            }
            Thread.sleep(200);
        }
    }

    /** @param schema a file of SQL */
    void createDatabase(String name, Path schema) throws IOException, InterruptedException {
        psql("postgres", "create database " + name + ";");
        run(client(name, List.of("-f", schema.toString())));
    }

    void execute(String database, String sql) throws IOException, InterruptedException {
        String said = psql(database, sql);
        if (said.contains("ERROR")) {
            throw new IOException("PostgreSQL: " + said);
        }
    }

    private String psql(String database, String sql) throws IOException, InterruptedException {
        return Programs.output(client(database, List.of("-c", sql)));
    }

    private List<String> client(String database, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                programs.resolve("psql").toString(),
                "-q",
                "-h",
                "127.0.0.1",
                "-p",
                Integer.toString(port),
                "-U",
                USER,
                "-d",
                database));
        command.addAll(arguments);
        return command;
    }

    private void run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(asUser(command))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("setup.log").toFile()))
                .start();
        if (process.waitFor() != 0) {
            throw new IOException("PostgreSQL is not set up (" + directory.resolve("setup.log") + ")");
        }
    }

    private static List<String> asUser(List<String> command) {
        if (!IS_ROOT) {
            return command;
        }
        List<String> other =
                new ArrayList<>(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
        other.addAll(command);
        return other;
    }

    List<ProcessHandle> processes() {
        return running.stream().flatMap(process -> process.all().stream()).toList();
    }

    void kill() throws InterruptedException {
        for (ServerProcess process : running) {
            process.kill();
        }
    }

    @Override
    public void close() {
        running.forEach(ServerProcess::stop);
    }
}
