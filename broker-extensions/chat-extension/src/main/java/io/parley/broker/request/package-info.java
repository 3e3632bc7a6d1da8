/** What a device asks for on user/{me}/request. No MQTT and no HiveMQ come in here. */
@NullMarked
package io.parley.broker.request;

import org.jspecify.annotations.NullMarked;
