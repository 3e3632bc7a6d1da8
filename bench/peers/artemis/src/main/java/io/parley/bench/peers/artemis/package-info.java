/** Apache ActiveMQ Artemis with its MQTT protocol, to compare with. Nothing of Parley comes in here. */
@NullMarked
package io.parley.bench.peers.artemis;

import org.jspecify.annotations.NullMarked;
