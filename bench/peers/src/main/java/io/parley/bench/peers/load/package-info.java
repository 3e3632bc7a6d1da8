/** What is played with a server that is compared, and how it is counted. It knows servers and clients by their interfaces only. */
@NullMarked
package io.parley.bench.peers.load;

import org.jspecify.annotations.NullMarked;
