/** HiveMQ Community Edition as it comes, without Parley's extension, to compare with. Nothing of Parley comes in here. */
@NullMarked
package io.parley.bench.peers.hivemq;

import org.jspecify.annotations.NullMarked;
