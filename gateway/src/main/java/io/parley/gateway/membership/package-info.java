/** How a node gets its slot and keeps it: the lease. No thread, no clock and no Kafka of its own. */
@NullMarked
package io.parley.gateway.membership;

import org.jspecify.annotations.NullMarked;
