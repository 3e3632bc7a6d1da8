/**
 * What Cassandra keeps: the schema, what is written and how it is read. Nothing here knows Kafka, MQTT or HTTP.
 *
 * <p>Every cell carries the seq of the event that set it as its write time. So writing an event again, even after later ones,
 * changes nothing.
 */
@NullMarked
package io.parley.storage;

import org.jspecify.annotations.NullMarked;
