package io.parley.bench.peers.clients;

/**
 * Where a message goes.
 *
 * @param address as the server names it: a topic, or an XMPP address
 * @param isGroup whether it is a group, which clients join
 */
public record Destination(String address, boolean isGroup) {}
