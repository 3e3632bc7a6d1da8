/** Tests of the channel handler, alone and in a running HiveMQ. */
@NullMarked
package io.parley.broker.netty;

import org.jspecify.annotations.NullMarked;
