/** The command, and the comparison with real servers. */
@NullMarked
package io.parley.bench.peers;

import org.jspecify.annotations.NullMarked;
