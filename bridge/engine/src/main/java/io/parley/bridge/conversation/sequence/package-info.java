/** The sequence: what an event does to the rows. Knows the rows of every feature, because an event ends what they hold. */
@NullMarked
package io.parley.bridge.conversation.sequence;

import org.jspecify.annotations.NullMarked;
