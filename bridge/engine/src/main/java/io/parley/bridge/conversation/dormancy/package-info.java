/** What a conversation forgets when its window is over, and what is left of one in which nothing is said. */
@NullMarked
package io.parley.bridge.conversation.dormancy;

import org.jspecify.annotations.NullMarked;
