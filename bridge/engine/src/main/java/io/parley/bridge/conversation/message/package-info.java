/** Messages: send, edit, delete, react; and what a conversation remembers of the last ones. What is sequenced gets its place in {@code sequence}. */
@NullMarked
package io.parley.bridge.conversation.message;

import org.jspecify.annotations.NullMarked;
