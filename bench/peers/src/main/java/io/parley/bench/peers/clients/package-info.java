/** One account of any server that is compared: the same interface for MQTT and XMPP. Nothing of a server comes in here. */
@NullMarked
package io.parley.bench.peers.clients;

import org.jspecify.annotations.NullMarked;
