/** Ordinary MQTT beside the chat: which topics there are, who may do what there, and how much a node holds. No server's library comes in here. */
@NullMarked
package io.parley.broker.topics;

import org.jspecify.annotations.NullMarked;
