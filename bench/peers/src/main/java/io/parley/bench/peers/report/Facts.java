package io.parley.bench.peers.report;

/**
 * What a server is and what it promises in the set-up that is measured. All texts are short, for a cell of a table.
 *
 * @param name of the server in this comparison
 * @param version of the programs
 * @param setup what differs from their defaults
 * @param durable what an acknowledgement proves
 * @param order in which order a message comes
 * @param archive whether messages can be read again after they were delivered
 * @param group how a message reaches many
 */
public record Facts(
        String name, String version, String setup, String durable, String order, String archive, String group) {}
