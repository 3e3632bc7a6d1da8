package io.parley.push.webpush;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;

/**
 * Which addresses are in the public internet: not those of the registries of special addresses (<a
 * href="https://www.iana.org/assignments/iana-ipv4-special-registry">IPv4</a>, <a href="https://www.iana.org/assignments/iana-ipv6-special-registry">IPv6</a>).
 */
final class PublicAddress {
    private static final List<Block> NOT_PUBLIC_4 = List.of(
            Block.of(8, 0),
            Block.of(8, 10),
            Block.of(10, 100, 64),
            Block.of(8, 127),
            Block.of(16, 169, 254),
            Block.of(12, 172, 16),
            Block.of(24, 192, 0, 0),
            Block.of(24, 192, 0, 2),
            Block.of(24, 192, 88, 99),
            Block.of(16, 192, 168),
            Block.of(15, 198, 18),
            Block.of(24, 198, 51, 100),
            Block.of(24, 203, 0, 113),
            // Multicast, reserved, broadcast.
            Block.of(3, 224));
    /** Only this is given to hosts of the public internet. */
    private static final Block GLOBAL_6 = Block.of(3, 0x20);

    private static final List<Block> NOT_PUBLIC_6 = List.of(
            // Teredo and other protocols; they may hold an IPv4 address.
            Block.of(23, 0x20, 0x01, 0x00),
            Block.of(32, 0x20, 0x01, 0x0d, 0xb8),
            // 6to4 holds an IPv4 address.
            Block.of(16, 0x20, 0x02),
            Block.of(20, 0x3f, 0xff, 0x00));
    /** NAT64: the last four bytes are the IPv4 address that is reached. */
    private static final Block NAT64 = Block.of(96, 0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0);

    private static final int IPV4_IN_NAT64 = 12;

    private PublicAddress() {}

    /** A block of addresses: those that begin with the same bits. */
    private record Block(int bits, List<Integer> start) {
        static Block of(int bits, Integer... start) {
            return new Block(bits, List.of(start));
        }

        boolean has(byte[] address, int from) {
            for (int bit = 0; bit < bits; bit++) {
                int expected = bit / 8 < start.size() ? start.get(bit / 8) : 0;
                int mask = 0x80 >> (bit % 8);
                if ((address[from + bit / 8] & mask) != (expected & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    static boolean is(InetAddress address) {
        // An IPv6 address that maps an IPv4 address is an Inet4Address in Java.
        byte[] bytes = address.getAddress();
        if (address instanceof Inet4Address) {
            return isPublic4(bytes, 0);
        }
        if (NAT64.has(bytes, 0)) {
            return isPublic4(bytes, IPV4_IN_NAT64);
        }
        return GLOBAL_6.has(bytes, 0) && NOT_PUBLIC_6.stream().noneMatch(block -> block.has(bytes, 0));
    }

    private static boolean isPublic4(byte[] bytes, int from) {
        return NOT_PUBLIC_4.stream().noneMatch(block -> block.has(bytes, from));
    }
}
