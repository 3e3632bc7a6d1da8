/** Accounting, without a server. */
@NullMarked
package io.parley.bench.peers.load;

import org.jspecify.annotations.NullMarked;
