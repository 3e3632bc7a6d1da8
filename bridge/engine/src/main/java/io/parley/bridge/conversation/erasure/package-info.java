/** A user is erased from a conversation. */
@NullMarked
package io.parley.bridge.conversation.erasure;

import org.jspecify.annotations.NullMarked;
