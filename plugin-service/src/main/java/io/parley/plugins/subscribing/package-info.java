/** How plugins are told of events: each subscription reads the log at its own pace. Kafka is known here only. */
@NullMarked
package io.parley.plugins.subscribing;

import org.jspecify.annotations.NullMarked;
