package io.parley.standalone;

import io.parley.standalone.Site.Listener;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which processes a platform has, where each of them listens, and by which settings they belong together. */
public final class Plan {
    private final Layout layout;
    private final Set<RoleName> roles;
    private final List<Site> sites;
    private final Map<String, String> environment;

    Plan(Layout layout, Set<RoleName> roles, List<Site> sites, Map<String, String> environment) {
        this.layout = layout;
        this.roles = Set.copyOf(roles);
        this.sites = List.copyOf(sites);
        this.environment = Map.copyOf(environment);
    }

    Layout layout() {
        return layout;
    }

    Set<RoleName> roles() {
        return roles;
    }

    /** The processes, in the order in which they are listed. */
    public List<ProcessName> processes() {
        return sites.stream().map(Site::process).toList();
    }

    /** Whether it has several processes of a role. */
    public boolean isCluster() {
        return layout == Layout.CLUSTER;
    }

    /** The slot of an MQTT node or HTTP service of a cluster, which is its partition of the deliveries. */
    public Optional<String> slot(ProcessName process) {
        return sites.stream()
                .filter(site -> site.process().equals(process))
                .flatMap(site -> Stream.of(Layout.NODE_SLOT, Layout.HTTP_SLOT)
                        .filter(site.settings()::containsKey)
                        .map(site.settings()::get))
                .findFirst();
    }

    /** Where a process listens. */
    public List<InetSocketAddress> addresses(ProcessName process) {
        return sites.stream()
                .filter(site -> site.process().equals(process))
                .flatMap(site -> site.listeners().stream())
                .map(listener -> new InetSocketAddress(listener.host(), listener.number()))
                .toList();
    }

    /** Everything that will be listened on. */
    List<Listener> listeners() {
        return sites.stream().flatMap(site -> site.listeners().stream()).toList();
    }

    /** What every process and client is told of where things are. */
    Map<String, String> environment() {
        return environment;
    }

    /**
     * How each process is run.
     *
     * @param shared what every process is told
     */
    Map<ProcessName, Role> table(Map<String, String> shared, Path data) {
        boolean archiverAlone = roles.contains(RoleName.ARCHIVER);
        Map<ProcessName, Role> table = new LinkedHashMap<>();
        for (Site site : sites) {
            Map<String, String> own = new HashMap<>(shared);
            own.putAll(site.settings());
            if (site.process().role() == RoleName.ENGINE) {
                own.put(
                        "PARLEY_ENGINE_STATE",
                        data.resolve(site.process().toString()).toString());
            }
            table.put(site.process(), Roles.role(site, own, archiverAlone));
        }
        return table;
    }

    /**
     * Checks what can be known before anything listens.
     *
     * @throws PlatformException when two ports are the same, or one is none
     */
    void requireUsable() throws PlatformException {
        Map<String, Listener> byAddress = new TreeMap<>();
        for (Listener listener : listeners()) {
            Port port = listener.port();
            int number = listener.number();
            if (number == 0) {
                throw new PlatformException(port.variable() + " is 0: set it to a port from 1 to 65535");
            }
            if (number > Addresses.HIGHEST) {
                throw new PlatformException(port.variable() + " is too high: " + listener.process()
                        + " would listen on " + number + ", and the highest port is " + Addresses.HIGHEST);
            }
            Listener other = byAddress.putIfAbsent(listener.address(), listener);
            if (other != null) {
                throw new PlatformException("port " + number + " is set for " + said(other) + " and for "
                        + said(listener) + ": each needs one of its own");
            }
        }
    }

    private static String said(Listener listener) {
        String of = listener.process().number() > 1 ? " of " + listener.process() : "";
        return listener.port().title() + of + " (" + listener.port().variable() + ")";
    }

    /** A port that somebody else listens on already, if there is one. */
    Optional<Listener> firstTaken() {
        return listeners().stream().filter(Listener::isTaken).findFirst();
    }

    /** Says where everything is reached, a line for each port. */
    public void describe(Progress progress) {
        for (Listener listener : listeners()) {
            String of = listener.process().number() == 0 ? "" : " (" + listener.process() + ")";
            progress.line(String.format(
                    layout == Layout.ALONE ? "  %-28s %s" : "  %-42s %s",
                    listener.port().title() + of,
                    listener.shown()));
        }
    }

    /** The addresses of a role's port, separated by commas. */
    static String addresses(List<Site> sites, Port port, String prefix) {
        return sites.stream()
                .flatMap(site -> site.listeners().stream())
                .filter(listener -> listener.port() == port)
                .map(listener -> prefix + listener.address())
                .collect(Collectors.joining(","));
    }
}
