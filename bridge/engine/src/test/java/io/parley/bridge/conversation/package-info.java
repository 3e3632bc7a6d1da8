/** The rules of a conversation, under random commands. */
@NullMarked
package io.parley.bridge.conversation;

import org.jspecify.annotations.NullMarked;
