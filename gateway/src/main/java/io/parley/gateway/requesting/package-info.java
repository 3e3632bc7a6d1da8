/** What a device asks for on user/{me}/request. No MQTT and no HiveMQ come in here. */
@NullMarked
package io.parley.gateway.requesting;

import org.jspecify.annotations.NullMarked;
