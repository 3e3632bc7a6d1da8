/** The log's side of the push service: reads notifications, and writes what has to be known of their ends. Kafka only comes in here. */
@NullMarked
package io.parley.push.log;

import org.jspecify.annotations.NullMarked;
