/** The rules of one conversation. Pure: no Kafka, no clock, no randomness; time comes with the command. */
@NullMarked
package io.parley.bridge.conversation;

import org.jspecify.annotations.NullMarked;
