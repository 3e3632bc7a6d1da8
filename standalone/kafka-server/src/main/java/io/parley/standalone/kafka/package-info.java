/** A single Kafka node (broker and controller) in a process of its own. Its class path is Kafka's: no other module comes in here. */
@NullMarked
package io.parley.standalone.kafka;

import org.jspecify.annotations.NullMarked;
