/** Messages: send, edit, delete, react. What is remembered of them is in {@code window}. */
@NullMarked
package io.parley.bridge.conversation.message;

import org.jspecify.annotations.NullMarked;
