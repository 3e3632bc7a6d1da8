/** The only place that knows HiveMQ's insides (everything of com.hivemq outside the extension SDK): the channel handler that takes the chat topics. */
@NullMarked
package io.parley.broker.netty;

import org.jspecify.annotations.NullMarked;
