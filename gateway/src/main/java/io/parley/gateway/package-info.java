/**
 * What a device's session does, whatever transport it comes by. No HiveMQ, no HTTP and no Cassandra may come in here.
 */
@NullMarked
package io.parley.gateway;

import org.jspecify.annotations.NullMarked;
