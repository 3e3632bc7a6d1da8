package io.parley.bench.peers.report;

/**
 * Memory of all processes of a server (proportional set size), after the loads.
 *
 * @param mib before the additional connections
 * @param connections additional idle ones, each with a session
 * @param mibWithConnections with them
 */
public record Memory(double mib, int connections, double mibWithConnections) {

    /** KiB for each additional connection; not below 0. */
    public double kibEach() {
        return connections == 0 ? 0 : Math.max(0, (mibWithConnections - mib) * 1024 / connections);
    }
}
