package io.parley.push.webpush;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Keeps what users register from reaching this network: every address of a host must be a public one.
 *
 * <p>A name may resolve to another address when the HTTP client looks it up again. For that, whoever owns the name has to hit the moment at which the JVM's own cache
 * of names ({@code networkaddress.cache.ttl}, 30 s) forgets it. They gain a TCP connection and the begin of a TLS handshake: no request is sent before the server has
 * shown a valid certificate for the name, which a server of this network does not have. Who needs more names the hosts, or sends through a firewall.
 */
final class AddressRules {
    private final Names names;
    private final boolean local;

    /** How names are resolved. */
    @FunctionalInterface
    interface Names {
        InetAddress[] addressesOf(String host) throws UnknownHostException;
    }

    /**
     * Rules.
     *
     * @param local whether addresses of private networks are allowed
     */
    AddressRules(Names names, boolean local) {
        this.names = names;
        this.local = local;
    }

    /**
     * Whether all addresses of a host may be connected to. Blocks while it is looked up.
     *
     * @throws UnknownHostException when it has no address
     */
    boolean allow(String host) throws UnknownHostException {
        // An IPv6 address stands in brackets.
        String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        InetAddress[] addresses = names.addressesOf(name);
        return addresses.length > 0 && (local || Arrays.stream(addresses).allMatch(PublicAddress::is));
    }
}
