package io.parley.standalone.prove;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Rules of iptables about the packets of one process. All processes have the same address when they connect, so a rule knows its process by a cgroup (net_cls), which holds for
 * sockets that are open already, too. Answers are known by a mark on the connection. Needs root; leaves no rule behind when it is closed. Thread-safe.
 */
final class Firewall implements AutoCloseable {
    private static final String CHAIN = "PARLEY-PROVE";
    private static final int FIRST_CLASS = 0x50410001;
    private static final Path CONTROLLERS = Path.of("/proc/cgroups");

    private final Path cgroups;
    private int classes;

    /** A rule: the table, and what follows the name of the chain. */
    record Rule(String table, List<String> words) {
        static Rule of(String table, String... words) {
            return new Rule(table, List.of(words));
        }
    }

    private Firewall(Path cgroups) {
        this.cgroups = cgroups;
    }

    /** Why there can be none, and what to do; empty if there can. */
    static Optional<String> lacks() {
        try {
            if (!"root".equals(System.getProperty("user.name"))) {
                return Optional.of("only root may change rules about packets");
            }
            if (!Commands.has("iptables")) {
                return Optional.of("there is no iptables (Debian: apt-get install iptables)");
            }
            if (Files.notExists(CONTROLLERS)
                    || Files.readAllLines(CONTROLLERS).stream().noneMatch(line -> line.startsWith("net_cls"))) {
                return Optional.of("the kernel has no net_cls");
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("cannot read " + CONTROLLERS);
        }
    }

    static Firewall open() throws IOException {
        Path mounted = Files.createTempDirectory("parley-prove-net-cls");
        Commands.run("mount", "-t", "cgroup", "-o", "net_cls", "net_cls", mounted.toString());
        Firewall firewall = new Firewall(mounted);
        for (String table : List.of("mangle", "filter")) {
            firewall.removeChain(table);
            iptables(table, "-N", CHAIN);
            iptables(table, "-I", "OUTPUT", "-j", CHAIN);
        }
        return firewall;
    }

    private void removeChain(String table) {
        for (List<String> step :
                List.of(List.of("-D", "OUTPUT", "-j", CHAIN), List.of("-F", CHAIN), List.of("-X", CHAIN))) {
            try {
                iptables(table, step.toArray(String[]::new));
            } catch (IOException none) {
                // A run before has left none.
            }
        }
    }

    /** A class of processes, of which rules know the packets. */
    synchronized int newClass() throws IOException {
        int id = FIRST_CLASS + classes++;
        Path folder = Files.createDirectories(folder(id));
        Files.writeString(folder.resolve("net_cls.classid"), String.valueOf(id));
        return id;
    }

    /** Puts a process, and the sockets that it has, into a class. */
    void enter(int id, long pid) throws IOException {
        Files.writeString(folder(id).resolve("cgroup.procs"), String.valueOf(pid));
    }

    /** Puts a process back into no class. */
    void leave(long pid) throws IOException {
        Files.writeString(cgroups.resolve("cgroup.procs"), String.valueOf(pid));
    }

    private Path folder(int id) {
        return cgroups.resolve("parley-prove-" + Integer.toHexString(id));
    }

    /** What a process of that class says to that listener, or hears from there, is dropped. */
    static List<Rule> drops(int client, InetSocketAddress server, Direction direction) {
        String host = server.getHostString();
        String port = String.valueOf(server.getPort());
        String id = String.valueOf(client);
        List<Rule> rules = new ArrayList<>();
        if (direction != Direction.SENT) {
            rules.add(Rule.of(
                    "mangle",
                    "-p",
                    "tcp",
                    "-d",
                    host,
                    "--dport",
                    port,
                    "-m",
                    "cgroup",
                    "--cgroup",
                    id,
                    "-j",
                    "CONNMARK",
                    "--set-mark",
                    id));
            rules.add(Rule.of(
                    "filter", "-p", "tcp", "-s", host, "--sport", port, "-m", "connmark", "--mark", id, "-j", "DROP"));
        }
        if (direction != Direction.RECEIVED) {
            rules.add(Rule.of(
                    "filter", "-p", "tcp", "-d", host, "--dport", port, "-m", "cgroup", "--cgroup", id, "-j", "DROP"));
        }
        return rules;
    }

    /** Some of the packets to and from that listener are lost. */
    static List<Rule> losses(InetSocketAddress server, int percent) {
        String host = server.getHostString();
        String port = String.valueOf(server.getPort());
        String share = String.valueOf(percent / 100.0);
        return List.of(
                Rule.of(
                        "filter",
                        "-p",
                        "tcp",
                        "-d",
                        host,
                        "--dport",
                        port,
                        "-m",
                        "statistic",
                        "--mode",
                        "random",
                        "--probability",
                        share,
                        "-j",
                        "DROP"),
                Rule.of(
                        "filter",
                        "-p",
                        "tcp",
                        "-s",
                        host,
                        "--sport",
                        port,
                        "-m",
                        "statistic",
                        "--mode",
                        "random",
                        "--probability",
                        share,
                        "-j",
                        "DROP"));
    }

    synchronized void add(List<Rule> rules) throws IOException {
        for (Rule rule : rules) {
            change("-A", rule);
        }
    }

    synchronized void remove(List<Rule> rules) throws IOException {
        for (Rule rule : rules) {
            change("-D", rule);
        }
    }

    private static void change(String how, Rule rule) throws IOException {
        List<String> words = new ArrayList<>(List.of(how, CHAIN));
        words.addAll(rule.words());
        iptables(rule.table(), words.toArray(String[]::new));
    }

    private static void iptables(String table, String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of("iptables", "-w", "-t", table));
        command.addAll(List.of(words));
        Commands.run(command.toArray(String[]::new));
    }

    @Override
    public void close() throws IOException {
        removeChain("mangle");
        removeChain("filter");
        for (int i = 0; i < classes; i++) {
            Path folder = folder(FIRST_CLASS + i);
            for (String pid : Files.readAllLines(folder.resolve("cgroup.procs"))) {
                leave(Long.parseLong(pid));
            }
            Files.delete(folder);
        }
        Commands.run("umount", cgroups.toString());
        Files.delete(cgroups);
    }
}
