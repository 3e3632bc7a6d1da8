/** What travels between devices and services: ids, topic names and codecs. No network, no clock, no Kafka, no MQTT library. */
@NullMarked
package io.parley.protocol;

import org.jspecify.annotations.NullMarked;
