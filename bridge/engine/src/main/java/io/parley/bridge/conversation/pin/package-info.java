/** Pinned messages. */
@NullMarked
package io.parley.bridge.conversation.pin;

import org.jspecify.annotations.NullMarked;
